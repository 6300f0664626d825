//! Documents name the tests that show what they say: these must exist.

use super::Remark;
use super::source::File;

/// In a document `file::function` and `TestFunction` name tests, and a code span after the word
/// "case" one of the suite.
pub(super) fn named_tests(files: &[File]) -> Vec<Remark> {
    let documents = files
        .iter()
        .filter(|file| file.path.starts_with("docs/") || file.path == "SECURITY.md");
    let mut remarks = Vec::new();
    for document in documents {
        for (line, before, span) in spans(&document.text) {
            let exists = if let Some((file, function)) = rust_test(span) {
                has_function(files, file, function)
            } else if is_go_test(span) {
                let declared = format!("func {span}(");
                files.iter().any(|file| file.text.contains(&declared))
            } else if before.ends_with("case ") {
                let named = format!("\"{span}\"");
                let mut cases = files
                    .iter()
                    .filter(|file| file.path.starts_with("tests/e2e/src/mosn/cases/"));
                cases.any(|file| file.text.contains(&named))
            } else {
                true
            };
            if !exists {
                let what = format!("there is no test or case `{span}`");
                remarks.push(Remark::new(&document.path, line, what));
            }
        }
    }
    remarks
}

/// The code spans of a document that is not code itself, with their lines and what precedes them.
fn spans(text: &str) -> Vec<(usize, &str, &str)> {
    let mut spans = Vec::new();
    let mut inside = false;
    for (at, line) in text.lines().enumerate() {
        if line.starts_with("```") {
            inside = !inside;
        }
        if inside {
            continue;
        }
        let mut parts = line.split('`');
        while let (Some(before), Some(span)) = (parts.next(), parts.next()) {
            spans.push((at + 1, before, span));
        }
    }
    spans
}

/// `file::function`, both in small letters.
fn rust_test(span: &str) -> Option<(&str, &str)> {
    let (file, function) = span.split_once("::")?;
    let is_name = |name: &str| {
        let mut chars = name.chars();
        !name.is_empty() && chars.all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_'))
    };
    (is_name(file) && is_name(function)).then_some((file, function))
}

fn is_go_test(span: &str) -> bool {
    let name = span.strip_prefix("Test").unwrap_or_default();
    name.starts_with(char::is_uppercase) && name.chars().all(char::is_alphanumeric)
}

fn has_function(files: &[File], name: &str, function: &str) -> bool {
    let file = format!("/{name}.rs");
    let function = format!("fn {function}(");
    // A function that is generic over its guest has its own brackets first.
    let generic = function.replace('(', "<");
    let mut files = files.iter().filter(|other| other.path.ends_with(&file));
    files.any(|other| other.text.contains(&function) || other.text.contains(&generic))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn remarks(document: &str) -> Vec<String> {
        let files = [
            File::new("docs/a.md", document),
            File::new("tests/tests/flows/calls.rs", "fn one_call(x: u8) {}"),
            File::new("xtask/mosn/engine/x_test.go", "func TestIt(t *testing.T) {"),
            File::new(
                "tests/e2e/src/mosn/cases/calls.rs",
                "Case::new(\"call-crowd\", crowd)",
            ),
        ];
        let remarks = named_tests(&files);
        remarks.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_exists_may_be_named() {
        let document = "`calls::one_call`, `TestIt`, case `call-crowd`, `x`, `Vec::new`, `Test`";
        assert_eq!(remarks(document), Vec::<String>::new());
    }

    #[test]
    fn what_does_not_is_found() {
        let document = "x\n| `calls::no_call` | `other::one_call`, `TestOther`, case `call` |";
        let found = remarks(document);
        assert_eq!(found.len(), 4);
        assert_eq!(
            found[0],
            "docs/a.md:2: there is no test or case `calls::no_call`"
        );
    }

    #[test]
    fn promises_of_security_are_held_by_tests_that_exist() {
        let files = [File::new("SECURITY.md", "| no panic | `damage::no_test` |")];
        assert_eq!(named_tests(&files).len(), 1);
    }

    #[test]
    fn code_is_not_read() {
        assert_eq!(
            remarks("```\n`calls::no_call`\n```\n"),
            Vec::<String>::new()
        );
    }
}
