//! Who is called, by the headers of the call.

use super::Config;
use super::rules::Cause;
use crate::frame::Headers;
use crate::protocol::Callee;

/// The headers that name the service and the method: those of the operator, or else of the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Keys {
    service: Vec<String>,
    method: Vec<String>,
}

impl Keys {
    /// The keys of a protocol with this configuration.
    pub(super) fn of<P: Callee>(config: &Config) -> Self {
        let keys = |own: &Option<Vec<String>>, default: &[&str]| match own {
            Some(own) => own.clone(),
            None => default.iter().copied().map(str::to_owned).collect(),
        };
        Self {
            service: keys(&config.service, P::SERVICE),
            method: keys(&config.method, P::METHOD),
        }
    }

    /// These keys.
    #[cfg(test)]
    pub(super) fn new(service: &[&str], method: &[&str]) -> Self {
        let owned = |keys: &[&str]| keys.iter().copied().map(str::to_owned).collect();
        Self {
            service: owned(service),
            method: owned(method),
        }
    }

    /// Whether no header names the service, or the method.
    pub(super) fn lack(&self) -> (bool, bool) {
        (self.service.is_empty(), self.method.is_empty())
    }
}

/// The service and the method that a call names first; empty where it names none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Named<'h> {
    pub(super) service: &'h [u8],
    pub(super) method: &'h [u8],
}

impl<'h> Named<'h> {
    /// Of each list of keys the first one counts that is there.
    pub(super) fn of(headers: &Headers<'h>, keys: &Keys) -> Self {
        let mut service = Search::new(&keys.service);
        let mut method = Search::new(&keys.method);
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

/// Values that one call can have: a call that names more is made to confuse.
const MOST: usize = 16;

/// All that a call names as its service, or as its method.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Values<'h> {
    known: [&'h [u8]; MOST],
    count: usize,
    /// Whether a value has a key of the list, letter by letter.
    is_named: bool,
    /// Why there may be others.
    gap: Option<Cause>,
}

impl<'h> Values<'h> {
    /// Services and methods that a call with these headers names.
    pub(super) fn of(headers: &Headers<'h>, keys: &Keys) -> (Self, Self) {
        let (mut service, mut method) = (Self::default(), Self::default());
        for (key, value) in headers.iter() {
            service.look(&keys.service, key, value);
            method.look(&keys.method, key, value);
        }
        (service, method)
    }

    /// Some servers ignore the case of keys.
    fn look(&mut self, keys: &[String], key: &[u8], value: &'h [u8]) {
        let like = |wanted: &&String| wanted.as_bytes().eq_ignore_ascii_case(key);
        if keys.iter().any(|wanted| like(&wanted)) {
            let exact = keys.iter().any(|wanted| wanted.as_bytes() == key);
            self.add(value, exact);
        }
    }

    /// Adds a value, unless it is empty; `exact` if its key is one of the list, letter by letter. Some servers
    /// take white space off, and none has names that differ in it alone.
    pub(super) fn add(&mut self, value: &'h [u8], exact: bool) {
        let value = value.trim_ascii();
        if value.is_empty() {
            return;
        }
        self.is_named |= exact;
        match self.known.get_mut(self.count) {
            Some(place) => {
                *place = value;
                self.count += 1;
            }
            None => self.hide(Cause::Ambiguous),
        }
    }

    /// There may be other values than those that are known.
    pub(super) fn hide(&mut self, cause: Cause) {
        self.gap = self.gap.or(Some(cause));
    }

    /// The values that are known.
    pub(super) fn iter(&self) -> impl Iterator<Item = &'h [u8]> {
        self.known.iter().copied().take(self.count)
    }

    /// Why the server may take another value than those that are known; `None` if it cannot.
    pub(super) fn gap(&self) -> Option<Cause> {
        self.gap.or((!self.is_named).then_some(Cause::Unnamed))
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::Acme;
    use super::*;
    use crate::frame::HeaderMap;

    #[test]
    fn the_first_key_of_the_list_counts_and_of_it_the_first_pair() {
        let keys = Keys::new(&["a", "b"], &["b", "c"]);
        for (pairs, service, method) in [
            (&[("b", "1"), ("a", "2"), ("a", "3")][..], "2", "1"),
            (&[("c", "1"), ("b", "2"), ("b", "3")], "2", "2"),
            (&[("c", "1"), ("x", "2")], "", "1"),
            (&[], "", ""),
        ] {
            let headers: HeaderMap = pairs.iter().copied().collect();
            let named = Named::of(&headers.as_headers(), &keys);
            let wanted = Named {
                service: service.as_bytes(),
                method: method.as_bytes(),
            };
            assert_eq!(named, wanted, "{pairs:?}");
        }
    }

    #[test]
    fn the_operators_keys_come_before_the_protocols() {
        let own = Keys::of::<Acme>(&Config::parse(br#"{"service": ["a", "b"]}"#).unwrap());
        assert_eq!(own, Keys::new(&["a", "b"], Acme::METHOD));
        let default = Keys::of::<Acme>(&Config::default());
        assert_eq!(default, Keys::new(&["service"], &["method"]));
    }

    fn all<'h>(headers: &'h HeaderMap, keys: &Keys) -> Values<'h> {
        Values::of(&headers.as_headers(), keys).0
    }

    #[test]
    fn every_pair_of_every_key_is_a_value() {
        let keys = Keys::new(&["a", "b"], &[]);
        let pairs = [
            ("b", "1"),
            ("x", "2"),
            ("a", "3"),
            ("A", "4"),
            ("a", ""),
            ("b", "5"),
        ];
        let headers: HeaderMap = pairs.into_iter().collect();
        let values = all(&headers, &keys);
        let found: Vec<_> = values.iter().collect();
        assert_eq!(found, [b"1", b"3", b"4", b"5"]);
        assert_eq!(values.gap(), None);
    }

    #[test]
    fn a_key_in_other_letters_names_nothing() {
        let keys = Keys::new(&["service"], &[]);
        let headers: HeaderMap = [("Service", "a")].into_iter().collect();
        let values = all(&headers, &keys);
        assert_eq!(values.iter().count(), 1);
        assert_eq!(values.gap(), Some(Cause::Unnamed));
    }

    #[test]
    fn values_are_bounded() {
        let keys = Keys::new(&["a"], &[]);
        for (count, gap) in [(MOST, None), (MOST + 1, Some(Cause::Ambiguous))] {
            let headers: HeaderMap = (0..count).map(|_| ("a", "1")).collect();
            let values = all(&headers, &keys);
            assert_eq!((values.iter().count(), values.gap()), (MOST, gap));
        }
    }
}
