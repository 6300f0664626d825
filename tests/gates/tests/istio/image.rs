//! Images, read back from their folders as tools for images do.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Path, PathBuf};

use cargo_meshwire::oci::{Digest, Image};
use flate2::read::GzDecoder;
use serde_json::{Value, json};

use crate::schema::folder;

/// The documents of an image.
pub(crate) struct Layout {
    folder: PathBuf,
    /// `oci-layout`.
    pub(crate) version: Value,
    pub(crate) index: Value,
    pub(crate) manifest: Value,
    pub(crate) config: Value,
}

impl Layout {
    /// That of an image of `module`, written for this.
    pub(crate) fn of(name: &str, module: &[u8]) -> Self {
        let folder = folder(name);
        Image::of(module).unwrap().write(&folder, "some").unwrap();
        Self::read(&folder)
    }

    /// From the version to the layer: every blob by its descriptor.
    pub(crate) fn read(folder: &Path) -> Self {
        let document = |name: &str| serde_json::from_slice(&read(&folder.join(name))).unwrap();
        let mut layout = Self {
            folder: folder.to_owned(),
            version: document("oci-layout"),
            index: document("index.json"),
            manifest: Value::Null,
            config: Value::Null,
        };
        let manifest = layout.blob(&layout.index["manifests"][0]);
        layout.manifest = serde_json::from_slice(&manifest).unwrap();
        let config = layout.blob(&layout.manifest["config"]);
        layout.config = serde_json::from_slice(&config).unwrap();
        layout
    }

    /// A blob, which must be what its descriptor says.
    fn blob(&self, descriptor: &Value) -> Vec<u8> {
        let digest = descriptor["digest"].as_str().unwrap();
        let hex = digest.strip_prefix("sha256:").unwrap();
        let bytes = read(&self.folder.join("blobs/sha256").join(hex));
        assert_eq!(Digest::of(&bytes).to_string(), digest);
        assert_eq!(descriptor["size"], bytes.len());
        bytes
    }

    /// The files of its only layer, by their names.
    pub(crate) fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let layers = self.manifest["layers"].as_array().unwrap();
        let [layer] = layers.as_slice() else {
            panic!("{layers:?}");
        };
        let mut archive = Vec::new();
        let layer = self.blob(layer);
        GzDecoder::new(layer.as_slice())
            .read_to_end(&mut archive)
            .unwrap();
        let unpacked = Digest::of(&archive).to_string();
        assert_eq!(self.config["rootfs"]["diff_ids"], json!([unpacked]));
        let mut files = BTreeMap::new();
        for entry in tar::Archive::new(archive.as_slice()).entries().unwrap() {
            let mut entry = entry.unwrap();
            let name = entry.path().unwrap().display().to_string();
            let mut bytes = Vec::new();
            entry.read_to_end(&mut bytes).unwrap();
            files.insert(name, bytes);
        }
        files
    }
}

fn read(path: &Path) -> Vec<u8> {
    std::fs::read(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Every file below a folder, with what is in it.
fn tree(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut files = BTreeMap::new();
    for entry in folder.read_dir().unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files.extend(tree(&path));
        } else {
            files.insert(path.clone(), read(&path));
        }
    }
    files
}

/// What makes the documents wrong.
pub(crate) fn wrong_layout() -> Vec<(&'static str, Value)> {
    vec![("/imageLayoutVersion", json!("1"))]
}

pub(crate) fn wrong_index() -> Vec<(&'static str, Value)> {
    vec![
        ("/schemaVersion", json!(1)),
        ("/manifests", json!({})),
        ("/manifests/0", json!({"digest": "sha256:00", "size": 1})),
        ("/manifests/0/mediaType", json!("manifest")),
        ("/manifests/0/digest", json!("00")),
    ]
}

pub(crate) fn wrong_manifest() -> Vec<(&'static str, Value)> {
    vec![
        ("/schemaVersion", json!(1)),
        ("/config", json!(null)),
        ("/config/digest", json!("00")),
        ("/layers", json!([])),
        ("/layers/0/size", json!("1")),
        ("/layers/0/mediaType", json!("tar")),
        ("/annotations", json!({"a": 1})),
    ]
}

pub(crate) fn wrong_config() -> Vec<(&'static str, Value)> {
    vec![
        ("/architecture", json!(null)),
        ("/os", json!(1)),
        ("/rootfs", json!({"type": "layers"})),
        ("/rootfs/type", json!("layer")),
    ]
}

#[test]
fn the_layer_holds_the_module() {
    let module = wat::parse_str("(module (memory 1) (func (export \"_initialize\")))").unwrap();
    let layout = Layout::of("layer", &module);
    let files = layout.files();
    assert_eq!(files.keys().collect::<Vec<_>>(), ["plugin.wasm"]);
    assert_eq!(files["plugin.wasm"], module);
    // What makes Istio take it for an image.
    let layer = &layout.manifest["layers"][0];
    assert_eq!(
        layer["mediaType"],
        "application/vnd.oci.image.layer.v1.tar+gzip"
    );
}

#[test]
fn an_image_is_found_by_its_name() {
    let layout = Layout::of("name", b"module");
    let found = &layout.index["manifests"][0];
    let digest = Image::of(b"module").unwrap().digest().to_string();
    assert_eq!(found["digest"], digest);
    assert_eq!(
        found["annotations"],
        json!({"org.opencontainers.image.ref.name": "some"})
    );
}

#[test]
fn an_image_is_written_the_same_again_and_replaced_by_another() {
    let once = tree(&Layout::of("again", b"one").folder);
    assert_eq!(tree(&Layout::of("again", b"one").folder), once);
    let other = tree(&Layout::of("again", b"two").folder);
    assert_eq!(other.len(), once.len());
    assert!(other.keys().ne(once.keys()));
}
