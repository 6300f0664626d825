//! Who has sent the bytes of a frame: in some protocols only that says what they are.

use meshwire::{Plugin, Verdict, View};

/// The sender of a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    /// A client, or anyone where the bytes say what they are.
    Client,
    /// A server.
    Server,
}

impl Sender {
    /// Those whose bytes are read in ways of their own.
    pub fn all<P: Plugin>() -> &'static [Self] {
        if P::BY_SIDE {
            &[Self::Client, Self::Server]
        } else {
            &[Self::Client]
        }
    }

    /// The frame at the front of bytes that it has sent.
    pub fn parse<P: Plugin>(self, bytes: &[u8]) -> Verdict<P::View<'_>> {
        match self {
            Self::Client => P::parse(bytes),
            Self::Server => P::parse_from_server(bytes),
        }
    }

    /// How many bytes that frame has.
    pub fn measure<P: Plugin>(self, bytes: &[u8]) -> Verdict {
        self.parse::<P>(bytes).map(|view| view.raw().len())
    }
}
