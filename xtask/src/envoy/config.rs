//! `cargo xtask envoy config`: the configuration, printed.

use anyhow::Result;

use super::host_config;
use super::settings::{self, Settings};
use crate::workspace::Workspace;

/// Print Envoy's complete configuration for a plugin
///
/// The plugin is built if need be. The host reads the file with `envoy -c FILE`.
#[derive(clap::Args, Debug)]
#[command(after_help = r#"Examples:
  cargo xtask envoy config bolt
  cargo xtask envoy config bolt --plugin '{"access_log": "info", "deny": [{"method": "drop"}]}'
  cargo xtask envoy config dubbo --cluster blue=127.0.0.1:20881 \
                                 --plugin '{"route": {"clusters": {"com.acme.Echo": "blue"}}}'"#)]
pub struct Args {
    /// A folder of examples/, or a module by its path
    plugin_name: String,
    #[command(flatten)]
    settings: Settings,
}

/// Runs the command.
///
/// # Errors
/// If the plugin does not build, or would not load.
pub fn run(args: &Args) -> Result<()> {
    let module = settings::module(&Workspace::load()?, &args.plugin_name)?;
    let name = settings::stem(&args.plugin_name);
    let config = host_config::of(&args.settings, &name, &module);
    println!("{config:#}");
    Ok(())
}
