//! The one layer: an archive of one file.

use std::io::Write;

use anyhow::{Context, Result};
use flate2::{Compression, GzBuilder};
use tar::{Builder, EntryType, Header};

/// The name under which hosts look for the module.
const MODULE: &str = "plugin.wasm";

/// A tar archive that holds `module` without metadata of its creation: no time, no owner.
pub(super) fn archive(module: &[u8]) -> Result<Vec<u8>> {
    let mut header = Header::new_ustar();
    header.set_path(MODULE)?;
    header.set_entry_type(EntryType::Regular);
    header.set_size(module.len() as u64);
    header.set_mode(0o644);
    header.set_uid(0);
    header.set_gid(0);
    header.set_mtime(0);
    header.set_cksum();
    let mut archive = Builder::new(Vec::new());
    archive.append(&header, module)?;
    archive.into_inner().context("cannot pack the module")
}

/// `archive` in gzip, again without a time; the system is "unknown" wherever this runs.
pub(super) fn compressed(archive: &[u8]) -> Result<Vec<u8>> {
    const UNKNOWN_SYSTEM: u8 = 255;
    let builder = GzBuilder::new().mtime(0).operating_system(UNKNOWN_SYSTEM);
    let mut gzip = builder.write(Vec::new(), Compression::best());
    gzip.write_all(archive)?;
    gzip.finish().context("cannot compress the module")
}
