//! A file, and its code without comments and literals, so that words in them are not found.

/// A text file of the repository.
#[derive(Debug)]
pub(super) struct File {
    /// From the root, with `/`.
    pub(super) path: String,
    pub(super) text: String,
}

impl File {
    pub(super) fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            text: text.into(),
        }
    }

    pub(super) fn is_rust(&self) -> bool {
        std::path::Path::new(&self.path)
            .extension()
            .is_some_and(|extension| extension == "rs")
    }

    /// The text with comments and literals blanked out; every byte keeps its place.
    pub(super) fn code(&self) -> String {
        blank(&self.text)
    }
}

/// The line of a byte, from 1.
pub(super) fn line_of(text: &str, at: usize) -> usize {
    1 + text.bytes().take(at).filter(|byte| *byte == b'\n').count()
}

/// Places of `word` in `code` as a word of its own.
pub(super) fn words<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    code.match_indices(word)
        .map(|(at, _)| at)
        .filter(move |at| {
            let before = code[..*at].chars().next_back();
            let after = code[at + word.len()..].chars().next();
            !before.is_some_and(is_word) && !after.is_some_and(is_word)
        })
}

pub(super) fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn blank(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let (skipped, kept) = match skip(rest, out.chars().next_back()) {
            0 => (0, first.len_utf8()),
            length => (length, 0),
        };
        let (blanked, tail) = rest.split_at(skipped);
        // Line ends stay, and so does the length, so that places in both texts agree.
        out.extend(
            blanked
                .bytes()
                .map(|byte| if byte == b'\n' { '\n' } else { ' ' }),
        );
        let (code, tail) = tail.split_at(kept);
        out.push_str(code);
        rest = tail;
    }
    out
}

/// The length of the comment or literal that `rest` starts with; 0 if it starts with code.
fn skip(rest: &str, before: Option<char>) -> usize {
    if rest.starts_with("//") {
        return rest.find('\n').unwrap_or(rest.len());
    }
    if rest.starts_with("/*") {
        return block_comment(rest);
    }
    if rest.starts_with('"') {
        return quoted(rest, '"');
    }
    // `r` and `b` start a literal only where a word could start.
    if !before.is_some_and(is_word) {
        let raw = rest.strip_prefix('b').unwrap_or(rest);
        if let Some(length) = raw.strip_prefix('r').and_then(raw_string) {
            return rest.len() - raw.len() + 1 + length;
        }
    }
    if rest.starts_with('\'') {
        return char_literal(rest);
    }
    0
}

fn block_comment(rest: &str) -> usize {
    let mut depth = 0;
    let mut at = 0;
    while let Some(tail) = rest.get(at..).filter(|tail| !tail.is_empty()) {
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            at += tail.chars().next().map_or(1, char::len_utf8);
        }
    }
    rest.len()
}

fn quoted(rest: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in rest.char_indices().skip(1) {
        if escaped {
            escaped = false;
        } else if c == '\\' {
            escaped = true;
        } else if c == quote {
            return at + 1;
        }
    }
    rest.len()
}

/// The length of `##"…"##`, what follows the `r`.
fn raw_string(rest: &str) -> Option<usize> {
    let hashes = rest.len() - rest.trim_start_matches('#').len();
    let body = rest[hashes..].strip_prefix('"')?;
    let end = format!("\"{}", &rest[..hashes]);
    let length = body.find(&end).map_or(body.len(), |at| at + end.len());
    Some(hashes + 1 + length)
}

/// `'x'` and `'\n'` are literals, `'a` is a lifetime.
fn char_literal(rest: &str) -> usize {
    let mut chars = rest.chars().skip(1);
    match (chars.next(), chars.next()) {
        (Some('\\'), _) => quoted(rest, '\''),
        (Some(c), Some('\'')) => c.len_utf8() + 2,
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn blanked(text: &str, expected: &str) {
        let out = blank(text);
        assert_eq!(
            out.split_whitespace().collect::<Vec<_>>().join(" "),
            expected
        );
        assert_eq!(out.len(), text.len());
        assert_eq!(out.lines().count(), text.lines().count());
    }

    #[test]
    fn comments_go() {
        blanked("a // b\nc", "a c");
        blanked("/// b\nc", "c");
        blanked("a /* b /* c */ d */ e", "a e");
        blanked("a /* é", "a");
    }

    #[test]
    fn literals_go() {
        blanked(r#"a("b \" c", d)"#, "a( , d)");
        blanked(r##"a(r#"b " c"#, d)"##, "a( , d)");
        blanked(r#"a(b"x", br"y\", d)"#, "a(b , , d)");
        blanked("f('\"', 'x', '\\'', 'é')", "f( , , , )");
        blanked("a\n\"b\nc\"\nd", "a d");
    }

    #[test]
    fn lifetimes_and_words_stay() {
        blanked("fn f<'a>(x: &'a str)", "fn f<'a>(x: &'a str)");
        blanked("for r in b { r#type }", "for r in b { r#type }");
    }

    #[test]
    fn words_are_whole() {
        let found: Vec<usize> = words("unsafe unsafely not_unsafe (unsafe)", "unsafe").collect();
        assert_eq!(found, [0, 28]);
    }

    #[test]
    fn lines_count_from_one() {
        assert_eq!(line_of("a\nb\nc", 0), 1);
        assert_eq!(line_of("a\nb\nc", 4), 3);
    }
}
