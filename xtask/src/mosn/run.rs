//! `cargo meshwire mosn run`: a plugin in a host, until Ctrl-C.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, bail};

use super::codec::Codec;
use super::routes::{self, CodecRoute};
use super::settings::HostSettings;
use super::{build, host_config, line, process};
use crate::foreground::Foreground;
use crate::print;
use crate::workspace::{self, Place, Workspace};

const BOLD: Style = Style::new().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();

/// Start a real MOSN that runs one or more plugins, and show its log
///
/// Builds the plugins and the host if need be, waits until all sidecars are ready, and prints how to
/// connect. Lines of the plugins are marked in the log (not with the engine `wasmer`). Ctrl-C stops
/// everything.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo meshwire mosn run bolt
  cargo meshwire mosn run native:bolt              MOSN's own codec, to compare with
  cargo meshwire mosn run bolt --route-on service --retries 3 --try-timeout 300ms
  cargo meshwire mosn run bolt --one-hop --set body=hidden --log-level warn
  cargo meshwire mosn run bolt --timeout 3s native:bolt --timeout 5s
                                                both: clients on ports 2045 and 2055")]
pub struct Args {
    #[command(flatten)]
    asked: routes::RouteArgs,
}

/// Runs the command.
///
/// # Errors
/// If something does not build, an address is in use, or the host does not serve.
pub fn run(args: &Args, place: &Place) -> Result<()> {
    let workspace = Workspace::of(place)?;
    let (routes, host) = (args.asked.routes(&workspace)?, args.asked.host());
    let listens = routes::listens(&routes, host);
    if !listens.iter().all(|address| address.ip().is_loopback()) {
        bail!("`run` listens on 127.0.0.1 or [::1] only");
    }
    let binary = build::binary(&workspace, routes::flavour(&routes))?;
    for address in &listens {
        // MOSN would go on without the listener.
        TcpListener::bind(address).with_context(|| format!("cannot listen on `{address}`"))?;
    }
    let config = write_config(&workspace, &routes, host)?;
    let mosn = process::start(&binary, &config)?;
    let plugins = routes
        .iter()
        .filter_map(|route| route.codec.plugin())
        .count();
    process::wait_until_it_serves(&mosn, plugins, &listens, show)?;
    let foreground = Foreground::new()?;
    print::line(format_args!("{}", how_to_talk(&routes, host, &config)));
    foreground.watch("MOSN", |timeout| mosn.next(timeout), show)?;
    mosn.stop(show)?;
    print::line(format_args!("{GREEN}stopped{GREEN:#}"));
    Ok(())
}

fn show(line: &str) {
    print::line(format_args!("{}", line::shown(line)));
}

/// A folder `conf`: MOSN keeps its other files beside one of that name.
fn write_config(
    workspace: &Workspace,
    routes: &[CodecRoute],
    host: &HostSettings,
) -> Result<PathBuf> {
    // Hosts at other addresses may be running.
    let names: Vec<String> = routes.iter().map(|route| route.codec.name()).collect();
    let name = format!("{}-{}", names.join("-"), host.admin.port());
    let folder = workspace.target_dir.join("mosn/run").join(name);
    let config = folder.join("conf").join("mosn.json");
    let text = format!("{:#}\n", host_config::of(routes, host));
    std::fs::create_dir_all(folder.join("conf"))
        .and_then(|()| std::fs::write(&config, text))
        .with_context(|| format!("cannot write `{}`", config.display()))?;
    Ok(config)
}

fn how_to_talk(routes: &[CodecRoute], host: &HostSettings, config: &Path) -> String {
    let mut text = routes.iter().map(how_to_talk_to).collect();
    row(
        &mut text,
        "admin",
        &format!("http://{}/api/v1/stats", host.admin),
    );
    row(
        &mut text,
        "config",
        &workspace::shown(config).display().to_string(),
    );
    text + "Ctrl-C stops it.\n"
}

fn how_to_talk_to(CodecRoute { codec, settings }: &CodecRoute) -> String {
    let with = match codec {
        Codec::Plugin(plugin) => format!(
            "{}, engine {}",
            workspace::shown(&plugin.path).display(),
            settings.engine.name()
        ),
        Codec::Native(_) => "its own codec".to_owned(),
    };
    let protocol = codec.protocol();
    let mut text = format!("\n{GREEN}MOSN serves{GREEN:#} {BOLD}{protocol}{BOLD:#} with {with}\n");
    let client = format!("connect to {BOLD}{}{BOLD:#}", settings.client);
    row(&mut text, "clients", &client);
    if !settings.one_hop {
        row(
            &mut text,
            "sidecar",
            &format!("of the server, on {}", settings.server),
        );
    }
    let upstream: Vec<String> = settings.upstream.iter().map(ToString::to_string).collect();
    let upstream = format!("expected on {BOLD}{}{BOLD:#}", upstream.join(", "));
    row(&mut text, "servers", &upstream);
    text
}

fn row(text: &mut String, what: &str, value: &str) {
    let _ = writeln!(text, "  {what:<10}{value}");
}

#[cfg(test)]
mod tests {
    use super::super::host_config::tests::plugin;
    use super::super::settings::tests::settings;
    use super::*;

    #[test]
    fn every_address_is_told() {
        let route = |line: &str| CodecRoute {
            codec: Codec::Plugin(plugin("rpc")),
            settings: settings(line),
        };
        let native = CodecRoute {
            codec: Codec::native("bolt").unwrap(),
            settings: settings("--client 127.0.0.1:2055 --one-hop"),
        };
        let text = |routes: &[CodecRoute]| {
            how_to_talk(routes, &HostSettings::default(), Path::new("mosn.json"))
        };
        let both = text(&[route(""), native]);
        for part in [
            "x-rpc",
            "127.0.0.1:2045",
            "127.0.0.1:2046",
            "127.0.0.1:12199",
            "its own codec",
            "127.0.0.1:2055",
            "127.0.0.1:34901",
            "mosn.json",
        ] {
            assert!(both.contains(part), "{part} in {both}");
        }
        assert!(!text(&[route("--one-hop")]).contains("127.0.0.1:2046"));
    }
}
