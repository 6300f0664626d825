//! `cargo meshwire mosn config`: the configuration, printed.

use anyhow::Result;

use super::{host_config, routes};
use crate::print;
use crate::workspace::{Place, Workspace};

/// Print the host's complete configuration for one or more plugins
///
/// The plugins are built if need be. Their pool mode and worker pool are those their protocols
/// declare, all names match, and the host rejects any other build of them by its md5. The host reads
/// the file with `mosn start -c FILE`, and creates a folder `logs` next to the folder of that file.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo meshwire mosn config bolt
  cargo meshwire mosn config bolt --upstream 10.0.0.7:12200 --route-on service --timeout 3s
  cargo meshwire mosn config bolt --set body=hidden --instances 4 --engine wasmer
  cargo meshwire mosn config bolt --set-header zone=a --max-requests 100
  cargo meshwire mosn config bolt --retries 3 native:dubbo --upstream 127.0.0.1:20880
  cargo meshwire mosn config other/codec.wasm --protocol x-other --one-hop")]
pub struct Args {
    #[command(flatten)]
    asked: routes::RouteArgs,
}

/// Runs the command.
///
/// # Errors
/// If a plugin does not build, or the host would not use it.
pub fn run(args: &Args, place: &Place) -> Result<()> {
    let workspace = Workspace::of(place)?;
    let routes = args.asked.routes(&workspace)?;
    let config = host_config::of(&routes, args.asked.host());
    print::line(format_args!("{config:#}"));
    Ok(())
}
