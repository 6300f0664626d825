//! Third-party clients and servers, as processes that a test directs.
//!
//! Their programs are in `tests/peers`: one process per [`PeerKind`], a line of JSON for each thing it
//! is to do. [`Fleet::peer`] fetches what a kind needs when it is first asked for, into the target
//! folder, and starts it; dropping the fleet ends them all.
//!
//! Kinds of one [`Wire`] understand each other.

mod fleet;
mod install;
mod peer;
mod process;
mod protocol;

pub use fleet::Fleet;
pub use peer::{Peer, Server};
pub use process::Process;
pub use protocol::{Answer, Call, CallOutcome, Load, Seen, Summary, Unsupported};

/// A library, as client and as server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, clap::ValueEnum)]
pub enum PeerKind {
    /// `franz-go`, whose server is its `kfake`.
    GoKafka,
    /// `trpc-go`.
    GoTrpc,
    /// `com.alipay.sofa:bolt` by itself.
    JavaBolt,
    /// The same with version 2 of bolt and its CRC.
    JavaBolt2,
    /// `org.apache.dubbo:dubbo`.
    JavaDubbo,
    /// The same with contents in fastjson2.
    JavaDubboJson,
    /// `com.alipay.sofa:sofa-rpc-all`.
    JavaRpc,
    /// npm `sofa-bolt-node` by itself.
    NodeBolt,
    /// The same with version 2 of bolt and its CRC.
    NodeBolt2,
    /// npm `dubbo-remoting`.
    NodeDubbo,
    /// npm `sofa-rpc-node`.
    NodeRpc,
    /// npm `smpp`.
    NodeSmpp,
    /// npm `@tars/rpc`.
    NodeTars,
    /// `anthunder`, of Python.
    Python,
    /// `python-diameter`.
    PythonDiameter,
    /// `pyiso8583`, on sockets of its peer.
    PythonIso8583,
    /// `kafka-python`: a client only.
    PythonKafka,
    /// `smpplib`, of Python: a client only.
    PythonSmpp,
    /// `scapy`, of Python, on sockets of its peer.
    PythonSomeIp,
    /// `thriftpy2`, of Python.
    PythonThrift,
    /// The same with the compact protocol.
    PythonThriftCompact,
    /// The crate `volo-thrift`.
    RustVolo,
}

/// What a library sends: a protocol with contents.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Wire {
    /// bolt v1, contents as plain bytes.
    Bolt,
    /// bolt v1, contents as hessian.
    BoltHessian,
    /// bolt v2 with CRC, contents as plain bytes.
    Bolt2,
    /// Diameter, contents as the AVP Class of Accounting-Requests.
    Diameter,
    /// Dubbo, contents as hessian.
    Dubbo,
    /// Dubbo, contents as fastjson2.
    DubboJson,
    /// ISO 8583, contents as element 48.
    Iso8583,
    /// Kafka, contents as records.
    Kafka,
    /// SMPP, contents as short messages or `message_payload`.
    Smpp,
    /// SOME/IP.
    SomeIp,
    /// Tars.
    Tars,
    /// Thrift: framed, strict binary.
    Thrift,
    /// Thrift: framed, compact.
    ThriftCompact,
    /// `tRPC`, contents as plain bytes.
    Trpc,
    /// The strict binary protocol of Thrift in a `TTHeader`.
    TtHeader,
}

impl PeerKind {
    /// All of them.
    pub const ALL: [Self; 22] = [
        Self::GoKafka,
        Self::GoTrpc,
        Self::JavaBolt,
        Self::JavaBolt2,
        Self::JavaDubbo,
        Self::JavaDubboJson,
        Self::JavaRpc,
        Self::NodeBolt,
        Self::NodeBolt2,
        Self::NodeDubbo,
        Self::NodeRpc,
        Self::NodeSmpp,
        Self::NodeTars,
        Self::Python,
        Self::PythonDiameter,
        Self::PythonIso8583,
        Self::PythonKafka,
        Self::PythonSmpp,
        Self::PythonSomeIp,
        Self::PythonThrift,
        Self::PythonThriftCompact,
        Self::RustVolo,
    ];

    /// As it is called on command lines and in tables.
    pub const fn name(self) -> &'static str {
        self.about().0
    }

    /// What it sends.
    pub const fn wire(self) -> Wire {
        self.about().2
    }

    /// Whether a client of this kind understands a server of that one.
    pub fn speaks_with(self, server: Self) -> bool {
        self.wire() == server.wire() && server.serves()
    }

    /// Whether it is a server too.
    pub const fn serves(self) -> bool {
        !matches!(self, Self::PythonKafka | Self::PythonSmpp)
    }

    /// The most bytes that a content may have.
    pub const fn largest_content(self) -> usize {
        match self {
            // A batch of 1 MiB, with everything around the record.
            Self::GoKafka | Self::PythonKafka => 1_000_000,
            // Element 48 has three digits of length.
            Self::PythonIso8583 => 999,
            // npm `smpp` takes 16 KiB with everything around the message.
            Self::NodeSmpp | Self::PythonSmpp => 16_000,
            _ => usize::MAX,
        }
    }

    const fn language(self) -> &'static str {
        self.about().1
    }

    /// Name, language and wire.
    const fn about(self) -> (&'static str, &'static str, Wire) {
        match self {
            Self::GoKafka => ("go-kafka", "go", Wire::Kafka),
            Self::GoTrpc => ("go-trpc", "go", Wire::Trpc),
            Self::JavaBolt => ("java-bolt", "java", Wire::Bolt),
            Self::JavaBolt2 => ("java-bolt2", "java", Wire::Bolt2),
            Self::JavaDubbo => ("java-dubbo", "java", Wire::Dubbo),
            Self::JavaDubboJson => ("java-dubbo-json", "java", Wire::DubboJson),
            Self::JavaRpc => ("java-rpc", "java", Wire::BoltHessian),
            Self::NodeBolt => ("node-bolt", "node", Wire::Bolt),
            Self::NodeBolt2 => ("node-bolt2", "node", Wire::Bolt2),
            Self::NodeDubbo => ("node-dubbo", "node", Wire::Dubbo),
            Self::NodeRpc => ("node-rpc", "node", Wire::BoltHessian),
            Self::NodeSmpp => ("node-smpp", "node", Wire::Smpp),
            Self::NodeTars => ("node-tars", "node", Wire::Tars),
            Self::Python => ("python", "python", Wire::Bolt),
            Self::PythonDiameter => ("python-diameter", "python", Wire::Diameter),
            Self::PythonIso8583 => ("python-iso8583", "python", Wire::Iso8583),
            Self::PythonKafka => ("python-kafka", "python", Wire::Kafka),
            Self::PythonSmpp => ("python-smpp", "python", Wire::Smpp),
            Self::PythonSomeIp => ("python-someip", "python", Wire::SomeIp),
            Self::PythonThrift => ("python-thrift", "python", Wire::Thrift),
            Self::PythonThriftCompact => ("python-thrift-compact", "python", Wire::ThriftCompact),
            Self::RustVolo => ("rust-volo", "rust", Wire::TtHeader),
        }
    }
}

impl std::fmt::Display for PeerKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}
