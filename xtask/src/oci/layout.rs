//! An image in a folder, as tools for images read it: the OCI image layout, version 1.0.0.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::{Value, json};

use super::{Blob, Image};

const INDEX: &str = "application/vnd.oci.image.index.v1+json";

impl Image {
    /// Leaves the image in `folder`, where tools find it by `name`. What was there is replaced.
    ///
    /// # Errors
    /// If the folder cannot be written.
    pub fn write(&self, folder: &Path, name: &str) -> Result<()> {
        // Whoever reads meanwhile gets a whole image or none.
        let partial = folder.with_extension(format!("{}.partial", std::process::id()));
        self.write_files(&partial, name)
            .and_then(|()| remove(folder))
            .and_then(|()| std::fs::rename(&partial, folder))
            .with_context(|| format!("cannot write `{}`", folder.display()))
    }

    fn write_files(&self, folder: &Path, name: &str) -> std::io::Result<()> {
        let blobs = folder.join("blobs/sha256");
        remove(folder)?;
        std::fs::create_dir_all(&blobs)?;
        for Blob { bytes, digest, .. } in [&self.layer, &self.config, &self.manifest] {
            std::fs::write(blobs.join(digest.hex()), bytes)?;
        }
        std::fs::write(folder.join("index.json"), self.index(name).to_string())?;
        let version = json!({"imageLayoutVersion": "1.0.0"});
        std::fs::write(folder.join("oci-layout"), version.to_string())
    }

    fn index(&self, name: &str) -> Value {
        let mut manifest = self.manifest.descriptor();
        manifest["annotations"] = json!({"org.opencontainers.image.ref.name": name});
        json!({"schemaVersion": 2, "mediaType": INDEX, "manifests": [manifest]})
    }
}

/// Removes a folder that may not be there.
pub(crate) fn remove(folder: &Path) -> std::io::Result<()> {
    match std::fs::remove_dir_all(folder) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}
