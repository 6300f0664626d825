//! What the frames of a connection are read with.

use anyhow::{Context, Result, bail};

use super::plugin::Plugin;
use super::settings::Settings;
use crate::wasm::{self, PluginHost};
use crate::workspace::Workspace;
use crate::{print, suggest};

/// MOSN's own codecs that are in the host, written in Go, by the names of their protocols.
const NATIVE: &[&str] = &["bolt", "boltv2", "dubbo", "dubbo-thrift", "tars"];

/// What precedes the name of one of them.
const PREFIX: &str = "native:";

/// What reads and writes the frames of a protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Codec {
    /// A module.
    Plugin(Plugin),
    /// The one that MOSN has for this protocol itself, to compare with.
    Native(&'static str),
}

impl Codec {
    /// A plugin as [`Plugin::find`] finds it, or one of MOSN's own as `native:bolt`.
    ///
    /// # Errors
    /// If there is no such codec, a plugin does not build or would not be used, or a flag applies to plugins only.
    pub fn find(workspace: &Workspace, name: &str, settings: &Settings) -> Result<Self> {
        let Some(native) = name.strip_prefix(PREFIX) else {
            let protocol = settings.protocol.as_deref();
            let plugin = Plugin::find(workspace, name, protocol)?;
            show_errors(&plugin)?;
            return Ok(Self::Plugin(plugin));
        };
        if let Some(flag) = settings.for_plugins_only() {
            bail!("`{flag}` applies to plugins only, `{name}` is MOSN's own codec");
        }
        Self::native(native)
    }

    /// MOSN's own codec for `protocol`.
    ///
    /// # Errors
    /// If it has none.
    pub fn native(protocol: &str) -> Result<Self> {
        if let Some(known) = NATIVE.iter().find(|known| **known == protocol) {
            return Ok(Self::Native(known));
        }
        let hint = suggest::closest(protocol, NATIVE.iter().copied())
            .map_or_else(String::new, |near| {
                format!(", did you mean `{PREFIX}{near}`?")
            });
        let known = NATIVE.join(", ");
        bail!("MOSN has no codec of its own for `{protocol}`{hint}\n  it has: {known}")
    }

    /// What the parts of a configuration are named after.
    pub fn name(&self) -> String {
        match self {
            Codec::Plugin(plugin) => plugin.name.clone(),
            Codec::Native(protocol) => format!("native-{protocol}"),
        }
    }

    /// The protocol, as listeners name it.
    pub fn protocol(&self) -> &str {
        match self {
            Codec::Plugin(plugin) => &plugin.protocol,
            Codec::Native(protocol) => protocol,
        }
    }

    /// Whether it may make heartbeats. MOSN asks its own codecs itself.
    pub fn heartbeat(&self) -> bool {
        match self {
            Codec::Plugin(plugin) => plugin.heartbeat,
            Codec::Native(_) => true,
        }
    }

    /// The plugin, if it is one.
    pub fn plugin(&self) -> Option<&Plugin> {
        match self {
            Codec::Plugin(plugin) => Some(plugin),
            Codec::Native(_) => None,
        }
    }
}

/// A module that was not built here may not load. It is tried all the same: MOSN's own answer to it may be what
/// the user wants to see.
fn show_errors(plugin: &Plugin) -> Result<()> {
    let path = &plugin.path;
    let bytes = std::fs::read(path).with_context(|| format!("cannot read `{}`", path.display()))?;
    let report = wasm::check(&bytes, PluginHost::Mosn);
    if !report.loads() {
        let module = print::module(path, &report, None);
        anstream::eprint!("{module}{}", print::findings(&report));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mosns_own_are_known_by_name() {
        let bolt = Codec::native("bolt").unwrap();
        assert_eq!(
            (bolt.protocol(), bolt.name().as_str()),
            ("bolt", "native-bolt")
        );
        let message = Codec::native("blot").unwrap_err().to_string();
        assert!(message.contains("did you mean `native:bolt`?"), "{message}");
    }

    #[test]
    fn the_host_registers_what_is_listed() {
        let extensions = include_str!("../../mosn/extensions.go");
        for package in ["bolt", "boltv2", "dubbo", "dubbothrift", "tars"] {
            assert!(
                extensions.contains(&format!("&{package}.XCodec{{}}")),
                "{package}"
            );
        }
        assert_eq!(extensions.matches(".XCodec{}").count(), NATIVE.len());
    }
}
