//! The name of a new plugin, in the spellings its files need.

use anyhow::{Result, bail};

/// A checked name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Name(String);

/// Words that cannot name a crate, or that mean something else to cargo.
#[rustfmt::skip]
const RESERVED: &[&str] = &[
    "abstract", "alloc", "as", "async", "await", "become", "box", "break", "build", "const",
    "continue", "core", "crate", "deps", "do", "dyn", "else", "enum", "examples", "extern", "false",
    "final", "fn", "for", "gen", "if", "impl", "in", "incremental", "let", "loop", "macro", "match",
    "mod", "move", "mut", "override", "priv", "proc-macro", "pub", "ref", "return", "self",
    "static", "std", "struct", "super", "test", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

impl Name {
    /// Checks the spelling.
    pub(crate) fn parse(name: &str) -> Result<Self> {
        if !is_kebab(name) {
            bail!(
                "`{name}` cannot name a plugin: use lower-case letters, digits and single hyphens, \
                 starting with a letter{}",
                better(name)
            );
        }
        if let Some(rest) = name.strip_prefix("x-") {
            bail!("the prefix `x-` is added automatically: name the plugin `{rest}`");
        }
        if RESERVED.contains(&name) {
            bail!("`{name}` is a reserved word, choose another name");
        }
        Ok(Self(name.to_owned()))
    }

    /// Checks that `cargo build -p <name>` will mean one package of the lock file.
    pub(super) fn check_free(&self, lock: &str) -> Result<()> {
        let entry = format!("name = \"{}\"", self.0);
        if lock.lines().any(|line| line == entry) {
            bail!(
                "a package `{}` exists in this workspace or among its dependencies",
                self.0
            );
        }
        Ok(())
    }

    /// `my-rpc`
    pub(crate) fn kebab(&self) -> &str {
        &self.0
    }

    /// `my_rpc`
    pub(super) fn snake(&self) -> String {
        self.0.replace('-', "_")
    }

    /// `MyRpc`
    pub(super) fn camel(&self) -> String {
        self.0.split('-').map(capitalised).collect()
    }
}

fn capitalised(word: &str) -> String {
    let mut chars = word.chars();
    chars
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .chain(chars)
        .collect()
}

fn is_kebab(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.split('-').all(|word| {
            !word.is_empty()
                && word
                    .chars()
                    .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit())
        })
}

/// `, such as …`, if the intended name can be guessed.
fn better(name: &str) -> String {
    let mut guess = String::new();
    let mut last = '-';
    for c in name.chars() {
        // A capital starts a word, unless the one before it was a capital too.
        let starts_word = c.is_ascii_uppercase() && !last.is_ascii_uppercase();
        let ends_word = starts_word || !c.is_ascii_alphanumeric();
        if ends_word && !guess.is_empty() && !guess.ends_with('-') {
            guess.push('-');
        }
        if c.is_ascii_alphanumeric() {
            guess.push(c.to_ascii_lowercase());
        }
        last = c;
    }
    let guess = guess.trim_end_matches('-');
    if is_kebab(guess) {
        format!(", such as `{guess}`")
    } else {
        String::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(name: &str) -> String {
        Name::parse(name).unwrap_err().to_string()
    }

    #[test]
    fn a_name_has_three_spellings() {
        let name = Name::parse("my-rpc2").unwrap();
        assert_eq!(name.kebab(), "my-rpc2");
        assert_eq!(name.snake(), "my_rpc2");
        assert_eq!(name.camel(), "MyRpc2");
    }

    #[test]
    fn a_wrong_spelling_is_answered_with_the_right_one() {
        assert!(
            refused("MyRpc").contains("such as `my-rpc`"),
            "{}",
            refused("MyRpc")
        );
        assert!(refused("my_rpc").contains("such as `my-rpc`"));
        assert!(refused("HTTP").contains("such as `http`"));
        assert!(refused("a--b").contains("such as `a-b`"));
        assert!(!refused("2x").contains("such as"));
        assert!(!refused("").contains("such as"));
        assert!(refused("../x").contains("such as `x`"));
    }

    #[test]
    fn names_that_mean_something_else_are_refused() {
        assert!(refused("match").contains("reserved"));
        assert!(refused("x-rpc").contains("`rpc`"));
        let bytes = Name::parse("bytes").unwrap();
        assert!(bytes.check_free("[[package]]\nname = \"bytes\"\n").is_err());
        assert!(bytes.check_free("name = \"bytes-utils\"\n").is_ok());
    }
}
