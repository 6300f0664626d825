//! Independent callers.

use meshwire::Bytes;

use super::describe::{alike, ensure, facts, hex, or_none, same};
use super::host::start_with;
use super::samples::{Sample, each, samples, view};
use crate::emulator::{Guest, Options, Peer, Sidecar};
use meshwire::command::{Command, MessageKind};
use meshwire::frame::{Edits, Verdict, View};
use meshwire::protocol::{Plugin, PoolMode};

/// The server's answer to each caller.
const BODIES: [&[u8]; 2] = [b"to the first", b"to the second"];

/// Two clients whose calls have the same id and share a connection to a server each get the answer to
/// their own call, though the second is answered first and other instances see the answers than the calls.
/// Every call of the vectors is tried with every answer of them, on a new connection and on one that has had more
/// calls than its id field can number.
///
/// # Panics
/// If one does not, or if no vector is a response of a protocol that has some.
pub fn two_callers_with_equal_ids_get_their_own_answers<P: Plugin>(dir: &str) {
    let samples = samples::<P>(dir);
    let is = |sample: &&Sample, kind| {
        let view = view::<P>(&sample.bytes);
        view.is_ok_and(|view| view.kind() == kind && !view.is_verbatim())
    };
    let answers: Vec<_> = samples
        .iter()
        .filter(|sample| is(sample, MessageKind::Response))
        .collect();
    assert!(
        !(P::RESPONSE && answers.is_empty()),
        "no vector is a response"
    );
    each::<P>(dir, |call| {
        if !is(&call, MessageKind::Request) {
            return Ok(());
        }
        answers.iter().try_for_each(|answer| {
            [1, BEYOND].into_iter().try_for_each(|first_id| {
                let in_context = |what| {
                    let name = &answer.name;
                    format!("answered with {name}, the first call being number {first_id}: {what}")
                };
                both_served::<P>(first_id, call, answer).map_err(in_context)
            })
        })
    });
}

/// A number of a call that few id fields hold: the host counts the calls of a connection up and never begins
/// again.
const BEYOND: u64 = 1 << 40;

fn both_served<P: Plugin>(first_id: u64, call: &Sample, answer: &Sample) -> Result<(), String> {
    let mut mesh = Sidecar::new(start_with::<P>(&Options::new().instances(3)));
    mesh.policy.pool = PoolMode::Multiplex;
    mesh.policy.first_id = first_id;
    let clients = [mesh.client(), mesh.client()];
    for client in clients {
        mesh.send(client, &call.bytes);
    }
    let server = mesh.server().ok_or("no call has gone to a server")?;
    let forwarded = Bytes::from(mesh.received(server));
    let calls = two::<P>(&forwarded)?;
    let ids = calls.each_ref().map(Command::id);
    ensure(ids[0] != ids[1], || {
        format!("both calls have the id {} for the server", ids[0])
    })?;
    let [first, second] = [0, 1].map(|caller| answered::<P>(answer, &calls[caller], caller));
    mesh.send(server, &[second?, first?].concat());
    let own = view::<P>(&call.bytes)?;
    for (caller, client) in clients.into_iter().enumerate() {
        has_its_own::<P>(&mut mesh, client, &answered::<P>(answer, &own, caller)?)
            .map_err(|what| format!("caller {}: {what}", caller + 1))?;
    }
    ensure(mesh.failures().is_empty(), || {
        let failures = mesh.failures().iter().map(ToString::to_string);
        failures.collect::<Vec<_>>().join("; ")
    })
}

/// The two frames that some bytes are.
fn two<P: Plugin>(bytes: &[u8]) -> Result<[P::View<'_>; 2], String> {
    let first = view::<P>(bytes)?;
    let rest = bytes.get(first.raw().len()..).unwrap_or_default();
    let second = view::<P>(rest)?;
    same("the second call", rest, second.raw())?;
    Ok([first, second])
}

/// The answer to a call, with a body for its caller if it can have one.
fn answered<P: Plugin>(
    answer: &Sample,
    call: &P::View<'_>,
    caller: usize,
) -> Result<Vec<u8>, String> {
    let answer = view::<P>(&answer.bytes)?;
    let to_caller = Edits {
        opaque: call.opaque_id(),
        body: BODIES.get(caller).copied(),
        ..Edits::id(call.id())
    };
    let mut out = Vec::new();
    if answer.rewrite(&to_caller, &mut out).is_err() {
        // Not every body can be put into every language.
        let edits = Edits {
            body: None,
            ..to_caller
        };
        let written = answer.rewrite(&edits, &mut out);
        written.map_err(|error| error.to_string())?;
    }
    Ok(out)
}

fn has_its_own<P: Plugin>(
    mesh: &mut Sidecar<impl Guest>,
    client: Peer,
    expected: &[u8],
) -> Result<(), String> {
    let got = mesh.received(client);
    let Verdict::Frame(seen) = P::parse(&got) else {
        return Err(format!("it gets {}", hex(&got)));
    };
    same("after the answer", &got[seen.raw().len()..], &[])?;
    let wanted = view::<P>(expected)?;
    ensure(seen.opaque_id() == wanted.opaque_id(), || {
        let id = |id: Option<&[u8]>| or_none(id.map(hex));
        let (seen, wanted) = (id(seen.opaque_id()), id(wanted.opaque_id()));
        format!("its id is {seen}, expected {wanted}")
    })?;
    alike(&facts(&seen)?, &facts(&wanted)?)?;
    same("the body", seen.body(), wanted.body())
}
