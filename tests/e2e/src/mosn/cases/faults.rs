//! Peers that go away, or send what they should not.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::thread;
use std::time::Duration;

use anyhow::{Context as _, Result, anyhow, ensure};

use crate::case::Case;
use crate::mosn::context::{Context, Subject};
use crate::mosn::host::MosnProcess;
use meshwire_support::bolt::{Frame, Reply, Server, Status};

pub(super) const CASES: &[Case<Subject>] = &[
    Case::new(
        "fault-client-killed",
        "clients go away in the middle of frames and calls",
        client_killed,
    ),
    Case::new(
        "fault-server-killed",
        "the server is killed and restarted under load, nothing lost or crossed",
        server_killed,
    ),
    Case::new(
        "fault-garbage",
        "garbage closes only the connection that it came by",
        garbage,
    ),
    Case::new(
        "fault-other-protocol",
        "a frame that does not start with bolt's magic is refused",
        other_protocol,
    ),
    Case::new(
        "fault-half-frame",
        "half a frame waits for the rest, others do not wait",
        half_frame,
    ),
    Case::new(
        "fault-giant",
        "a frame that announces 2 GiB is refused",
        giant,
    ),
    Case::new(
        "fault-unknown-id",
        "an answer without a call is dropped",
        unknown_id,
    ),
];

/// Calls without a pause until `stop`, and returns how many were answered.
fn steady(host: &MosnProcess, stop: &AtomicBool, calls: &AtomicUsize) -> Result<()> {
    let mut client = host.connect()?;
    for id in 1.. {
        client.echo(&Frame::request(id, format!("steady {id}")))?;
        calls.fetch_add(1, Ordering::Relaxed);
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    Ok(())
}

/// Does `bad` while others call; all of them must be answered.
fn beside(host: &MosnProcess, bad: impl FnOnce() -> Result<()>) -> Result<()> {
    let (stop, calls) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        let others: Vec<_> = (0..3)
            .map(|_| scope.spawn(|| steady(host, &stop, &calls)))
            .collect();
        let result = bad();
        stop.store(true, Ordering::Relaxed);
        for other in others {
            let ended = other.join().map_err(|_| anyhow!("a caller panicked"))?;
            ended.context("a call beside it")?;
        }
        result
    })?;
    ensure!(
        calls.load(Ordering::Relaxed) >= 3,
        "there were no calls meanwhile"
    );
    Ok(())
}

fn client_killed(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    beside(&host, || {
        for id in 0..200_u32 {
            let frame = Frame::request(id, "cut off ".repeat(40)).bytes();
            let mut client = host.connect()?;
            // Every place of the head, then all over the frame.
            client.send_bytes(&frame[..id as usize * 7 % frame.len()])?;
            client.close();
            let mut client = host.connect()?;
            client.send(&Frame::request(id, "its caller is gone"))?;
            client.close();
        }
        Ok(())
    })
}

/// How the calls of a caller ended.
#[derive(Default)]
struct Stats {
    answered: AtomicUsize,
    failed: AtomicUsize,
}

fn server_killed(context: &Context) -> Result<()> {
    let mut server = context.server()?;
    server.behave(|frame| Reply::EchoAfter(Duration::from_millis(u64::from(frame.id % 4))));
    let host = context.host("", &[server.address()])?;
    let (stop, stats) = (AtomicBool::new(false), Stats::default());
    thread::scope(|scope| {
        let callers: Vec<_> = (0..12)
            .map(|caller| {
                let (host, stop, stats) = (&host, &stop, &stats);
                scope.spawn(move || under_fire(host, caller, stop, stats))
            })
            .collect();
        let result = kill_often(&mut server, &stats);
        stop.store(true, Ordering::Relaxed);
        for caller in callers {
            caller.join().map_err(|_| anyhow!("a caller panicked"))??;
        }
        result
    })?;
    ensure!(stats.failed.load(Ordering::Relaxed) > 0, "no call noticed");
    host.connect()?.echo(&Frame::request(1, "after all of it"))
}

fn kill_often(server: &mut Server, stats: &Stats) -> Result<()> {
    for _ in 0..4 {
        let before = stats.answered.load(Ordering::Relaxed);
        progress(|| stats.answered.load(Ordering::Relaxed) > before + 50)
            .context("calls after a restart")?;
        let failed = stats.failed.load(Ordering::Relaxed);
        server.kill();
        progress(|| stats.failed.load(Ordering::Relaxed) > failed).context("calls after a kill")?;
        server.restart()?;
    }
    Ok(())
}

