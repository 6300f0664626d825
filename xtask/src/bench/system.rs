//! What the machine and the versions are, and what a process has used of it.

use std::fmt::Write as _;
use std::process::Command;
use std::time::Duration;

use crate::workspace;

/// Of how long a tick of `/proc` is: 100 a second on every Linux there is.
const TICK: Duration = Duration::from_millis(10);

/// The processor time that a process has taken since it started, where the system tells.
pub(super) fn cpu(process: u32) -> Option<Duration> {
    let text = std::fs::read_to_string(format!("/proc/{process}/stat")).ok()?;
    ticks(&text).map(|ticks| TICK * ticks)
}

/// In user mode and in the kernel.
fn ticks(stat: &str) -> Option<u32> {
    // The name before may hold anything.
    let (_, fields) = stat.rsplit_once(") ")?;
    let mut fields = fields.split(' ').skip(11);
    let user: u32 = fields.next()?.parse().ok()?;
    let system: u32 = fields.next()?.parse().ok()?;
    Some(user + system)
}

/// The machine and the versions, in one sentence.
pub(super) fn about() -> String {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let mut text = format!("{cores} cores");
    let mut add = |part: Option<String>| {
        if let Some(part) = part {
            let _ = write!(text, ", {part}");
        }
    };
    add(model());
    add(first_line("uname", &["-sr"]));
    add(first_line("go", &["env", "GOVERSION"]).map(|go| go.replace("go", "Go ")));
    add(first_line("rustc", &["--version"]).and_then(|rustc| {
        rustc
            .split(' ')
            .nth(1)
            .map(|version| format!("Rust {version}"))
    }));
    let modules = workspace::root().join("xtask/mosn/go.mod");
    let modules = std::fs::read_to_string(modules).unwrap_or_default();
    for (name, module) in [
        ("MOSN", "mosn.io/mosn"),
        ("wazero", "github.com/tetratelabs/wazero"),
        ("wasmer-go", "github.com/wasmerio/wasmer-go"),
    ] {
        add(version(&modules, module).map(|version| format!("{name} {version}")));
    }
    text
}

fn model() -> Option<String> {
    let text = std::fs::read_to_string("/proc/cpuinfo").ok()?;
    let line = text.lines().find(|line| line.starts_with("model name"))?;
    let (_, name) = line.split_once(": ")?;
    Some(name.replace("(R)", ""))
}

fn first_line(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.lines().next()?.to_owned())
}

/// The version of a module in a go.mod.
fn version(modules: &str, module: &str) -> Option<String> {
    let line = modules.lines().map(str::trim);
    let mut words = line
        .map(|line| line.split(' '))
        .find_map(|mut words| (words.next() == Some(module)).then_some(words))?;
    Some(words.next()?.trim_start_matches('v').to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_times_of_a_process_count() {
        let stat = "7 (a ) b) S 1 7 7 0 -1 4194560 100 0 0 0 1234 66 0 0 20 0 9 0 12 34 5";
        assert_eq!(ticks(stat), Some(1300));
        assert_eq!(ticks("7 (x"), None);
    }

    #[test]
    fn versions_are_those_of_the_hosts_modules() {
        let modules = "require (\n\tmosn.io/api v1.6.0\n\tmosn.io/mosn v1.6.1 // indirect\n)";
        assert_eq!(version(modules, "mosn.io/mosn").as_deref(), Some("1.6.1"));
        assert_eq!(version(modules, "mosn.io/pkg"), None);
        let about = about();
        assert!(
            about.contains("cores") && about.contains("MOSN 1."),
            "{about}"
        );
    }
}
