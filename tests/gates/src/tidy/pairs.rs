//! Files that come in pairs: a mistake and its message, a key and its description.

use super::Remark;
use super::source::{File, is_word, line_of};

const UI: &str = "tests/ui/";
const NAMES: &str = "macros/src/names.rs";
const REFERENCE: &str = "runtime/docs/attributes.md";

/// Every mistake in `tests/ui/<topic>/` has the message it must get; `pass/` holds none.
pub(super) fn ui_tests(files: &[File]) -> Vec<Remark> {
    let has = |path: &str| files.iter().any(|file| file.path == path);
    files
        .iter()
        .filter(|file| {
            let topic = file.path.strip_prefix(UI).and_then(|p| p.split_once('/'));
            topic.is_some_and(|(topic, _)| topic != "pass")
        })
        .filter_map(|file| {
            let (stem, kind) = file.path.rsplit_once('.')?;
            let (other, what) = match kind {
                "rs" => (
                    "stderr",
                    "no `.stderr` says which message this mistake gets",
                ),
                "stderr" => ("rs", "no `.rs` makes this mistake any more"),
                _ => return None,
            };
            (!has(&format!("{stem}.{other}"))).then(|| Remark::new(&file.path, 0, what))
        })
        .collect()
}

/// Every key of the attribute language is described in the reference.
pub(super) fn attribute_keys(files: &[File]) -> Vec<Remark> {
    let find = |path: &str| files.iter().find(|file| file.path == path);
    let Some(names) = find(NAMES) else {
        return Vec::new();
    };
    let keys = keys(&names.text);
    if keys.is_empty() {
        let what = "no rows `Key = \"word\", \"form\";` found, teach tests/gates/src/tidy/pairs.rs";
        return vec![Remark::new(NAMES, 0, what)];
    }
    let Some(reference) = find(REFERENCE) else {
        return vec![Remark::new(
            REFERENCE,
            0,
            "the reference of the attribute language is missing",
        )];
    };
    keys.into_iter()
        .filter(|(_, key)| !describes(&reference.text, key))
        .map(|(line, key)| Remark::new(NAMES, line, format!("`{key}` is not in {REFERENCE}")))
        .collect()
}

/// The words of the rows `Key = "word", "form";`, with their lines.
fn keys(names: &str) -> Vec<(usize, &str)> {
    let mut at = 0;
    let mut keys = Vec::new();
    for row in names.split_inclusive('\n') {
        keys.extend(key(row.trim()).map(|key| (line_of(names, at), key)));
        at += row.len();
    }
    keys
}

fn key(row: &str) -> Option<&str> {
    let (variant, rest) = row.split_once(" = \"")?;
    let (word, rest) = rest.split_once("\", \"")?;
    let is_row = variant.chars().all(char::is_alphanumeric) && rest.ends_with("\";");
    (is_row && word.chars().all(is_word)).then_some(word)
}

/// Whether a code span of the reference starts with the key, alone or in `#[frame(key …)]`.
fn describes(reference: &str, key: &str) -> bool {
    ["`", "frame(", "protocol("].iter().any(|lead| {
        let lead = format!("{lead}{key}");
        reference
            .match_indices(&lead)
            .any(|(at, _)| !reference[at + lead.len()..].starts_with(is_word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mistake_needs_its_message() {
        let files = [
            File::new("tests/ui/main.rs", ""),
            File::new("tests/ui/roles/two_ids.rs", ""),
            File::new("tests/ui/roles/two_ids.stderr", ""),
            File::new("tests/ui/roles/no_id.rs", ""),
            File::new("tests/ui/roles/gone.stderr", ""),
            File::new("tests/ui/pass/fine.rs", ""),
        ];
        let paths: Vec<String> = ui_tests(&files).into_iter().map(|r| r.path).collect();
        assert_eq!(
            paths,
            ["tests/ui/roles/no_id.rs", "tests/ui/roles/gone.stderr"]
        );
    }

    #[test]
    fn a_key_needs_its_description() {
        let names = "keys! {\n    At = \"at\", \"at = offset\";\n    LenOf = \"len_of\", \"len_of = part\";\n}";
        let reference = "| `at = N` | … |\n`attic`, `#[frame(len_of = body)]`";
        let files = |reference: &str| {
            attribute_keys(&[File::new(NAMES, names), File::new(REFERENCE, reference)])
        };
        assert!(files(reference).is_empty());
        let found = files("`attic`");
        assert_eq!(found.len(), 2);
        assert_eq!(
            found[1].to_string(),
            "macros/src/names.rs:3: `len_of` is not in runtime/docs/attributes.md"
        );
    }

    #[test]
    fn a_table_that_moved_is_noticed() {
        assert_eq!(
            attribute_keys(&[File::new(NAMES, "const X: u8 = 1;")]).len(),
            1
        );
        assert_eq!(
            attribute_keys(&[File::new(NAMES, "A = \"a\", \"a\";")]).len(),
            1
        );
    }
}
