//! The protocols that have peers, one entry for each.

use meshwire_support::peers::Kind;

use crate::pair::Protocol;

/// What the cases need to know of a protocol.
#[derive(Debug)]
pub(super) struct Facts {
    /// Clients whose frames do not tell the plugin how long a call may take: the host has to know.
    pub(super) untimed: &'static [Kind],
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
    pub(super) at_server: &'static str,
}

impl Header {
    const fn new(name: &'static str) -> Self {
        Self {
            name,
            at_server: name,
        }
    }
}

/// What holds for most protocols.
const USUAL: Facts = Facts {
    untimed: &[],
    heartbeats: true,
    serial: false,
    header: Some(Header::new("zone")),
};

pub(super) const PROTOCOLS: &[Protocol<Facts>] = &[
    Protocol {
        name: "bolt",
        plugin: "bolt",
        pairs: &[
            (Kind::JavaBolt, Kind::NodeBolt),
            (Kind::NodeBolt, Kind::Python),
            (Kind::Python, Kind::JavaBolt),
            (Kind::NodeRpc, Kind::NodeRpc),
        ],
        facts: USUAL,
    },
    Protocol {
        name: "boltv2",
        plugin: "boltv2",
        pairs: &[
            (Kind::JavaBolt2, Kind::NodeBolt2),
            (Kind::NodeBolt2, Kind::JavaBolt2),
            // Of version 1; the server has to know both, for the host's own heartbeats.
            (Kind::Python, Kind::NodeBolt),
        ],
        facts: USUAL,
    },
    Protocol {
        name: "thrift",
        plugin: "thrift",
        pairs: &[
            (Kind::PythonThrift, Kind::PythonThrift),
            (Kind::PythonThriftCompact, Kind::PythonThriftCompact),
        ],
        facts: Facts {
            untimed: &[Kind::PythonThrift, Kind::PythonThriftCompact],
            heartbeats: false,
            serial: true,
            header: None,
        },
    },
    Protocol {
        name: "dubbo",
        plugin: "dubbo",
        pairs: &[
            (Kind::JavaDubbo, Kind::NodeDubbo),
            (Kind::NodeDubbo, Kind::JavaDubbo),
            (Kind::NodeDubbo, Kind::NodeDubbo),
            (Kind::JavaDubbo, Kind::JavaDubbo),
        ],
        facts: Facts {
            untimed: &[Kind::NodeDubbo],
            ..USUAL
        },
    },
    Protocol {
        name: "dubbo-json",
        plugin: "dubbo",
        pairs: &[(Kind::JavaDubboJson, Kind::JavaDubboJson)],
        facts: USUAL,
    },
    Protocol {
        name: "tars",
        plugin: "tars",
        pairs: &[(Kind::NodeTars, Kind::NodeTars)],
        facts: Facts {
            heartbeats: false,
            ..USUAL
        },
    },
    Protocol {
        name: "ttheader",
        plugin: "ttheader",
        pairs: &[(Kind::RustVolo, Kind::RustVolo)],
        facts: Facts {
            heartbeats: false,
            // Volo passes on what is marked as the user's.
            header: Some(Header {
                name: "RPC_PERSIST_zone",
                at_server: "zone",
            }),
            ..USUAL
        },
    },
];
