//! What a configuration has to know of a plugin.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::build_plugin::{self, PluginHost};
use crate::wasm::{self, about::About};
use crate::workspace::{self, Workspace};

/// The protocols that MOSN has codecs of its own for, or a meaning. A plugin by such a name loads
/// and is never asked.
const TAKEN: &[&str] = &[
    "bolt",
    "boltv2",
    "dubbo",
    "dubbo-thrift",
    "tars",
    "Http1",
    "Http2",
    "Auto",
    "X",
    "tcp",
];

/// A plugin as the host sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plugin {
    /// What the host calls it, in its configuration and its log.
    pub name: String,
    /// The module, by an absolute path: the host looks for others from where it is started.
    pub path: PathBuf,
    /// The md5 of the module.
    pub md5: String,
    /// The protocol it speaks.
    pub protocol: String,
    /// How its protocol wants to use connections, as MOSN spells it.
    pub pool: String,
    /// Whether calls are handed to a pool of workers.
    pub worker_pool: bool,
    /// Whether it makes heartbeats.
    pub heartbeat: bool,
}

impl Plugin {
    /// A plugin of the workspace, which is built, or any module by its path. One that does not say
    /// which protocol it speaks needs `protocol`.
    ///
    /// # Errors
    /// If there is no such plugin, one of the workspace would not load, or the host would not use it.
    pub fn find(workspace: &Workspace, name: &str, protocol: Option<&str>) -> Result<Self> {
        let plugin = if workspace::is_path(name) {
            let path = Path::new(name);
            let bytes = std::fs::read(path).with_context(|| format!("cannot read `{name}`"))?;
            let path = std::path::absolute(path)?;
            let report = wasm::check(&bytes, PluginHost::Mosn);
            Self::new(
                path,
                build_plugin::md5(&bytes),
                report.about.as_ref(),
                protocol,
            )?
        } else {
            let example = workspace.example(name)?;
            let built = build_plugin::up_to_date(workspace, &example, PluginHost::Mosn)?;
            Self::new(built.path, built.md5, built.report.about.as_ref(), protocol)?
        };
        if TAKEN.contains(&plugin.protocol.as_str()) {
            bail!(
                "MOSN has its own codec for `{0}` and would ignore the plugin\n  \
                 give the protocol another name, such as `x-{0}`",
                plugin.protocol
            );
        }
        Ok(plugin)
    }

    fn new(
        path: PathBuf,
        md5: String,
        about: Option<&About>,
        protocol: Option<&str>,
    ) -> Result<Self> {
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        let named = about.map(|about| about.protocol.as_str());
        let Some(protocol) = protocol.or(named) else {
            bail!("`{name}` does not name its protocol: add `--protocol <name>`");
        };
        let option = |key: &str| about.and_then(|about| about.option(key));
        Ok(Self {
            name: name.into_owned(),
            md5,
            protocol: protocol.to_owned(),
            pool: option("pool").unwrap_or("multiplex").to_owned(),
            worker_pool: option("worker_pool") != Some("false"),
            heartbeat: option("heartbeat") == Some("true"),
            path,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plugin(section: &[u8], protocol: Option<&str>) -> Result<Plugin> {
        let about = About::parse(section).ok();
        Plugin::new(
            "/plugins/my-rpc.wasm".into(),
            "0".into(),
            about.as_ref(),
            protocol,
        )
    }

    #[test]
    fn the_options_are_those_of_the_artifact() {
        let section =
            br#"{"protocol":"x-rpc","pool":"ping-pong","worker_pool":false,"heartbeat":true}"#;
        let plugin = plugin(section, None).unwrap();
        assert_eq!(
            (plugin.name.as_str(), plugin.protocol.as_str()),
            ("my-rpc", "x-rpc")
        );
        assert_eq!(plugin.pool, "ping-pong");
        assert!(plugin.heartbeat && !plugin.worker_pool);
    }

    #[test]
    fn a_module_that_says_nothing_needs_a_protocol() {
        let message = plugin(b"", None).unwrap_err().to_string();
        assert!(message.contains("--protocol"), "{message}");
        let plugin = plugin(b"", Some("x-bolt")).unwrap();
        assert_eq!(plugin.protocol, "x-bolt");
        assert!(plugin.worker_pool && plugin.pool == "multiplex");
    }
}
