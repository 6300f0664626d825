//! Where errors are: each at a token of the author.

use super::errors_at;
use super::expanded::expanded;
use super::mistakes::sources;

/// Errors about what is missing are at the attribute as a whole.
const MISSING: &str = "a protocol needs `";

#[test]
fn every_error_is_at_a_token_of_the_author() {
    for text in sources() {
        let parsed = syn::parse_file(&text).expect("a case is Rust");
        for outcome in parsed.items.iter().filter_map(expanded) {
            for (tokens, message) in errors_at(&outcome) {
                let known = !tokens.is_empty() && text.contains(&tokens);
                let known = known || message.starts_with(MISSING);
                assert!(known, "{message} at `{tokens}` of {text}");
            }
        }
    }
}
