//! "expected one of …" and "did you mean …".

/// The tail of an error about `word`: what could be there, and the likeliest meaning.
pub(crate) fn instead(word: &str, words: &[&str]) -> String {
    let expected = match words {
        [] => String::new(),
        [only] => format!(", expected `{only}`"),
        _ => format!(", expected one of {}", quoted(words)),
    };
    match closest(word, words) {
        Some(near) if words.len() > 1 => format!("{expected}; did you mean `{near}`?"),
        _ => expected,
    }
}

/// Only the "did you mean", where a full list would be long or unhelpful.
pub(crate) fn hint(word: &str, words: &[&str]) -> String {
    closest(word, words).map_or_else(String::new, |near| format!(", did you mean `{near}`?"))
}

/// `` `a`, `b`, `c` ``
pub(crate) fn quoted(words: &[&str]) -> String {
    let all: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    all.join(", ")
}

/// The nearest of `words`, if a slip of the fingers explains the difference.
pub(crate) fn closest<'a>(word: &str, words: &[&'a str]) -> Option<&'a str> {
    let limit = match word.chars().count() {
        0..=2 => 1,
        3..=5 => 2,
        _ => 3,
    };
    words
        .iter()
        .map(|candidate| (distance(word, candidate), *candidate))
        .filter(|(far, candidate)| *far <= limit && *far < candidate.chars().count())
        .min_by_key(|(far, _)| *far)
        .map(|(_, candidate)| candidate)
}

/// Edits between two words, in any case: insert, remove, replace, or swap neighbours.
fn distance(left: &str, right: &str) -> usize {
    strsim::osa_distance(&left.to_lowercase(), &right.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_found() {
        assert_eq!(closest("timout", &["id", "timeout"]), Some("timeout"));
        assert_eq!(closest("lenof", &["len_of", "endian"]), Some("len_of"));
        assert_eq!(closest("reqeust", &["request"]), Some("request"));
        assert_eq!(closest("di", &["id", "at"]), Some("id"));
    }

    #[test]
    fn another_word_is_not() {
        assert_eq!(closest("checksum", &["id", "timeout", "endian"]), None);
        assert_eq!(closest("x", &["a", "at", "id"]), None);
        assert_eq!(closest("anything", &[]), None);
    }
}
