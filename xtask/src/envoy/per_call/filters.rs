//! The HTTP filters: rules and limits.

use serde_json::{Value, json};

use super::TYPE;
use super::flags::{Callee, Policies};
use super::listener::path_of;

/// All of them, the router last.
pub(super) fn all(flags: &Policies) -> Vec<Value> {
    let mut filters = Vec::new();
    if !flags.deny.is_empty() {
        filters.push(deny(&flags.deny));
    }
    filters.extend(flags.rate.map(rate));
    filters.push(json!({
        "name": "router",
        "typed_config": {"@type": format!("{TYPE}.filters.http.router.v3.Router")},
    }));
    filters
}

/// Rules for what is denied. Where a server may find another callee than the path names, no rule can judge: that is denied, too.
fn deny(callees: &[Callee]) -> Value {
    let is_certain =
        json!({"header": {"name": "x-meshwire-callee", "string_match": {"exact": "named"}}});
    let denied = callees
        .iter()
        .map(|callee| json!({"url_path": {"path": path_of(callee).rule()}}));
    let permissions: Vec<Value> = denied.chain([json!({"not_rule": is_certain})]).collect();
    json!({
        "name": "rbac",
        "typed_config": {
            "@type": format!("{TYPE}.filters.http.rbac.v3.RBAC"),
            "rules": {
                "action": "DENY",
                "policies": {"denied": {"permissions": permissions, "principals": [{"any": true}]}},
            },
        },
    })
}

fn rate(calls: u32) -> Value {
    let always = json!({"default_value": {"numerator": 100, "denominator": "HUNDRED"}});
    json!({
        "name": "rate",
        "typed_config": {
            "@type": format!("{TYPE}.filters.http.local_ratelimit.v3.LocalRateLimit"),
            "stat_prefix": "calls",
            "token_bucket": {"max_tokens": calls, "tokens_per_fill": calls, "fill_interval": "1s"},
            "filter_enabled": always,
            "filter_enforced": always,
        },
    })
}
