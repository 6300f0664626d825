//! What is tried with every pair of a protocol.

use anyhow::Result;

use super::context::Context;
use super::{Facts, calls, guard, unjudged};
use crate::case::Case;
use crate::pair::Pair;

pub(super) const CASES: &[Case<Pair<Facts>>] = &[
    case(
        "sizes",
        "bodies of 1 B to 200 KiB arrive, and each call is counted",
        calls::sizes,
    ),
    case(
        "load",
        "200 calls of 20 callers are counted, timed and logged",
        calls::load,
    ),
    case(
        "latency",
        "the time of a slow call is the server's",
        calls::latency,
    ),
    case(
        "errors",
        "errors reach the client as without the host, and have their status",
        calls::errors,
    ),
    case(
        "one-way",
        "one-way calls are counted and wait for no answer",
        calls::one_way,
    ),
    case(
        "heartbeat",
        "heartbeats and their answers are counted and are not calls",
        calls::heartbeat,
    ),
    case(
        "restart",
        "the server goes away and comes back",
        calls::restart,
    ),
    case(
        "route",
        "the first frame decides on the cluster",
        guard::route,
    ),
    case(
        "deny",
        "a denied call does not arrive, and is answered on its connection",
        guard::deny,
    ),
    case(
        "deny-closing",
        "on request it closes its connection instead, and no other",
        guard::deny_by_closing,
    ),
    case(
        "deny-unjudged",
        "a call that no rule can be held against does not arrive either, and is answered",
        unjudged::judged,
    ),
    case(
        "deny-bytes",
        "beside a rule, bytes that cannot be judged close the connection",
        unjudged::closing,
    ),
    case(
        "garbage",
        "what is not a frame passes unchanged, and is logged once",
        guard::garbage,
    ),
    case(
        "closed",
        "on request it closes the connection",
        guard::closed,
    ),
    case(
        "large",
        "a frame that is too large passes as well",
        guard::large,
    ),
    case(
        "soak",
        "6 seconds of calls with garbage, cut connections and killed servers",
        guard::soak,
    ),
];

/// Each wait of a case has a timeout of its own; these are for libraries that are fetched and built first.
const fn case(
    name: &'static str,
    about: &'static str,
    run: fn(&Context) -> Result<()>,
) -> Case<Pair<Facts>> {
    Case::new(name, about, run).seconds(600)
}
