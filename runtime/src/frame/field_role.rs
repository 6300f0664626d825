//! What fields are for.

/// What a field is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldRole {
    /// A field without a role.
    Plain,
    /// The same value in every frame of the protocol.
    Magic,
    /// A value that distinguishes the frames of the protocol.
    Tag,
    /// The length of a part.
    Length,
    /// The correlation id.
    Id,
    /// The timeout of the call, in milliseconds.
    Timeout,
    /// The status of the response.
    Status,
    /// The timeout in a request, the status in a response.
    TimeoutOrStatus,
    /// The header map.
    Headers,
    /// The body.
    Body,
    /// A checksum of other fields.
    Checksum,
    /// A second place of the correlation id.
    IdCopy,
    /// A part with its own serialisation, decoded by a payload codec.
    Payload,
}

impl FieldRole {
    /// The role in one word, as attributes and tools spell it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Magic => "magic",
            Self::Tag => "tag",
            Self::Length => "length",
            Self::Id => "id",
            Self::Timeout => "timeout",
            Self::Status => "status",
            Self::TimeoutOrStatus => "timeout, status",
            Self::Headers => "headers",
            Self::Body => "body",
            Self::Checksum => "checksum",
            Self::IdCopy => "id_copy",
            Self::Payload => "with",
        }
    }
}
