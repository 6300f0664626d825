//! The fields of a packet, and what they mean.

use std::ops::Range;

use meshwire::MessageKind;
use meshwire::frame::FormatError;
use meshwire::wire::Reason;

use crate::jce::{Entries, Field, Fields, Type};

/// The header of tag 5 in a request.
pub(super) const SERVICE: &[u8] = b"service";
/// The header of tag 6 in a request.
pub(super) const METHOD: &[u8] = b"method";
/// The key of the status in the map `status` of a TUP response (`TarsCpp`, `ServantProxy.cpp`).
pub(super) const RESULT_CODE: &[u8] = b"STATUS_RESULT_CODE";
/// The key of the text beside it.
pub(super) const RESULT_TEXT: &[u8] = b"STATUS_RESULT_DESC";

/// The tags of `RequestF.tars`: those of a request, unless their names say otherwise.
pub(super) mod tag {
    /// `iVersion`, of both.
    pub(crate) const VERSION: u8 = 1;
    /// `cPacketType`, of both.
    pub(crate) const PACKET_TYPE: u8 = 2;
    /// `iMessageType`.
    pub(crate) const MESSAGE_TYPE: u8 = 3;
    /// `iRequestId` of a response.
    pub(crate) const RESPONSE_ID: u8 = 3;
    /// `iRequestId`.
    pub(crate) const ID: u8 = 4;
    /// `iMessageType` of a response.
    pub(crate) const RESPONSE_MESSAGE_TYPE: u8 = 4;
    /// `sServantName` of a request, `iRet` of a response.
    pub(crate) const SERVANT_OR_RET: u8 = 5;
    /// `sFuncName`.
    pub(crate) const FUNCTION: u8 = 6;
    /// `sBuffer` of a response.
    pub(crate) const RESPONSE_BUFFER: u8 = 6;
    /// `sBuffer`.
    pub(crate) const BUFFER: u8 = 7;
    /// `status` of a response.
    pub(crate) const RESPONSE_STATUS: u8 = 7;
    /// `iTimeout`.
    pub(crate) const TIMEOUT: u8 = 8;
    /// `sResultDesc` of a response.
    pub(crate) const RESULT_DESC: u8 = 8;
    /// `context`, of both.
    pub(crate) const CONTEXT: u8 = 9;
    /// `status`.
    pub(crate) const STATUS: u8 = 10;
    /// How many tags are known, with 0, which is none.
    pub(crate) const COUNT: usize = 11;
}

/// The layout of a packet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Request,
    Response,
}

impl Shape {
    /// The tag of `iRequestId`.
    pub(super) const fn id(self) -> u8 {
        match self {
            Self::Request => tag::ID,
            Self::Response => tag::RESPONSE_ID,
        }
    }

    /// The tag of `sBuffer`.
    pub(super) const fn buffer(self) -> u8 {
        match self {
            Self::Request => tag::BUFFER,
            Self::Response => tag::RESPONSE_BUFFER,
        }
    }
}

/// The known fields of a packet.
#[derive(Debug)]
pub(super) struct Parts<'r> {
    region: &'r [u8],
    fields: [Option<Field<'r>>; tag::COUNT],
    shape: Shape,
}

impl<'r> Parts<'r> {
    /// A packet of which nothing has been read.
    pub(super) const fn new(region: &'r [u8]) -> Self {
        Self {
            region,
            fields: [None; tag::COUNT],
            shape: Shape::Request,
        }
    }

    /// Reads a packet.
    pub(super) fn of(region: &'r [u8]) -> Result<Self, FormatError> {
        let mut parts = Self::new(region);
        parts.read()?;
        Ok(parts)
    }

    /// Reads the packet, in place: the fields are many bytes to hand on. Whoever reads a packet reads it to
    /// its end, so all that is made of it agrees.
    ///
    /// Readers look for the fields in the order of their tags, and find none after a higher one
    /// (`TarsInputStream::skipToTag`): there a known field is malformed.
    pub(super) fn read(&mut self) -> Result<(), FormatError> {
        let mut highest = 0;
        for field in Fields::new(self.region) {
            let field = field?;
            let tag = field.tag;
            if let Some(place) = self.fields.get_mut(usize::from(tag))
                && tag >= tag::VERSION
            {
                if tag <= highest {
                    return Err(field.out_of_order());
                }
                *place = Some(field);
            }
            highest = highest.max(tag);
        }
        match self.get(tag::SERVANT_OR_RET) {
            Some(field) => {
                self.shape = shape(field)?;
                Ok(())
            }
            None => Err(self.missing()),
        }
    }

