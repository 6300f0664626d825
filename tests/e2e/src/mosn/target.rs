//! What the cases are run against: a codec, and what runs it.

use std::fmt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::ValueEnum;

use cargo_meshwire::mosn::build::Flavour;
use cargo_meshwire::mosn::codec::Codec;
use cargo_meshwire::mosn::go;
use cargo_meshwire::mosn::plugin::Plugin;
use cargo_meshwire::mosn::settings::{Engine, Lean};
use cargo_meshwire::sh;
use cargo_meshwire::workspace::Workspace;

/// Who made the codec.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Maker {
    /// The bolt plugin of this repository
    #[default]
    Meshwire,
    /// MOSN's own bolt plugin, bolt-go.wasm, compiled by `TinyGo`
    Tinygo,
    /// MOSN's bolt codec in Go, without a plugin
    Native,
}

/// A codec on an engine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Who made the codec.
    pub(crate) maker: Maker,
    /// What runs it, if it is a plugin.
    pub(crate) engine: Engine,
    /// Whether the host passes frames on itself, if it is one.
    pub(crate) lean: Lean,
}

impl Target {
    /// All that are compared.
    pub(crate) const ALL: [Self; 4] = [
        Self::new(Maker::Meshwire, Engine::WazeroCodec),
        Self::new(Maker::Meshwire, Engine::Wasmer),
        Self::new(Maker::Tinygo, Engine::Wasmer),
        Self::new(Maker::Native, Engine::WazeroCodec),
    ];

    /// A codec on an engine.
    pub(crate) const fn new(maker: Maker, engine: Engine) -> Self {
        Self {
            maker,
            engine,
            lean: Lean::Off,
        }
    }

    /// The same with a host that passes frames on itself, or not.
    pub(crate) const fn lean(self, lean: Lean) -> Self {
        Self { lean, ..self }
    }

    /// `why`, unless the codec is a plugin.
    pub(crate) const fn unless_plugin(self, why: &'static str) -> Option<&'static str> {
        match self.maker {
            Maker::Native => Some(why),
            Maker::Meshwire | Maker::Tinygo => None,
        }
    }

    /// `why`, unless meshwire made the codec.
    pub(crate) const fn unless_meshwire(self, why: &'static str) -> Option<&'static str> {
        match self.maker {
            Maker::Meshwire => None,
            Maker::Native | Maker::Tinygo => Some(why),
        }
    }

    /// The codec, built if need be.
    ///
    /// # Errors
    /// If it does not build, or is not where it should be.
    pub(crate) fn codec(self, workspace: &Workspace) -> Result<Codec> {
        match self.maker {
            Maker::Meshwire => Plugin::find(workspace, "bolt", None).map(Codec::Plugin),
            Maker::Native => Codec::native("bolt"),
            Maker::Tinygo => {
                let path = reference_guest()?;
                let plugin = Plugin::find(workspace, &path.to_string_lossy(), Some("x-bolt"))?;
                // It has heartbeats, but nothing in it says so.
                Ok(Codec::Plugin(Plugin {
                    heartbeat: true,
                    ..plugin
                }))
            }
        }
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.maker {
            Maker::Meshwire if self.lean == Lean::On => {
                write!(f, "meshwire on {}, lean", self.engine.name())
            }
            Maker::Meshwire => write!(f, "meshwire on {}", self.engine.name()),
            Maker::Tinygo => write!(f, "bolt-go.wasm on {}", self.engine.name()),
            Maker::Native => f.write_str("native"),
        }
    }
}

/// The plugin that comes with MOSN's sources.
fn reference_guest() -> Result<PathBuf> {
    let sources = meshwire_support::repository::root().join("xtask/mosn");
    let mut list = go::command(&sources, Flavour::Static)?;
    list.args(["list", "-m", "-f", "{{.Dir}}", "mosn.io/mosn"]);
    let folder = String::from_utf8(sh::output(&mut list)?)?;
    let guest = Path::new(folder.trim()).join("etc/wasm/bolt-go.wasm");
    guest
        .exists()
        .then_some(guest)
        .context("MOSN's module has no `etc/wasm/bolt-go.wasm`: run `cargo xtask mosn build` first")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_says_for_whom_it_is_not() {
        let [ours, _, tinygo, native] = Target::ALL;
        assert_eq!(native.unless_plugin("no plugin"), Some("no plugin"));
        assert_eq!(tinygo.unless_plugin("no plugin"), None);
        assert_eq!(tinygo.unless_meshwire("not theirs"), Some("not theirs"));
        assert_eq!(ours.unless_meshwire("not theirs"), None);
    }
}
