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
    /// Headers of calls, if the plugin can put any into a frame.
    pub(super) header: Option<Header>,
    /// Whether a connection begins with a call that the server has to have answered: a client makes a new one
    /// when the server is a new one.
    pub(super) session: bool,
    /// What a client sees when the host answers, if its library shows it.
    pub(super) statuses: Option<Statuses>,
}

/// A header of a client, and one by the names that it has.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    /// What a client sets.
    pub(super) of_client: &'static str,
    /// For the plugin.
    pub(super) name: &'static str,
    /// For the server.
    pub(super) at_server: &'static str,
}

impl Header {
    const fn new(name: &'static str) -> Self {
        Self {
            of_client: "x-peer",
            name,
            at_server: name,
        }
    }
}

/// The statuses of a protocol for answers of the host.
#[derive(Clone, Copy, Debug)]
pub(super) struct Statuses {
    /// There is no server.
    pub(super) no_server: u16,
    /// The server has gone away with the call.
    pub(super) gone: u16,
    /// The server has not answered in time.
    pub(super) timeout: u16,
}

/// What holds for most protocols.
const USUAL: Facts = Facts {
    untimed: &[],
    heartbeats: true,
    serial: false,
    header: Some(Header::new("zone")),
    session: false,
    statuses: None,
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
            ..USUAL
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
                at_server: "zone",
                ..Header::new("RPC_PERSIST_zone")
            }),
            ..USUAL
        },
    },
    Protocol {
        name: "diameter",
        plugin: "diameter",
        pairs: &[(PeerKind::PythonDiameter, PeerKind::PythonDiameter)],
        facts: Facts {
            untimed: &[PeerKind::PythonDiameter],
            header: Some(Header {
                of_client: "destination_host",
                ..Header::new("route_record")
            }),
            session: true,
            statuses: Some(Statuses {
                no_server: 3002,
                gone: 5012,
                timeout: 3002,
            }),
            ..USUAL
        },
    },
    Protocol {
        name: "smpp",
        plugin: "smpp",
        pairs: &[
            (PeerKind::NodeSmpp, PeerKind::NodeSmpp),
            (PeerKind::PythonSmpp, PeerKind::NodeSmpp),
        ],
        facts: Facts {
            untimed: &[PeerKind::NodeSmpp, PeerKind::PythonSmpp],
            // A host that sets a header sets it on binds too, which have no place for one.
            header: None,
            session: true,
            statuses: Some(Statuses {
                no_server: 8,
                gone: 8,
                timeout: 8,
            }),
            ..USUAL
        },
    },
    Protocol {
        name: "iso8583",
        plugin: "iso8583",
        pairs: &[(PeerKind::PythonIso8583, PeerKind::PythonIso8583)],
        facts: Facts {
            untimed: &[PeerKind::PythonIso8583],
            heartbeats: false,
            header: None,
            statuses: Some(Statuses {
                no_server: 91,
                gone: 96,
                timeout: 68,
            }),
            ..USUAL
        },
    },
    Protocol {
        name: "someip",
        plugin: "someip",
        pairs: &[(PeerKind::PythonSomeIp, PeerKind::PythonSomeIp)],
        facts: Facts {
            untimed: &[PeerKind::PythonSomeIp],
            heartbeats: false,
            header: None,
            statuses: Some(Statuses {
                no_server: 5,
                gone: 1,
                timeout: 6,
            }),
            ..USUAL
        },
    },
    Protocol {
        name: "trpc",
        plugin: "trpc",
        pairs: &[(PeerKind::GoTrpc, PeerKind::GoTrpc)],
        facts: Facts {
            heartbeats: false,
            statuses: Some(Statuses {
                no_server: 111,
                gone: 999,
                timeout: 101,
            }),
            ..USUAL
        },
    },
];
