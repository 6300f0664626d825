//! Plugins of other protocols than bolt v1, between clients and servers that nobody here wrote.

use std::time::Duration;

use anyhow::{Context, Result, ensure};

use super::talk::Talk;
use crate::e2e::bed::Bed;
use crate::e2e::case::Case;
use crate::e2e::peers::{Call, Kind, Load};
use crate::mosn::codec::Codec;

const OWN: &str = "a plugin of this repository for another protocol";

pub(super) const CASES: &[Case] = &[
    case(
        "boltv2-load",
        "bolt v2 with CRC: 1,000 calls of Java and Node, each with its own answer",
        |bed| boltv2(bed)?.load(""),
    ),
    case(
        "boltv2-sizes",
        "bolt v2 with CRC: bodies of 1 B to 1 MiB",
        |bed| boltv2(bed)?.sizes(),
    ),
    case(
        "boltv2-errors",
        "bolt v2 with CRC: errors reach each client as without the host",
        |bed| boltv2(bed)?.errors(),
    ),
    case(
        "boltv2-headers",
        "bolt v2 with CRC: headers changed by the route arrive, behind a CRC that fits",
        |bed| headers(&boltv2(bed)?),
    ),
    case(
        "boltv2-heartbeat",
        "bolt v2 with CRC: heartbeats of clients are answered by the host",
        |bed| boltv2(bed)?.heartbeat(),
    ),
    case(
        "boltv2-one-way",
        "bolt v2 with CRC: one-way calls arrive once",
        |bed| boltv2(bed)?.one_way(),
    ),
    case(
        "boltv2-native",
        "a control: MOSN's own boltv2 loses calls with CRC",
        native,
    ),
];

const fn case(name: &'static str, about: &'static str, run: fn(&Bed) -> Result<()>) -> Case {
    Case::new(name, about, run).seconds(300).meshwire(OWN)
}

fn boltv2<'b>(bed: &'b Bed<'b>) -> Result<Talk<'b>> {
    Ok(Talk {
        bed,
        codec: bed.plugin("boltv2")?,
        pairs: BOLTV2.to_vec(),
    })
}

/// The servers of Node take no frame without CRC, and all of them check it.
const BOLTV2: &[(Kind, Kind)] = &[
    (Kind::JavaBolt2, Kind::NodeBolt2),
    (Kind::NodeBolt2, Kind::JavaBolt2),
    (Kind::NodeBolt2, Kind::NodeBolt2),
];

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

fn native(bed: &Bed) -> Result<()> {
    let talk = Talk {
        bed,
        codec: Codec::native("boltv2")?,
        pairs: BOLTV2.to_vec(),
    };
    let load = Load {
        calls: 3,
        callers: 1,
        timeout: Duration::from_secs(1),
        ..Load::default()
    };
    talk.each("", |client, _, host| {
        let summary = client.load(host, &load)?;
        ensure!(
            summary.complete().is_err(),
            "MOSN's own codec passes them on: this is news"
        );
        Ok(())
    })
}