/// Waits until the callers have got so far.
fn progress(done: impl Fn() -> bool) -> Result<()> {
    let start = std::time::Instant::now();
    while !done() {
        ensure!(start.elapsed() < Duration::from_secs(15), "nothing goes on");
        thread::sleep(Duration::from_millis(1));
    }
    Ok(())
}

/// Every call gets exactly one answer, which is its echo or says why there is none.
fn under_fire(host: &MosnProcess, caller: u32, stop: &AtomicBool, stats: &Stats) -> Result<()> {
    let mut client = host.connect()?;
    for id in 1.. {
        let frame = Frame::request(id, format!("caller {caller} call {id} ").repeat(9));
        let answer = client.call(&frame)?;
        if answer.status == Status::OK {
            ensure!(answer == frame.echo(), "an answer to another call");
            stats.answered.fetch_add(1, Ordering::Relaxed);
        } else {
            ensure!(answer.body.is_empty(), "a failure with a body");
            stats.failed.fetch_add(1, Ordering::Relaxed);
        }
        if stop.load(Ordering::Relaxed) {
            break;
        }
    }
    Ok(())
}

fn garbage(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    beside(&host, || {
        let mut wrong = Frame::request(1, "fine until here").bytes();
        wrong.extend([0xff; 64]);
        for _ in 0..10 {
            for bytes in [
                b"GET / HTTP/1.1\r\nHost: mosn\r\n\r\n".as_slice(),
                &[0xff; 64],
            ] {
                let mut client = host.connect()?;
                client.send_bytes(bytes)?;
                client.closed()?;
            }
            let mut client = host.connect()?;
            client.send_bytes(&wrong)?;
            client.closed_after_any()?;
        }
        Ok(())
    })
}

fn other_protocol(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    for proto in [0, 3, 0x10] {
        let mut bytes = Frame::request(1, "fine but for its first byte").bytes();
        bytes[0] = proto;
        let mut client = host.connect()?;
        client.send_bytes(&bytes)?;
        client
            .closed()
            .with_context(|| format!("a frame that starts with {proto}"))?;
    }
    ensure!(server.calls().is_empty(), "the server received it");
    Ok(())
}

fn half_frame(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    let frames: Vec<Frame> = (0..8)
        .map(|id| Frame::request(id, "in two halves ".repeat(20)))
        .collect();
    let mut halves = Vec::new();
    for (at, frame) in frames.iter().enumerate() {
        let mut client = host.connect()?;
        let mut first = frame.bytes();
        let second = first.split_off(3 + at * 9);
        client.send_bytes(&first)?;
        halves.push((client, second));
    }
    beside(&host, || Ok(()))?;
    ensure!(
        server
            .calls()
            .iter()
            .all(|call| !call.body.starts_with(b"in two")),
        "half a call arrived"
    );
    for ((client, second), frame) in halves.iter_mut().zip(&frames) {
        client.send_bytes(second)?;
        ensure!(
            client.receive()? == frame.echo(),
            "the answer is not what the server sent"
        );
    }
    Ok(())
}

fn giant(context: &Context) -> Result<()> {
    let server = context.server()?;
    let host = context.host("", &[server.address()])?;
    beside(&host, || {
        let mut bytes = Frame::request(1, "small").bytes();
        bytes[18..22].copy_from_slice(&0x7fff_ffff_u32.to_be_bytes());
        let mut client = host.connect()?;
        client.send_bytes(&bytes)?;
        client.closed()
    })
}

fn unknown_id(context: &Context) -> Result<()> {
    let server = context.server()?;
    server.behave(|frame| {
        let mut other = frame.echo();
        other.id = frame.id.wrapping_add(1_000_000);
        other.body = b"for no call".to_vec();
        let mut bytes = other.bytes();
        bytes.extend(frame.echo().bytes());
        // And once more, when no call waits for it any longer.
        bytes.extend(frame.echo().bytes());
        Reply::Bytes(bytes)
    });
    let host = context.host("", &[server.address()])?;
    let mut client = host.connect()?;
    for id in 1..=20 {
        client.echo(&Frame::request(id, format!("call {id}")))?;
    }
    Ok(())
}
