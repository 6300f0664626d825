//! What is compared.

use clap::ValueEnum;

use crate::mosn::settings::Engine;

/// One way from the load to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Column {
    /// No hop: what the load and the server could do
    Direct,
    /// MOSN's own codec in Go
    Native,
    /// MOSN's bolt-go.wasm on wasmer
    TinygoWasmer,
    /// The plugin on wasmer
    MeshwireWasmer,
    /// The minimal plugin on wasmer
    FloorWasmer,
    /// The plugin on wazero-codec
    Meshwire,
    /// The plugin on wazero-codec, its bodies hidden from MOSN
    Hidden,
    /// The minimal plugin on wazero-codec
    Floor,
}

/// What reads the frames of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Uses {
    /// There is no hop.
    Nothing,
    /// MOSN's codec in Go.
    Native,
    /// `examples/bolt`.
    Meshwire,
    /// `tests/floor`, written by hand.
    Floor,
    /// The module that comes with MOSN.
    Tinygo,
}

impl Column {
    /// All, in the order of the report.
    pub(super) const ALL: &[Self] = &[
        Self::Direct,
        Self::Native,
        Self::TinygoWasmer,
        Self::MeshwireWasmer,
        Self::FloorWasmer,
        Self::Meshwire,
        Self::Hidden,
        Self::Floor,
    ];

    /// For people.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Direct => "no hop",
            Self::Native => "native Go codec",
            Self::TinygoWasmer => "bolt-go.wasm, wasmer",
            Self::MeshwireWasmer => "meshwire, wasmer",
            Self::FloorWasmer => "by hand, wasmer",
            Self::Meshwire => "meshwire, wazero-codec",
            Self::Hidden => "meshwire, body hidden, wazero-codec",
            Self::Floor => "by hand, wazero-codec",
        }
    }

    /// For the command line and for files.
    pub(super) fn key(self) -> String {
        let value = self.to_possible_value();
        value.map_or_else(String::new, |value| value.get_name().to_owned())
    }

    pub(super) fn uses(self) -> Uses {
        match self {
            Self::Direct => Uses::Nothing,
            Self::Native => Uses::Native,
            Self::MeshwireWasmer | Self::Meshwire | Self::Hidden => Uses::Meshwire,
            Self::FloorWasmer | Self::Floor => Uses::Floor,
            Self::TinygoWasmer => Uses::Tinygo,
        }
    }

    /// Whether bodies of this size can be measured. That of MOSN takes a tenth of a second for a call
    /// with one of 256 KiB, and many times that if others wait behind it.
    pub(super) fn manages(self, size: usize) -> bool {
        self != Self::TinygoWasmer || size < 256 << 10
    }

    pub(super) fn engine(self) -> Engine {
        match self {
            Self::TinygoWasmer | Self::MeshwireWasmer | Self::FloorWasmer => Engine::Wasmer,
            _ => Engine::WazeroCodec,
        }
    }
}
