//! Calls that must not get through.

/// Which calls a rule is about. What it does not name may be anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rule {
    /// The service.
    pub(super) service: Option<String>,
    /// The method.
    pub(super) method: Option<String>,
}

impl Rule {
    fn is_about(&self, service: &[u8], method: &[u8]) -> bool {
        let agrees = |wanted: &Option<String>, found: &[u8]| {
            wanted
                .as_ref()
                .is_none_or(|wanted| wanted.as_bytes() == found)
        };
        agrees(&self.service, service) && agrees(&self.method, method)
    }
}

/// Whether one of the rules is about a call.
pub(super) fn deny(rules: &[Rule], service: &[u8], method: &[u8]) -> bool {
    rules.iter().any(|rule| rule.is_about(service, method))
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

    #[test]
    fn a_rule_is_about_what_it_names() {
        let rules = [
            rule(Some("a"), None),
            rule(None, Some("drop")),
            rule(Some("b"), Some("x")),
        ];
        let denied =
            |service: &str, method: &str| deny(&rules, service.as_bytes(), method.as_bytes());
        assert!(denied("a", "") && denied("a", "any") && denied("c", "drop") && denied("b", "x"));
        assert!(!denied("b", "y") && !denied("", "") && !denied("aa", "x"));
        assert!(!deny(&[], b"a", b"drop"));
    }
}
