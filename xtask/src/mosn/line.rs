//! A line of the host's log.

use anstyle::{AnsiColor, Style};

const PLUGIN: Style = AnsiColor::Cyan.on_default().bold();
const DIM: Style = Style::new().dimmed();

/// How the engine `wazero-codec` marks what a plugin says.
pub(super) const MARK: &str = "[plugin] ";

/// What a plugin says in this line, with the level before it; `None` if it is the host's own.
pub fn said_by_plugin(line: &str) -> Option<String> {
    let (before, message) = line.split_once(MARK)?;
    // `2026-01-31 12:00:00,000 [WARN] `
    let level = before.trim_end().rsplit(' ').next().unwrap_or_default();
    Some(format!("{level} {message}"))
}

/// The line for a terminal.
pub fn shown(line: &str) -> String {
    match said_by_plugin(line) {
        Some(said) => format!("{PLUGIN}plugin | {said}{PLUGIN:#}"),
        None => format!("{DIM}mosn   |{DIM:#} {line}"),
    }
}

/// Why the host will not run the plugin, if this line says so. It goes on without it.
pub fn fatal(line: &str) -> bool {
    [
        "init wasm codec failed",
        "this module is not a codec",
        "cannot start an instance",
        "NewWasmPlugin",
        "[instance] Start fail",
        "GetWasmEngine not found",
    ]
    .iter()
    .any(|text| line.contains(text))
}

/// Whether the host has taken the plugin; oddly it says so as an error.
pub fn loaded(line: &str) -> bool {
    line.contains("load wasm codec succeed")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_plugins_lines_are_told_from_the_hosts() {
        let line = "2026-11-23 06:56:55,879 [WARN] [plugin] not this protocol: magic";
        assert_eq!(
            said_by_plugin(line).as_deref(),
            Some("[WARN] not this protocol: magic")
        );
        assert_eq!(
            said_by_plugin("2026-11-23 06:56:55,879 [WARN] [router] none"),
            None
        );
        assert!(shown(line).contains("plugin | "));
    }

    #[test]
    fn a_refused_plugin_is_noticed() {
        assert!(fatal(
            "[ERROR] [mosn] [init codec] init wasm codec failed: plugin not found"
        ));
        assert!(!fatal(
            "[ERROR] [mosn] [init codec] load wasm codec succeed: "
        ));
        assert!(loaded(
            "[ERROR] [mosn] [init codec] load wasm codec succeed: "
        ));
    }
}
