//! A host for one test.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

use cargo_meshwire::mosn::build::{self, Flavour};
use cargo_meshwire::mosn::process;
use cargo_meshwire::process::{Event, Process};
use cargo_meshwire::workspace::Workspace;
use meshwire_support::ports;

/// The longest that anything may take that is waited for.
pub(crate) const TIMEOUT: Duration = Duration::from_secs(20);

/// `cargo xtask` as a user types it, without building it again.
pub(crate) fn xtask(args: &[&str]) -> Command {
    let mut command = meshwire_support::repository::xtask().unwrap();
    command.args(args);
    command
}

/// What such a command prints, which must do well.
pub(crate) fn printed(args: &[&str]) -> String {
    let output = xtask(args).output().unwrap();
    assert!(output.status.success(), "{}", said(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// What a command says, as text.
pub(crate) fn said(output: &Output) -> String {
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    text(&output.stdout) + &text(&output.stderr)
}

pub(crate) fn workspace() -> &'static Workspace {
    static WORKSPACE: OnceLock<Workspace> = OnceLock::new();
    WORKSPACE.get_or_init(|| meshwire_support::repository::load().unwrap())
}

fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(|| build::binary(workspace(), Flavour::Static).unwrap())
}

/// A host on the configuration that `cargo xtask mosn config` prints.
pub(crate) struct Mosn {
    process: Process,
    /// What it was started with.
    pub(crate) config: String,
    /// Where it reads that.
    file: PathBuf,
    pub(crate) client: SocketAddr,
    pub(crate) admin: SocketAddr,
    log: Vec<String>,
}

impl Mosn {
    /// One sidecar in front of `upstream`; `name` names its folder, `args` are the rest of the
    /// command line, from the plugin on.
    pub(crate) fn one_hop(name: &str, args: &str, upstream: SocketAddr) -> Self {
        let upstream = upstream.to_string();
        let mut all: Vec<&str> = args.split_whitespace().collect();
        all.extend(["--one-hop", "--upstream", &upstream]);
        Self::start(name, &all)
    }

    /// With these arguments, on free addresses for clients and questions.
    pub(crate) fn start(name: &str, args: &[&str]) -> Self {
        Self::start_edited(name, args, |config| config)
    }

    /// The same with a configuration that was changed by hand.
    pub(crate) fn start_edited(
        name: &str,
        args: &[&str],
        edit: impl FnOnce(String) -> String,
    ) -> Self {
        let [client, server, admin] = [(); 3].map(|()| ports::free().unwrap().to_string());
        let mut all = vec!["mosn", "config"];
        all.extend(args);
        all.extend(["--client", &client, "--server", &server, "--admin", &admin]);
        let config = printed(&all);
        Self::start_with(name, edit(config), &[&client, &server, &admin])
    }

    /// On this configuration, which has these addresses for clients, maybe the server's sidecar, and
    /// questions.
    pub(crate) fn start_with(name: &str, config: String, addresses: &[&str; 3]) -> Self {
        Self::start_command(name, config, addresses, |file| {
            process::command(binary(), file)
        })
    }

    /// The same with another host, by a command with the configuration's file.
    pub(crate) fn start_command(
        name: &str,
        config: String,
        [client, server, admin]: &[&str; 3],
        command: impl FnOnce(&Path) -> Command,
    ) -> Self {
        let folder = workspace().target_dir.join("mosn/test").join(name);
        let file = folder.join("conf/mosn.json");
        std::fs::create_dir_all(file.parent().unwrap()).unwrap();
        std::fs::write(&file, &config).unwrap();
        let mosn = Process::spawn(command(&file)).unwrap();
        let mut log = Vec::new();
        let parse = |address: &str| address.parse::<SocketAddr>().unwrap();
        let mut listens = vec![parse(client), parse(admin)];
        if config.contains(server) {
            listens.push(parse(server));
        }
        let plugins = config.matches("\"from_wasm_plugin\"").count();
        let outcome = process::wait_until_it_serves(&mosn, plugins, &listens, |line| {
            log.push(line.to_owned());
        });
        assert!(outcome.is_ok(), "{outcome:?}\n{}", log.join("\n"));
        Self {
            process: mosn,
            config,
            file,
            client: parse(client),
            admin: parse(admin),
            log,
        }
    }

    /// Has it read its plugins again, from another configuration.
    #[cfg(unix)]
    pub(crate) fn update(&self, config: &str) {
        std::fs::write(&self.file, config).unwrap();
        let process = self.process.id().to_string();
        let sent = Command::new("kill").args(["-USR2", &process]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for a line of the log that has `text`.
    pub(crate) fn wait_for(&mut self, text: &str) -> String {
        let end = Instant::now() + TIMEOUT;
        loop {
            if let Some(line) = self.log.iter().find(|line| line.contains(text)) {
                return line.clone();
            }
            assert!(
                Instant::now() < end,
                "no `{text}` in\n{}",
                self.log.join("\n")
            );
            if let Event::Line(line) = self.process.next(Duration::from_millis(50)) {
                self.log.push(line);
            }
        }
    }

    /// Stops it; all that it has logged.
    pub(crate) fn stop(self) -> Vec<String> {
        let mut log = self.log;
        self.process.stop(|line| log.push(line.to_owned())).unwrap();
        log
    }
}
