//! `cargo xtask mosn config`: the configuration, printed.

use anyhow::Result;

use super::host_config;
use super::plugin::Plugin;
use super::settings::Settings;
use crate::workspace::Workspace;

/// Print the host's complete configuration for a plugin
///
/// The plugin is built if need be. Its pool mode and worker pool are those its protocol declares,
/// all names match, and the host refuses any other build of it by its md5. The host reads the file
/// with `mosn start -c FILE`, and makes a folder `logs` beside the folder that it lies in.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo xtask mosn config bolt
  cargo xtask mosn config bolt --upstream 10.0.0.7:12200 --route-on service --timeout 3s
  cargo xtask mosn config bolt --set body=hidden --instances 4 --engine wasmer
  cargo xtask mosn config other/codec.wasm --protocol x-other --one-hop")]
pub struct Args {
    /// A folder of examples/, or a .wasm file
    plugin: String,
    #[command(flatten)]
    settings: Settings,
}

/// Runs the command.
///
/// # Errors
/// If the plugin does not build, or the host would not use it.
pub fn run(args: &Args) -> Result<()> {
    args.settings.check()?;
    let workspace = Workspace::load()?;
    let protocol = args.settings.protocol.as_deref();
    let plugin = Plugin::find(&workspace, &args.plugin, protocol)?;
    let config = host_config::of(&plugin, &args.settings);
    println!("{config:#}");
    Ok(())
}
