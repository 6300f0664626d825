//! The protocols that have peers, one entry for each.

use meshwire_support::peers::PeerKind;

use crate::pair::Protocol;

/// What the cases need to know of a protocol.
#[derive(Debug)]
pub(super) struct Facts {
    /// Clients whose frames do not carry the timeout of a call: the host has to know.
    pub(super) untimed: &'static [PeerKind],
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
            (PeerKind::JavaBolt, PeerKind::NodeBolt),
            (PeerKind::NodeBolt, PeerKind::Python),
            (PeerKind::Python, PeerKind::JavaBolt),
            (PeerKind::NodeRpc, PeerKind::NodeRpc),
        ],
        facts: USUAL,
    },
    Protocol {
        name: "boltv2",
        plugin: "boltv2",
        pairs: &[
            (PeerKind::JavaBolt2, PeerKind::NodeBolt2),
            (PeerKind::NodeBolt2, PeerKind::JavaBolt2),
            // Of version 1; the server has to know both, for the host's own heartbeats.
            (PeerKind::Python, PeerKind::NodeBolt),
        ],
        facts: USUAL,
    },
    Protocol {
        name: "thrift",
        plugin: "thrift",
        pairs: &[
            (PeerKind::PythonThrift, PeerKind::PythonThrift),
            (PeerKind::PythonThriftCompact, PeerKind::PythonThriftCompact),
        ],
        facts: Facts {
            untimed: &[PeerKind::PythonThrift, PeerKind::PythonThriftCompact],
            heartbeats: false,
            serial: true,
            header: None,
        },
    },
    Protocol {
        name: "dubbo",
        plugin: "dubbo",
        pairs: &[
            (PeerKind::JavaDubbo, PeerKind::NodeDubbo),
            (PeerKind::NodeDubbo, PeerKind::JavaDubbo),
            (PeerKind::NodeDubbo, PeerKind::NodeDubbo),
            (PeerKind::JavaDubbo, PeerKind::JavaDubbo),
        ],
        facts: Facts {
            untimed: &[PeerKind::NodeDubbo],
            ..USUAL
        },
    },
    Protocol {
        name: "dubbo-json",
        plugin: "dubbo",
        pairs: &[(PeerKind::JavaDubboJson, PeerKind::JavaDubboJson)],
        facts: USUAL,
    },
    Protocol {
        name: "tars",
        plugin: "tars",
        pairs: &[(PeerKind::NodeTars, PeerKind::NodeTars)],
        facts: Facts {
            heartbeats: false,
            ..USUAL
        },
    },
    Protocol {
        name: "ttheader",
        plugin: "ttheader",
        pairs: &[(PeerKind::RustVolo, PeerKind::RustVolo)],
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
