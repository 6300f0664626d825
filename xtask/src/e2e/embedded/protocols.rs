//! The protocols that have peers, one entry for each.

use super::super::peers::Kind;

/// A protocol, its plugin, and who speaks it.
#[derive(Debug)]
pub(super) struct Protocol {
    /// As it is called on the command line.
    pub(super) name: &'static str,
    /// The folder in `examples/`.
    pub(super) plugin: &'static str,
    /// Clients and servers, between which the plugin is put.
    pub(super) pairs: &'static [(Kind, Kind)],
    /// Whether its frames say how long a call may take. Else the host has to know.
    pub(super) frame_timeout: bool,
    /// Whether it has heartbeats, which the plugin answers. Else they are ordinary calls.
    pub(super) heartbeats: bool,
    /// Whether its servers do the calls of a connection one after the other.
    pub(super) serial: bool,
    /// A header that the plugin can put into a frame.
    pub(super) header: Option<Header>,
}

/// A header by the names that it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    /// For the plugin.
    pub(super) name: &'static str,
    /// For the server.
    pub(super) shown: &'static str,
}

impl Header {
    const fn new(name: &'static str) -> Self {
        Self { name, shown: name }
    }
}

pub(super) const PROTOCOLS: &[Protocol] = &[
    Protocol {
        name: "bolt",
        plugin: "bolt",
        pairs: &[
            (Kind::JavaBolt, Kind::NodeBolt),
            (Kind::NodeBolt, Kind::Python),
            (Kind::Python, Kind::JavaBolt),
            (Kind::NodeRpc, Kind::NodeRpc),
        ],
        frame_timeout: true,
        heartbeats: true,
        serial: false,
        header: Some(Header::new("zone")),
    },
    Protocol {
        name: "boltv2",
        plugin: "boltv2",
        pairs: &[
            (Kind::JavaBolt2, Kind::NodeBolt2),
            (Kind::NodeBolt2, Kind::JavaBolt2),
            // Of version 1.
            (Kind::NodeBolt, Kind::Python),
        ],
        frame_timeout: true,
        heartbeats: true,
        serial: false,
        header: Some(Header::new("zone")),
    },
    Protocol {
        name: "thrift",
        plugin: "thrift",
        pairs: &[(Kind::PythonThrift, Kind::PythonThrift)],
        frame_timeout: false,
        heartbeats: false,
        serial: true,
        header: None,
    },
];
