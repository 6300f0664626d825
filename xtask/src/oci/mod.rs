//! A module as an image that a registry keeps and Istio fetches.
//!
//! Istio's agent takes three shapes (`pkg/wasm/imagefetcher.go` of Istio 1.30). This is the one that
//! the specification it follows calls "compat": an ordinary OCI image with one layer, a `tar.gz` that
//! holds `plugin.wasm`
//! (<https://github.com/solo-io/wasm/blob/master/spec/spec-compat.md>). Istio tries it first, and tools and
//! registries that know nothing of WebAssembly take it. The others have drawbacks: layers of the type
//! `application/vnd.module.wasm.content.layer.v1+wasm` need a second layer with a configuration, or Istio
//! refuses them, and the third are manifests of Docker's own, no OCI. The younger `application/wasm`
//! artifacts of the CNCF are not known to Istio at all.

mod layer;
mod layout;

pub(crate) use layout::remove;

use std::fmt::{self, Write as _};

use anyhow::Result;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Where images are in examples: a reserved name (RFC 2606), to be replaced.
pub const EXAMPLE_REGISTRY: &str = "registry.example.com/meshwire";

/// The types of blobs, as the OCI image specification 1.1 names them.
const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";

/// A sha256, in lower-case hex.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digest(String);

impl Digest {
    /// That of `bytes`.
    pub fn of(bytes: &[u8]) -> Self {
        let mut hex = String::with_capacity(64);
        for byte in Sha256::digest(bytes) {
            let _ = write!(hex, "{byte:02x}");
        }
        Self(hex)
    }

    /// The digits alone.
    pub fn hex(&self) -> &str {
        &self.0
    }
}

/// `sha256:…`, as documents spell it.
impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "sha256:{}", self.0)
    }
}

/// What a registry keeps by its digest.
#[derive(Clone, Debug)]
struct Blob {
    media_type: &'static str,
    bytes: Vec<u8>,
    digest: Digest,
}

impl Blob {
    fn new(media_type: &'static str, bytes: Vec<u8>) -> Self {
        let digest = Digest::of(&bytes);
        Self {
            media_type,
            bytes,
            digest,
        }
    }

    /// How another document refers to it.
    fn descriptor(&self) -> Value {
        json!({
            "mediaType": self.media_type,
            "digest": self.digest.to_string(),
            "size": self.bytes.len(),
        })
    }
}

/// An image of one module. The same module has the same digest: nothing in it depends on when, where or by
/// whom it was made.
#[derive(Clone, Debug)]
pub struct Image {
    layer: Blob,
    config: Blob,
    manifest: Blob,
}

impl Image {
    /// The image of a module.
    ///
    /// # Errors
    /// If it cannot be packed.
    pub fn of(module: &[u8]) -> Result<Self> {
        let archive = layer::archive(module)?;
        let config = json!({
            // The values of `GOARCH` and `GOOS` for WebAssembly: this image never runs by itself, and
            // Istio does not look at them.
            "architecture": "wasm",
            "os": "wasip1",
            "rootfs": {"type": "layers", "diff_ids": [Digest::of(&archive).to_string()]},
        });
        let layer = Blob::new(LAYER, layer::compressed(&archive)?);
        let config = Blob::new(CONFIG, config.to_string().into());
        let manifest = json!({
            "schemaVersion": 2,
            "mediaType": MANIFEST,
            "config": config.descriptor(),
            "layers": [layer.descriptor()],
            // Required by the specification; Istio detects the format by the layer.
            "annotations": {"module.wasm.image/variant": "compat"},
        });
        let manifest = Blob::new(MANIFEST, manifest.to_string().into());
        Ok(Self {
            layer,
            config,
            manifest,
        })
    }

    /// Its digest, by which it is pulled and checked: that of its manifest.
    pub fn digest(&self) -> &Digest {
        &self.manifest.digest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_lower_case_hex() {
        // The empty message and "abc" of FIPS 180-4's examples.
        assert_eq!(
            Digest::of(b"").to_string(),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        );
        assert_eq!(
            Digest::of(b"abc").hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
    }

    #[test]
    fn a_module_has_one_digest() {
        let image = |module: &[u8]| Image::of(module).unwrap().digest().clone();
        assert_eq!(image(b"one"), image(b"one"));
        assert_ne!(image(b"one"), image(b"two"));
    }
}
