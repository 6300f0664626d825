//! Third-party clients and servers.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use super::config::Upstream;
use crate::envoy::context::{Context, NOTICE, eventually};
use meshwire_support::peers::{Call, CallOutcome, Load};

pub(super) fn socket(context: &Context) -> Result<()> {
    calls(context, Upstream::Socket)
}

pub(super) fn bridge(context: &Context) -> Result<()> {
    calls(context, Upstream::Bridge)
}

fn calls(context: &Context, upstream: Upstream) -> Result<()> {
    let server = context.serve()?;
    let host = context.host_per_call(server.address(), upstream, &json!({}))?;
    let client = context.client()?;
    let sizes = [1, 1000, 16_384, 200 * 1024];
    for size in sizes {
        let call = Call::default().size(size).timeout(NOTICE);
        let answer = client.call(host.address(), &call)?;
        answer.ok().with_context(|| format!("{size} bytes"))?;
    }
    for call in [Call::of("fail"), Call::of("missing")] {
        let direct = client.call(server.address(), &call)?;
        let answer = client.call(host.address(), &call)?;
        ensure!(
            answer.outcome == CallOutcome::Error,
            "no error but {answer:?}"
        );
        let (found, wanted) = (answer.bare(), direct.bare());
        ensure!(found == wanted, "`{found}` instead of `{wanted}`");
    }
    client.oneway(host.address(), &Call::default())?.ok()?;
    client.heartbeat(host.address())?.ok()?;
    let load = Load {
        calls: 200,
        callers: 20,
        ..Load::default()
    };
    client.load(host.address(), &load)?.complete()?;
    let mut arrived = 0;
    eventually("the one-way call", || {
        arrived += server.seen()?.oneways;
        Ok(arrived == 1)
    })?;
    let calls = sizes.len() as u64 + 2 + 200;
    host.counts("frames.request", calls)?;
    host.counts("frames.response", calls)?;
    host.counts("frames.oneway", 1)?;
    host.counts_none_of(&[
        "bad_frames",
        "refused",
        "dropped",
        "local_replies",
        "panics",
    ])
}
