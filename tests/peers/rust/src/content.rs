//! What a message holds: the arguments or the result of a method, each one field of type `binary`.
//!
//! `binary echo(1: binary content)` of an IDL; all methods look alike, so no generated code is needed.

use bytes::Bytes;
use pilota::thrift::{
    TAsyncInputProtocol, TInputProtocol, TLengthProtocol, TMessageIdentifier, TMessageType,
    TOutputProtocol, TStructIdentifier, TType, ThriftException,
};
use volo_thrift::EntryMessage;

/// Arguments count from 1; what a method returns has the number 0.
const ARGUMENT: i16 = 1;
const RESULT: i16 = 0;

const NAME: TStructIdentifier = TStructIdentifier { name: "Content" };

/// The only field of a struct.
#[derive(Clone, Debug)]
pub(crate) struct Content {
    field: i16,
    /// `None` for methods that return nothing.
    pub(crate) bytes: Option<Bytes>,
}

impl Content {
    pub(crate) fn argument(text: &str) -> Self {
        let bytes = Some(Bytes::copy_from_slice(text.as_bytes()));
        Self {
            field: ARGUMENT,
            bytes,
        }
    }

    pub(crate) fn result(bytes: Option<Bytes>) -> Self {
        Self {
            field: RESULT,
            bytes,
        }
    }

    fn empty(message: &TMessageIdentifier) -> Self {
        let asks = matches!(
            message.message_type,
            TMessageType::Call | TMessageType::OneWay
        );
        Self {
            field: if asks { ARGUMENT } else { RESULT },
            bytes: None,
        }
    }

    fn wants(&self, field_type: TType, id: Option<i16>) -> bool {
        field_type == TType::Binary && id == Some(self.field)
    }
}

impl EntryMessage for Content {
    fn encode<T: TOutputProtocol>(&self, protocol: &mut T) -> Result<(), ThriftException> {
        protocol.write_struct_begin(&NAME)?;
        if let Some(bytes) = &self.bytes {
            protocol.write_field_begin(TType::Binary, self.field)?;
            protocol.write_bytes(bytes.clone())?;
            protocol.write_field_end()?;
        }
        protocol.write_field_stop()?;
        protocol.write_struct_end()
    }

    fn decode<T: TInputProtocol>(
        protocol: &mut T,
        message: &TMessageIdentifier,
    ) -> Result<Self, ThriftException> {
        let mut content = Self::empty(message);
        protocol.read_struct_begin()?;
        loop {
            let field = protocol.read_field_begin()?;
            if field.field_type == TType::Stop {
                break;
            }
            if content.wants(field.field_type, field.id) {
                content.bytes = Some(protocol.read_bytes()?);
            } else {
                protocol.skip(field.field_type)?;
            }
            protocol.read_field_end()?;
        }
        protocol.read_struct_end()?;
        Ok(content)
    }

    async fn decode_async<T: TAsyncInputProtocol>(
        protocol: &mut T,
        message: &TMessageIdentifier,
    ) -> Result<Self, ThriftException> {
        let mut content = Self::empty(message);
        protocol.read_struct_begin().await?;
        loop {
            let field = protocol.read_field_begin().await?;
            if field.field_type == TType::Stop {
                break;
            }
            if content.wants(field.field_type, field.id) {
                content.bytes = Some(protocol.read_bytes().await?);
            } else {
                protocol.skip(field.field_type).await?;
            }
            protocol.read_field_end().await?;
        }
        protocol.read_struct_end().await?;
        Ok(content)
    }

    fn size<T: TLengthProtocol>(&self, protocol: &mut T) -> usize {
        let field = self.bytes.as_ref().map_or(0, |bytes| {
            protocol.field_begin_len(TType::Binary, Some(self.field))
                + protocol.bytes_len(bytes)
                + protocol.field_end_len()
        });
        protocol.struct_begin_len(&NAME)
            + field
            + protocol.field_stop_len()
            + protocol.struct_end_len()
    }
}
