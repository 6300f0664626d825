//! `cargo meshwire envoy config`: the configuration, printed.

use std::path::Path;

use anyhow::{Context, Result, bail};

use super::istio::{self, Plugin};
use super::settings::{self, Settings};
use crate::oci::Image;
use crate::print;
use crate::workspace::{Place, Workspace};

/// Print Envoy's complete configuration for a plugin, or the resources for Istio
///
/// The plugin is built if need be. The host reads the file with `envoy -c FILE`, Istio with `kubectl apply -f FILE`.
#[derive(clap::Args, Debug)]
#[command(after_help = r#"Examples:
  cargo meshwire envoy config bolt
  cargo meshwire envoy config bolt --plugin '{"access_log": "info", "deny": [{"method": "drop"}]}'
  cargo meshwire envoy config dubbo --cluster blue=127.0.0.1:20881 \
                                 --plugin '{"route": {"clusters": {"com.acme.Echo": "blue"}}}'
  cargo meshwire envoy config bolt --per-call --cluster blue=127.0.0.1:12200 \
                                 --route com.acme.Echo:1.0=default:90,blue:10 --retries 1 --access-log
  cargo meshwire envoy config bolt --istio --image registry.example.com/bolt:1 \
                                --selector app=echo --port 12200 --mode server
  cargo meshwire envoy config dubbo --istio --selector app=client --port 20880 --mode client \
      --plugin '{"route": {"clusters": {"com.acme.Echo": "outbound|20880||blue.shop.svc.cluster.local"}}}'"#)]
pub struct Args {
    /// The package of a plugin, or a module by its path
    plugin_name: String,
    #[command(flatten)]
    settings: Settings,
    #[command(flatten)]
    istio: istio::Flags,
}

/// Runs the command.
///
/// # Errors
/// If the plugin does not build, would not load, or would do harm as it is configured.
pub fn run(args: &Args, place: &Place) -> Result<()> {
    if args.istio.istio && args.settings.calls.per_call {
        bail!("`--istio` prints resources for the filter: it cannot be used with `--per-call`");
    }
    let module = args
        .settings
        .module(&Workspace::of(place)?, &args.plugin_name)?;
    let name = settings::stem(&args.plugin_name);
    if args.istio.istio {
        print::text(format_args!("{}", for_istio(args, &name, &module)?));
    } else {
        print::line(format_args!("{:#}", args.settings.config(&name, &module)?));
    }
    Ok(())
}

fn for_istio(args: &Args, name: &str, module: &Path) -> Result<String> {
    let bytes =
        std::fs::read(module).with_context(|| format!("cannot read `{}`", module.display()))?;
    istio::yaml(&Plugin {
        name,
        config: &args.settings.plugin,
        flags: &args.istio,
        digest: Image::of(&bytes)?.digest(),
    })
}
