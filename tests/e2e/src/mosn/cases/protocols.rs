//! Plugins of other protocols than bolt v1, between third-party clients and servers.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};

use super::talk::Talk;
use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use cargo_meshwire::mosn::codec::Codec;
use meshwire_support::peers::{Call, Load, PeerKind};

const OWN: &str = "a plugin of this repository for another protocol";

pub(super) const CASES: &[Case<Subject>] = &[
    case(
        "boltv2-load",
        "bolt v2 with CRC: 1,000 calls of Java and Node, each with its own answer",
        |context| talk(context, "boltv2", BOLTV2)?.load(""),
    ),
    case(
        "boltv2-sizes",
        "bolt v2 with CRC: bodies of 1 B to 1 MiB",
        |context| talk(context, "boltv2", BOLTV2)?.sizes(),
    ),
    case(
        "boltv2-errors",
        "bolt v2 with CRC: errors reach each client as without the host",
        |context| talk(context, "boltv2", BOLTV2)?.errors(),
    ),
    case(
        "boltv2-headers",
        "bolt v2 with CRC: headers changed by the route arrive, with a matching CRC",
        |context| headers(&talk(context, "boltv2", BOLTV2)?),
    ),
    case(
        "boltv2-heartbeat",
        "bolt v2 with CRC: heartbeats of clients are answered by the host",
        |context| talk(context, "boltv2", BOLTV2)?.heartbeat(),
    ),
    case(
        "boltv2-one-way",
        "bolt v2 with CRC: one-way calls arrive once",
        |context| talk(context, "boltv2", BOLTV2)?.one_way(),
    ),
    case(
        "boltv2-native",
        "a control: MOSN's own boltv2 loses calls with CRC",
        |context| lost(context, "boltv2", BOLTV2),
    ),
    case(
        "dubbo-load",
        "Dubbo: 1,000 calls of Java and Node, each with its own answer",
        |context| talk(context, "dubbo", DUBBO)?.load(""),
    ),
    case("dubbo-sizes", "Dubbo: bodies of 1 B to 1 MiB", |context| {
        talk(context, "dubbo", DUBBO)?.sizes()
    }),
    case(
        "dubbo-errors",
        "Dubbo: errors reach each client as without the host",
        |context| talk(context, "dubbo", DUBBO)?.errors(),
    ),
    case(
        "dubbo-headers",
        "Dubbo: the server sees attachments that the route adds",
        |context| headers(&talk(context, "dubbo", DUBBO)?),
    ),
    case(
        "dubbo-heartbeat",
        "Dubbo: heartbeats of Node clients are answered by the host",
        |context| {
            talk(
                context,
                "dubbo",
                &[(PeerKind::NodeDubbo, PeerKind::JavaDubbo)],
            )?
            .heartbeat()
        },
    ),
    case(
        "dubbo-one-way",
        "Dubbo: one-way calls of Java clients arrive once",
        |context| {
            talk(
                context,
                "dubbo",
                &[(PeerKind::JavaDubbo, PeerKind::JavaDubbo)],
            )?
            .one_way()
        },
    ),
    case(
        "dubbo-json",
        "Dubbo with fastjson2, which MOSN's own codec does not read: 1,000 calls of Java",
        |context| talk(context, "dubbo", DUBBO_JSON)?.load(""),
    ),
    case(
        "dubbo-json-native",
        "a control: MOSN's own dubbo loses calls with fastjson2",
        |context| lost(context, "dubbo", DUBBO_JSON),
    ),
];

const fn case(
    name: &'static str,
    about: &'static str,
    run: fn(&Context) -> Result<()>,
) -> Case<Subject> {
    Case::new(name, about, run)
        .seconds(300)
        .unless(|subject| subject.target.unless_meshwire(OWN))
}

/// A plugin of this repository between these.
fn talk<'b>(
    context: &'b Context<'b>,
    plugin: &str,
    pairs: &[(PeerKind, PeerKind)],
) -> Result<Talk<'b>> {
    Ok(Talk {
        context,
        codec: context.plugin(plugin)?,
        pairs: pairs.to_vec(),
    })
}

/// The servers of Node take no frame without CRC, and all of them check it.
const BOLTV2: &[(PeerKind, PeerKind)] = &[
    (PeerKind::JavaBolt2, PeerKind::NodeBolt2),
    (PeerKind::NodeBolt2, PeerKind::JavaBolt2),
    (PeerKind::NodeBolt2, PeerKind::NodeBolt2),
];

const DUBBO: &[(PeerKind, PeerKind)] = &[
    (PeerKind::JavaDubbo, PeerKind::NodeDubbo),
    (PeerKind::NodeDubbo, PeerKind::JavaDubbo),
    (PeerKind::JavaDubbo, PeerKind::JavaDubbo),
];

const DUBBO_JSON: &[(PeerKind, PeerKind)] = &[(PeerKind::JavaDubboJson, PeerKind::JavaDubboJson)];

fn headers(talk: &Talk) -> Result<()> {
    talk.each("--add-header zone=blue", |client, server, host| {
        let call = Call::default().header("kept", "z");
        client.call(host, &call)?.ok()?;
        let seen = server.seen()?.headers.pop();
        let seen = seen.context("the server saw no call")?;
        for (name, wanted) in [("zone", "blue"), ("kept", "z")] {
            let found = seen.get(name).map(String::as_str);
            ensure!(
                found == Some(wanted),
                "the server saw `{name}` as {found:?}"
            );
        }
        Ok(())
    })
}

/// MOSN's own codec passes on nothing of what these say.
fn lost(context: &Context, native: &str, pairs: &[(PeerKind, PeerKind)]) -> Result<()> {
    let talk = Talk {
        context,
        codec: Codec::native(native)?,
        pairs: pairs.to_vec(),
    };
    let load = Load {
        calls: 3,
        callers: 1,
        timeout: Duration::from_secs(1),
        ..Load::default()
    };
    talk.each("", |client, _, host| {
        let summary = client.load(host, &load)?;
        ensure!(summary.ok == 0, "some calls arrived: {summary:?}");
        Ok(())
    })
}
