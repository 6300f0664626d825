//! `cargo xtask mosn run`: a plugin in a host, until Ctrl-C.

use std::fmt::Write as _;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use anyhow::{Context, Result, bail};

use super::plugin::Plugin;
use super::process::{Event, Process};
use super::settings::Settings;
use super::{build, host_config, line};
use crate::workspace::{self, Workspace};

const BOLD: Style = Style::new().bold();
const GREEN: Style = AnsiColor::Green.on_default().bold();

/// How long Ctrl-C may go unnoticed.
const LOOK: Duration = Duration::from_millis(100);

/// Start a real MOSN that runs a plugin, and show its log
///
/// Builds the plugin and the host if need be, waits until both sidecars serve, and tells how to talk
/// to them. The plugin's own lines are marked in the log (the engine `wasmer` does not tell which
/// they are). Ctrl-C stops everything.
#[derive(clap::Args, Debug)]
#[command(after_help = "\
Examples:
  cargo xtask mosn run bolt
  cargo xtask mosn run bolt --route-on service --retries 3 --try-timeout 300ms
  cargo xtask mosn run bolt --one-hop --set body=hidden --log-level warn")]
pub struct Args {
    /// A folder of examples/, or a .wasm file
    plugin: String,
    #[command(flatten)]
    settings: Settings,
}

/// Runs the command.
///
/// # Errors
/// If something does not build, an address is in use, or the host does not serve.
pub fn run(args: &Args) -> Result<()> {
    let settings = &args.settings;
    settings.check()?;
    if !settings.is_loopback() {
        bail!("`run` is for this machine: it listens on 127.0.0.1 or [::1] only");
    }
    let workspace = Workspace::load()?;
    let plugin = Plugin::find(&workspace, &args.plugin, settings.protocol.as_deref())?;
    let binary = build::binary(&workspace, settings.engine.flavour())?;
    for address in settings.listens() {
        // MOSN would go on without the listener.
        TcpListener::bind(address).with_context(|| format!("cannot listen on `{address}`"))?;
    }
    let config = write_config(&workspace, &plugin, settings)?;
    let process = Process::start(&binary, &config)?;
    process.wait_until_it_serves(&settings.listens(), show)?;
    // Before, Ctrl-C ends this process, and the host with it.
    let stopped = on_ctrl_c()?;
    anstream::println!("{}", how_to_talk(&plugin, settings, &config));
    while !stopped.load(Ordering::Relaxed) {
        match process.next(LOOK) {
            Event::Line(line) => show(&line),
            Event::Quiet => {}
            Event::Ended => bail!("MOSN has ended"),
        }
    }
    process.stop(show)?;
    anstream::println!("{GREEN}stopped{GREEN:#}");
    Ok(())
}

fn show(line: &str) {
    anstream::println!("{}", line::shown(line));
}

/// A folder `conf`: MOSN keeps its other files beside one of that name.
fn write_config(workspace: &Workspace, plugin: &Plugin, settings: &Settings) -> Result<PathBuf> {
    // Hosts at other addresses may be running.
    let name = format!("{}-{}", plugin.name, settings.client.port());
    let folder = workspace.target_dir.join("mosn/run").join(name);
    let config = folder.join("conf").join("mosn.json");
    let text = format!("{:#}\n", host_config::of(plugin, settings));
    std::fs::create_dir_all(folder.join("conf"))
        .and_then(|()| std::fs::write(&config, text))
        .with_context(|| format!("cannot write `{}`", config.display()))?;
    Ok(config)
}

/// A flag that Ctrl-C sets.
fn on_ctrl_c() -> Result<Arc<AtomicBool>> {
    let flag = Arc::new(AtomicBool::new(false));
    let set = Arc::clone(&flag);
    ctrlc::set_handler(move || set.store(true, Ordering::Relaxed))
        .context("cannot listen for Ctrl-C")?;
    Ok(flag)
}

fn how_to_talk(plugin: &Plugin, settings: &Settings, config: &Path) -> String {
    let mut text = format!(
        "\n{GREEN}MOSN serves{GREEN:#} {BOLD}{}{BOLD:#} with {}, engine {}\n",
        plugin.protocol,
        workspace::shown(&plugin.path).display(),
        settings.engine.name(),
    );
    let mut row = |what: &str, value: String| {
        let _ = writeln!(text, "  {what:<10}{value}");
    };
    row(
        "clients",
        format!("connect to {BOLD}{}{BOLD:#}", settings.client),
    );
    if !settings.one_hop {
        row("sidecar", format!("of the server: {}", settings.server));
    }
    let upstream: Vec<String> = settings.upstream.iter().map(ToString::to_string).collect();
    row(
        "servers",
        format!("expected on {BOLD}{}{BOLD:#}", upstream.join(", ")),
    );
    row("admin", format!("http://{}/api/v1/stats", settings.admin));
    row("config", workspace::shown(config).display().to_string());
    text + "Ctrl-C stops it.\n"
}

#[cfg(test)]
mod tests {
    use super::super::settings::tests::settings;
    use super::*;

    #[test]
    fn every_address_is_told() {
        let plugin = Plugin {
            name: "rpc".to_owned(),
            path: "/plugins/rpc.wasm".into(),
            md5: String::new(),
            protocol: "x-rpc".to_owned(),
            pool: "multiplex".to_owned(),
            worker_pool: true,
            heartbeat: true,
        };
        let text = |line: &str| how_to_talk(&plugin, &settings(line), Path::new("mosn.json"));
        let both = text("");
        for part in [
            "x-rpc",
            "127.0.0.1:2045",
            "127.0.0.1:2046",
            "127.0.0.1:12199",
            "mosn.json",
        ] {
            assert!(both.contains(part), "{part} in {both}");
        }
        assert!(!text("--one-hop").contains("127.0.0.1:2046"));
    }
}
