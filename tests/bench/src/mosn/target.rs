//! What is compared.

use clap::ValueEnum;

use super::super::target::Part;
use cargo_meshwire::mosn::settings::{Engine, Lean};

/// One way from the load to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Target {
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
    /// The plugin on wazero-codec, in a host that keeps the bytes of frames
    Lean,
    /// The same in a host that may be upgraded while it runs: no frame is put together as it comes
    LeanWhole,
    /// MOSN's own codec in Go, its collector as far from the next run as with the memory of a plugin
    NativeGc,
    /// MOSN's own codec in Go, with a header more in each request and removed from its answer
    NativeEdited,
    /// The plugin on wazero-codec, with the same
    MeshwireEdited,
    /// The same in a host that keeps the bytes of frames
    LeanEdited,
}

/// What reads the frames of a target.
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

impl super::super::target::Target for Target {
    const DIRECT: Self = Self::Direct;
    const BASE: Self = Self::Native;
    const OF: &'static str = "of native";
    const TITLE: &'static str =
        "Requests per second through one MOSN hop, by codec and size of the body";
    const SHARE: &'static str = "as a share of the native Go codec";

    fn label(self) -> &'static str {
        match self {
            Self::Direct => "no hop",
            Self::Native => "native Go codec",
            Self::TinygoWasmer => "bolt-go.wasm, wasmer",
            Self::MeshwireWasmer => "meshwire, wasmer",
            Self::FloorWasmer => "by hand, wasmer",
            Self::Meshwire => "meshwire, wazero-codec",
            Self::Hidden => "meshwire, body hidden, wazero-codec",
            Self::Floor => "by hand, wazero-codec",
            Self::Lean => "meshwire, lean, wazero-codec",
            Self::LeanWhole => "meshwire, lean, no early assembling, wazero-codec",
            Self::NativeGc => "native Go codec, fewer collections",
            Self::NativeEdited => "native Go codec, a header edited",
            Self::MeshwireEdited => "meshwire, a header edited, wazero-codec",
            Self::LeanEdited => "meshwire, lean, a header edited, wazero-codec",
        }
    }

    fn part(self) -> Part {
        match self {
            Self::Native => Part::Base,
            Self::Meshwire
            | Self::Hidden
            | Self::MeshwireWasmer
            | Self::Lean
            | Self::LeanWhole
            | Self::MeshwireEdited
            | Self::LeanEdited => Part::Ours,
            _ => Part::Other,
        }
    }

    /// That of MOSN takes a tenth of a second for a call with one of 256 KiB, and many times that if
    /// others wait for it.
    ///
    /// Shorter frames are put together as they come by no host.
    fn manages(self, size: usize) -> bool {
        match self {
            Self::TinygoWasmer => size < 256 << 10,
            Self::LeanWhole => size > 16 << 10,
            _ => true,
        }
    }
}

impl Target {
    pub(super) fn uses(self) -> Uses {
        match self {
            Self::Direct => Uses::Nothing,
            Self::Native | Self::NativeGc | Self::NativeEdited => Uses::Native,
            Self::MeshwireWasmer
            | Self::Meshwire
            | Self::Hidden
            | Self::Lean
            | Self::LeanWhole
            | Self::MeshwireEdited
            | Self::LeanEdited => Uses::Meshwire,
            Self::FloorWasmer | Self::Floor => Uses::Floor,
            Self::TinygoWasmer => Uses::Tinygo,
        }
    }

    pub(super) fn lean(self) -> Lean {
        match self {
            Self::Lean | Self::LeanWhole | Self::LeanEdited => Lean::On,
            _ => Lean::Off,
        }
    }

    /// Whether there is a module of it for every protocol.
    pub(super) fn is_of_any_protocol(self) -> bool {
        !matches!(self.uses(), Uses::Floor | Uses::Tinygo)
    }

    /// What its ratio is taken of.
    pub(super) fn base(self) -> Self {
        if self.edits() && self != Self::NativeEdited {
            return Self::NativeEdited;
        }
        Self::Native
    }

    /// Whether the host may be upgraded while it runs.
    pub(super) fn can_be_upgraded(self) -> bool {
        self == Self::LeanWhole
    }

    /// Whether a header is added to each request, and removed from its answer.
    pub(super) fn edits(self) -> bool {
        matches!(
            self,
            Self::NativeEdited | Self::MeshwireEdited | Self::LeanEdited
        )
    }

    /// By how many percent the memory may grow before Go collects it, if not by as many as it is. The memory of a
    /// plugin's instances is part of what is in use, so with a plugin there are fewer collections.
    pub(super) fn collector(self) -> Option<u32> {
        (self == Self::NativeGc).then_some(230)
    }

    pub(super) fn engine(self) -> Engine {
        match self {
            Self::TinygoWasmer | Self::MeshwireWasmer | Self::FloorWasmer => Engine::Wasmer,
            _ => Engine::WazeroCodec,
        }
    }
}
