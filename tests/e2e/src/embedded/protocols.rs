//! The protocols that have peers, one entry for each.

use meshwire_support::peers::Kind;

/// A protocol, its plugin, and who speaks it.
#[derive(Debug)]
pub(super) struct Protocol {
    /// As it is called on the command line.
    pub(super) name: &'static str,
    /// The folder in `examples/`.
    pub(super) plugin: &'static str,
    /// Clients and servers, between which the plugin is put.
    pub(super) pairs: &'static [(Kind, Kind)],
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
        untimed: &[],
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
            // Of version 1; the server has to know both, for the host's own heartbeats.
            (Kind::Python, Kind::NodeBolt),
        ],
        untimed: &[],
        heartbeats: true,
        serial: false,
        header: Some(Header::new("zone")),
    },
    Protocol {
        name: "thrift",
        plugin: "thrift",
        pairs: &[
            (Kind::PythonThrift, Kind::PythonThrift),
            (Kind::PythonThriftCompact, Kind::PythonThriftCompact),
        ],
        untimed: &[Kind::PythonThrift, Kind::PythonThriftCompact],
        heartbeats: false,
        serial: true,
        header: None,
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
        untimed: &[Kind::NodeDubbo],
        heartbeats: true,
        serial: false,
        header: Some(Header::new("zone")),
    },
    Protocol {
        name: "dubbo-json",
        plugin: "dubbo",
        pairs: &[(Kind::JavaDubboJson, Kind::JavaDubboJson)],
        untimed: &[],
        heartbeats: true,
        serial: false,
        header: Some(Header::new("zone")),
    },
    Protocol {
        name: "tars",
        plugin: "tars",
        pairs: &[(Kind::NodeTars, Kind::NodeTars)],
        untimed: &[],
        heartbeats: false,
        serial: false,
        header: Some(Header::new("zone")),
    },
    Protocol {
        name: "ttheader",
        plugin: "ttheader",
        pairs: &[(Kind::RustVolo, Kind::RustVolo)],
        untimed: &[],
        heartbeats: false,
        serial: false,
        // Volo passes on what is marked as the user's.
        header: Some(Header {
            name: "RPC_PERSIST_zone",
            shown: "zone",
        }),
    },
];
