//! Who is called, by the headers of the call.

use super::Config;
use crate::frame::Headers;

/// The service and the method that a call names; empty where it names none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Callee<'h> {
    pub(super) service: &'h [u8],
    pub(super) method: &'h [u8],
}

impl<'h> Callee<'h> {
    /// Of the headers that the operator names, the first one of his list counts that is there.
    pub(super) fn of(headers: &Headers<'h>, config: &Config) -> Self {
        let mut service = Search::new(&config.service);
        let mut method = Search::new(&config.method);
        for (key, value) in headers.iter() {
            service.look(key, value);
            method.look(key, value);
            if service.keys.is_empty() && method.keys.is_empty() {
                break;
            }
        }
        Self {
            service: service.found,
            method: method.found,
        }
    }
}

/// A search for the first one of some keys.
struct Search<'k, 'h> {
    /// Those that would count more than what is found.
    keys: &'k [String],
    found: &'h [u8],
}

impl<'k, 'h> Search<'k, 'h> {
    const fn new(keys: &'k [String]) -> Self {
        Self { keys, found: &[] }
    }

    fn look(&mut self, key: &[u8], value: &'h [u8]) {
        let mut keys = self.keys.iter();
        if let Some(at) = keys.position(|wanted| wanted.as_bytes() == key) {
            self.keys = self.keys.get(..at).unwrap_or_default();
            self.found = value;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::HeaderMap;

    #[test]
    fn the_first_key_of_the_list_counts_and_of_it_the_first_pair() {
        let config = Config::parse(br#"{"service": ["a", "b"], "method": ["b", "c"]}"#).unwrap();
        for (pairs, service, method) in [
            (&[("b", "1"), ("a", "2"), ("a", "3")][..], "2", "1"),
            (&[("c", "1"), ("b", "2"), ("b", "3")], "2", "2"),
            (&[("c", "1"), ("x", "2")], "", "1"),
            (&[], "", ""),
        ] {
            let headers: HeaderMap = pairs.iter().copied().collect();
            let callee = Callee::of(&headers.as_headers(), &config);
            let wanted = Callee {
                service: service.as_bytes(),
                method: method.as_bytes(),
            };
            assert_eq!(callee, wanted, "{pairs:?}");
        }
    }
}
