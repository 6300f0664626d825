//! Denied calls, and calls that cannot be checked.

use core::str;

use super::callee::Values;

/// Which calls a rule is about. What it does not name may be anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// The service.
    pub(super) service: Option<String>,
    /// The method.
    pub(super) method: Option<String>,
}

/// Why a frame does not get through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// A rule is about the call.
    Rule,
    /// Several headers name the callee, a rule is about one of them, and the server may believe any.
    Ambiguous,
    /// The call does not name what a rule names.
    Unnamed,
    /// The headers of the call, or the name in them, cannot be read.
    Unreadable,
    /// The protocol cannot read this part of the frame, which a server may find the callee in.
    Unknown(&'static str),
    /// An answer of the client to no call, which a server may take for a call.
    Unasked,
}

impl Cause {
    /// The cause in a word, for the log.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Ambiguous => "ambiguous",
            Self::Unnamed => "unnamed",
            Self::Unreadable => "unreadable",
            Self::Unknown(_) => "unknown",
            Self::Unasked => "unasked",
        }
    }
}

/// Whether a rule is about a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Answer {
    Yes(Cause),
    No,
    /// The call does not say.
    Unsure(Cause),
}

impl Answer {
    /// Whether a rule is about a call of which it is about the service and the method as answered.
    const fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::No, _) | (_, Self::No) => Self::No,
            (unsure @ Self::Unsure(_), _) | (_, unsure @ Self::Unsure(_)) => unsure,
            (Self::Yes(Cause::Rule), yes) | (yes, _) => yes,
        }
    }

    /// Whether `wanted` is what a call names. Servers differ in which of several values they take, so it is
    /// if any value is.
    fn of(wanted: Option<&str>, found: &Values<'_>) -> Self {
        let Some(wanted) = wanted else {
            return Self::Yes(Cause::Rule);
        };
        let (mut is_one, mut is_other, mut is_text) = (false, false, true);
        for value in found.iter() {
            is_one |= value == wanted.as_bytes();
            is_other |= value != wanted.as_bytes();
            is_text &= wanted.is_ascii() || str::from_utf8(value).is_ok();
        }
        match found.gap() {
            _ if is_one && is_other => Self::Yes(Cause::Ambiguous),
            _ if is_one => Self::Yes(Cause::Rule),
            Some(cause) => Self::Unsure(cause),
            // The same name may have other bytes in another encoding.
            None if !is_text => Self::Unsure(Cause::Unreadable),
            None => Self::No,
        }
    }
}

/// Why a call that names these services and methods must not get through; `None` if it may. That is where
/// all rules are known to be about others.
pub(super) fn judge(rules: &[Rule], service: &Values<'_>, method: &Values<'_>) -> Option<Cause> {
    let mut unsure = None;
    for rule in rules {
        let about_service = Answer::of(rule.service.as_deref(), service);
        let about_method = Answer::of(rule.method.as_deref(), method);
        match about_service.and(about_method) {
            Answer::Yes(cause) => return Some(cause),
            Answer::Unsure(cause) => unsure = unsure.or(Some(cause)),
            Answer::No => {}
        }
    }
    unsure
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(service: Option<&str>, method: Option<&str>) -> Rule {
        Rule {
            service: service.map(str::to_owned),
            method: method.map(str::to_owned),
        }
    }

    fn values<'v>(texts: &[&'v str]) -> Values<'v> {
        let mut values = Values::default();
        for text in texts {
            values.add(text.as_bytes(), true);
        }
        values
    }

    #[track_caller]
    fn judged(rules: &[Rule], service: &[&str], method: &[&str], wanted: Option<Cause>) {
        let found = judge(rules, &values(service), &values(method));
        assert_eq!(found, wanted, "{service:?} {method:?}");
    }

    #[test]
    fn a_rule_is_about_what_it_names() {
        let rules = [
            rule(Some("a"), None),
            rule(None, Some("drop")),
            rule(Some("b"), Some("x")),
        ];
        for (service, method) in [("a", "any"), ("c", "drop"), ("b", "x")] {
            judged(&rules, &[service], &[method], Some(Cause::Rule));
        }
        judged(&rules, &["b"], &["y"], None);
        judged(&rules, &["aa"], &["x"], None);
        judged(&[], &[], &[], None);
    }

    #[test]
    fn every_value_counts() {
        let both = [rule(Some("a"), Some("x"))];
        judged(&both, &["a", "a"], &["x"], Some(Cause::Rule));
        judged(&both, &["b", "a"], &["x"], Some(Cause::Ambiguous));
        judged(&both, &["a"], &["x", "y"], Some(Cause::Ambiguous));
        judged(&both, &["b", "c"], &["x"], None);
        judged(&both, &["b", "a"], &["y", "z"], None);
    }

    #[test]
    fn what_is_not_named_may_be_what_a_rule_names() {
        let both = [rule(Some("a"), Some("x"))];
        judged(&both, &[], &["x"], Some(Cause::Unnamed));
        judged(&both, &["a"], &[], Some(Cause::Unnamed));
        judged(&both, &[], &[], Some(Cause::Unnamed));
        // The other half rules it out.
        judged(&both, &[], &["y"], None);
        judged(&both, &["b"], &[], None);
        // What the rule does not name need not be there.
        judged(&[rule(None, Some("x"))], &[], &["y"], None);
        judged(&[rule(None, Some("x"))], &[], &["x"], Some(Cause::Rule));
        judged(&[rule(Some("a"), None)], &["b"], &[], None);
        // An empty name counts as no name.
        judged(&both, &[""], &["x"], Some(Cause::Unnamed));
        judged(&both, &["", "a"], &["x"], Some(Cause::Rule));
        judged(&both, &[" "], &["x"], Some(Cause::Unnamed));
    }

    #[test]
    fn white_space_hides_no_name() {
        let both = [rule(Some("a"), Some("x"))];
        judged(&both, &["\ta"], &["x \r\n"], Some(Cause::Rule));
        judged(&both, &["a"], &["x y"], None);
    }

    #[test]
    fn a_rule_that_is_about_the_call_is_the_cause_before_one_that_may_be() {
        let rules = [rule(Some("a"), None), rule(None, Some("x"))];
        judged(&rules, &[], &["x"], Some(Cause::Rule));
    }

    #[test]
    fn what_cannot_be_read_may_be_what_a_rule_names() {
        let rules = [rule(Some("a"), None)];
        for cause in [Cause::Unreadable, Cause::Unknown("body")] {
            let mut service = values(&["b"]);
            service.hide(cause);
            let found = judge(&rules, &service, &values(&["x"]));
            assert_eq!(found, Some(cause));
            service.add(b"a", true);
            let found = judge(&rules, &service, &values(&["x"]));
            assert_eq!(found, Some(Cause::Ambiguous));
        }
    }

    /// "漢" is `ba ba` in GBK, as a server may read it.
    #[test]
    fn a_name_in_another_encoding_is_compared_with_ascii_only() {
        let gbk = |wanted: &str| {
            let mut service = Values::default();
            service.add(b"\xba\xba", true);
            judge(&[rule(Some(wanted), None)], &service, &Values::default())
        };
        assert_eq!(gbk("\u{6f22}"), Some(Cause::Unreadable));
        assert_eq!(gbk("a"), None);
    }
}
