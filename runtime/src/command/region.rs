//! The parts with a payload codec of a frame, for the conformance tests.

use super::{MetadataEdits, PayloadCodec, PayloadMetadata, Timeout};
use crate::frame::{FormatError, HeaderWriter};

/// A part of a frame in a language of its own.
pub struct Region<'v> {
    /// The name of its field.
    pub field: &'static str,
    /// The part.
    pub bytes: &'v [u8],
    /// What reads and writes it.
    pub codec: Box<dyn Bound + 'v>,
}

impl<'v> Region<'v> {
    /// The part of this field, which is read with these inputs.
    pub fn new<D: PayloadCodec<Inputs: 'v> + 'v>(
        field: &'static str,
        bytes: &'v [u8],
        inputs: D::Inputs,
    ) -> Self {
        Self {
            field,
            bytes,
            codec: Box::new(With::<D>(inputs)),
        }
    }
}

/// A [`PayloadCodec`] with the inputs of one frame.
pub trait Bound {
    /// [`PayloadCodec::LARGEST_ID`].
    fn largest_id(&self) -> u64;
    /// [`PayloadCodec::metadata`].
    fn metadata(&self, region: &[u8]) -> Result<PayloadMetadata, FormatError>;
    /// [`PayloadCodec::timeout`].
    fn timeout(&self, region: &[u8]) -> Option<Timeout>;
    /// [`PayloadCodec::headers`].
    fn headers(&self, region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError>;
    /// [`PayloadCodec::rewrite`].
    fn rewrite(
        &self,
        region: &[u8],
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError>;
}

/// A payload codec and its inputs.
pub struct With<D: PayloadCodec>(pub D::Inputs);

impl<D: PayloadCodec> Bound for With<D> {
    fn largest_id(&self) -> u64 {
        D::LARGEST_ID
    }

    fn metadata(&self, region: &[u8]) -> Result<PayloadMetadata, FormatError> {
        D::metadata(region, self.0)
    }

    fn timeout(&self, region: &[u8]) -> Option<Timeout> {
        D::timeout(region, self.0)
    }

    fn headers(&self, region: &[u8], out: &mut HeaderWriter<'_>) -> Result<(), FormatError> {
        D::headers(region, self.0, out)
    }

    fn rewrite(
        &self,
        region: &[u8],
        changes: &MetadataEdits<'_>,
        out: &mut Vec<u8>,
    ) -> Result<(), FormatError> {
        D::rewrite(region, self.0, changes, out)
    }
}

/// A view without parts with a payload codec. Of one that has some, a function of its own with the
/// same name comes before this.
pub trait NoRegions {
    /// No parts.
    fn __regions(&self) -> Vec<Region<'_>> {
        Vec::new()
    }
}

impl<V> NoRegions for V {}