    /// The layout.
    pub(super) const fn shape(&self) -> Shape {
        self.shape
    }

    /// The field of a tag.
    pub(super) fn get(&self, tag: u8) -> Option<&Field<'r>> {
        self.fields.get(usize::from(tag))?.as_ref()
    }

    /// The integer of a tag; 0 if it is not there.
    pub(super) fn int(&self, tag: u8) -> Result<i32, FormatError> {
        self.get(tag).map_or(Ok(0), Field::int)
    }

    /// The string of a tag; empty if it is not there.
    pub(super) fn text(&self, tag: u8) -> Result<&'r [u8], FormatError> {
        self.get(tag).map_or(Ok(&[]), Field::string)
    }

    /// The entries of the map of a tag; none if it is not there.
    pub(super) fn map(&self, tag: u8) -> Result<Entries<'r>, FormatError> {
        self.get(tag)
            .map_or_else(|| Ok(Entries::default()), Field::entries)
    }

    /// What the packet is.
    pub(super) fn kind(&self) -> Result<MessageKind, FormatError> {
        const ONE_WAY: i32 = 1;
        Ok(match self.shape {
            Shape::Response => MessageKind::Response,
            Shape::Request if self.is_tup_response()? => MessageKind::Response,
            Shape::Request if self.int(tag::PACKET_TYPE)? == ONE_WAY => MessageKind::OneWay,
            Shape::Request => MessageKind::Request,
        })
    }

    /// The bits of the correlation id.
    pub(super) fn id(&self) -> Result<u32, FormatError> {
        let field = self.get(self.shape.id());
        let field = field.ok_or_else(|| self.missing())?;
        Ok(field.int()?.cast_unsigned())
    }

    /// How the call ended, in a response.
    pub(super) fn status(&self) -> Result<i64, FormatError> {
        match self.shape {
            Shape::Response => self.int(tag::SERVANT_OR_RET).map(i64::from),
            Shape::Request => {
                let code = self.result_code()?;
                let code = code.and_then(|code| str::from_utf8(code).ok()?.parse().ok());
                Ok(code.unwrap_or(0))
            }
        }
    }

    /// Where the body is.
    pub(super) fn body(&self) -> Result<Range<usize>, FormatError> {
        match self.get(self.shape.buffer()) {
            Some(field) if field.ty != Type::List => field.simple_list(),
            _ => Ok(0..0),
        }
    }

    /// Whether a packet with the layout of a request answers one.
    fn is_tup_response(&self) -> Result<bool, FormatError> {
        if !self.is_tup()? {
            return Ok(false);
        }
        let names = [tag::SERVANT_OR_RET, tag::FUNCTION].map(|tag| self.text(tag));
        let [servant, function] = names;
        Ok(servant?.is_empty() && function?.is_empty() || self.result_code()?.is_some())
    }

    /// Whether the packet is one of TUP.
    pub(super) fn is_tup(&self) -> Result<bool, FormatError> {
        Ok(matches!(self.int(tag::VERSION)?, 2 | 3))
    }

    /// What the map `status` of a TUP response says.
    fn result_code(&self) -> Result<Option<&'r [u8]>, FormatError> {
        for entry in self.map(tag::STATUS)? {
            if let Some((RESULT_CODE, code)) = entry?.pair() {
                return Ok(Some(code));
            }
        }
        Ok(None)
    }

    /// A field that must be there is not.
    fn missing(&self) -> FormatError {
        FormatError {
            offset: self.region.len(),
            reason: Reason::Missing,
        }
    }
}

/// The layout that the type of tag 5 represents.
fn shape(field: &Field<'_>) -> Result<Shape, FormatError> {
    match field.ty {
        Type::String1 | Type::String4 => Ok(Shape::Request),
        Type::Zero | Type::I8 | Type::I16 | Type::I32 => Ok(Shape::Response),
        _ => Err(field.wrong_type()),
    }
}
