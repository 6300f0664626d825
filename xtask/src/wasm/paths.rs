//! Paths of source files that a compiler has left in the data of a module.

/// The first folders of paths that differ from machine to machine. Those of the standard library begin with
/// `/rustc/` everywhere, those of a workspace are relative.
const HOMES: [&str; 3] = ["home", "root", "Users"];

/// Where cargo keeps sources, wherever that is.
const CARGO: [[&str; 2]; 2] = [["registry", "src"], ["git", "checkouts"]];

/// The Rust sources that `data` names by paths of one machine, each once, in order.
pub(super) fn of_a_machine(data: &[u8]) -> Vec<String> {
    let mut paths = Vec::new();
    // Texts have no ends in a module: one may follow directly on another.
    for text in data.split(|byte| !is_path(*byte)) {
        let mut rest = str::from_utf8(text).unwrap_or_default();
        while let Some(end) = rest.find(".rs").map(|at| at + ".rs".len()) {
            let (one, after) = rest.split_at(end);
            let path = absolute(one).map(str::to_owned);
            paths.extend(path.filter(|path| !paths.contains(path)));
            rest = after;
        }
    }
    paths
}

/// The path at the end of `text`, without what precedes it there, if it is one of a machine.
fn absolute(text: &str) -> Option<&str> {
    let drive = text.find(":\\").and_then(|colon| colon.checked_sub(1));
    let path = &text[drive.or_else(|| text.find('/'))?..];
    let folders: Vec<&str> = path.split(['/', '\\']).collect();
    let home = folders.get(1).is_some_and(|first| HOMES.contains(first));
    let cargo = folders
        .windows(2)
        .any(|two| CARGO.iter().any(|of| two == of));
    (home || cargo).then_some(path)
}

fn is_path(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"/\\:._-+@~".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_a_machine_are_found_between_other_texts() {
        let data = b"\0\x01on a `None` value/builds/a/.cargo/registry/src/index-1/bytes-1.12.2/src/lib.rs\0\
            runtime/src/wire/slot.rs/rustc/59807616/library/core/src/option.rs\
            C:\\Users\\b\\meshwire\\runtime\\src\\lib.rs\0cargo/index-1/bytes-1.12.2/src/lib.rs";
        assert_eq!(
            of_a_machine(data),
            [
                "/builds/a/.cargo/registry/src/index-1/bytes-1.12.2/src/lib.rs",
                "C:\\Users\\b\\meshwire\\runtime\\src\\lib.rs"
            ]
        );
    }

    #[test]
    fn each_path_is_named_once() {
        for home in HOMES {
            let (a, b) = (format!("/{home}/a.rs"), format!("/{home}/b.rs"));
            let data = format!("{a}\0{b}{a}\0see /{home}/page, src/lib.rs");
            assert_eq!(of_a_machine(data.as_bytes()), [a, b]);
        }
    }
}
