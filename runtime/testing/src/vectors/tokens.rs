//! Words, split at white space that is not in quotes.

/// The words of a line: `header:a="b c"` is one. In quotes, a backslash takes the next character as
/// it is.
pub(super) fn split(line: &str) -> Result<Vec<String>, String> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quoted = false;
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match char {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            '\\' if quoted => word.get_or_insert_default().extend(chars.next()),
            _ if char.is_whitespace() && !quoted => words.extend(word.take()),
            _ => word.get_or_insert_default().push(char),
        }
    }
    if quoted {
        return Err("unclosed quote".to_owned());
    }
    words.extend(word);
    Ok(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_white_space() {
        assert_eq!(
            split(r#" a=1  b="c d" "\"" "" "#).unwrap(),
            ["a=1", "b=c d", "\"", ""]
        );
    }
}
