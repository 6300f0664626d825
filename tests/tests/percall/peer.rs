//! The crate `h2` between both engines, as Envoy is: an independent implementation of HTTP/2, with Huffman codes, a
//! dynamic table and windows of its own.

use core::time::Duration;
use std::future::poll_fn;
use std::sync::Arc;

use bolt::Bolt;
use bytes::Bytes;
use h2::client::SendRequest;
use h2::server::SendResponse;
use http::{HeaderName, HeaderValue, Request, Response};
use meshwire::percall::{Engine, Module, Settings, Side};
use meshwire::{MessageKind, Plugin};
use meshwire_tests::frames::{body, response, with_body, with_headers, with_id};
use meshwire_tests::vectors::vector;
use tokio::io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex, split};

use super::support::{Lines, Random, captured, module, parse, with_id_of};

/// Bytes that a socket holds.
const SOCKET: usize = 8192;

/// Moves the bytes of an engine between two sockets until both are closed.
async fn drive<P: Plugin>(mut engine: Engine<P>, wire: DuplexStream, http2: DuplexStream) {
    let log = Lines::default();
    let (mut wire_in, mut wire_out) = split(wire);
    let (mut http2_in, mut http2_out) = split(http2);
    let (mut from_wire, mut from_http2) = ([0; 1000], [0; 5000]);
    loop {
        let [to_wire, to_http2] = [Side::Wire, Side::Http2].map(|side| {
            let output = engine.output(side);
            output[..output.len().min(SOCKET)].to_vec()
        });
        let [reads_wire, reads_http2] =
            [Side::Wire, Side::Http2].map(|side| engine.wants_input(side));
        tokio::select! {
            written = wire_out.write(&to_wire), if !to_wire.is_empty() => match written {
                Ok(bytes) => engine.sent(Side::Wire, bytes, &log),
                Err(_) => return,
            },
            written = http2_out.write(&to_http2), if !to_http2.is_empty() => match written {
                Ok(bytes) => engine.sent(Side::Http2, bytes, &log),
                Err(_) => return,
            },
            read = wire_in.read(&mut from_wire), if reads_wire => {
                came(&mut engine, Side::Wire, &from_wire[..read.unwrap_or(0)], &log);
            }
            read = http2_in.read(&mut from_http2), if reads_http2 => {
                came(&mut engine, Side::Http2, &from_http2[..read.unwrap_or(0)], &log);
            }
            else => return,
        }
    }
}

/// Bytes have come, or none any more.
fn came<P: Plugin>(engine: &mut Engine<P>, side: Side, bytes: &[u8], log: &Lines) {
    if bytes.is_empty() {
        engine.end(side, log);
    } else {
        engine.receive(side, bytes, log);
    }
}

/// What the proxy does to a request before it goes on.
type Edit = fn(&mut Request<()>);

/// Passes each call on to the server's side, as Envoy does.
async fn proxy(down: DuplexStream, up: DuplexStream, edit: Edit) {
    let (sender, connection) = h2::client::handshake(up).await.unwrap();
    tokio::task::spawn_local(connection);
    let mut server = h2::server::Builder::new();
    let mut server = server
        .max_concurrent_streams(20)
        .handshake::<_, Bytes>(down)
        .await
        .unwrap();
    while let Some(Ok((request, respond))) = server.accept().await {
        tokio::task::spawn_local(pass(sender.clone(), request, respond, edit));
    }
}

async fn pass(
    sender: SendRequest<Bytes>,
    request: Request<h2::RecvStream>,
    mut respond: SendResponse<Bytes>,
    edit: Edit,
) {
    let (parts, body) = request.into_parts();
    let mut request = Request::from_parts(parts, ());
    *request.version_mut() = http::Version::HTTP_2;
    edit(&mut request);
    let body = read(body).await;
    let mut sender = sender.ready().await.unwrap();
    let (answer, stream) = sender.send_request(request, false).unwrap();
    write(stream, body).await;
    let Ok(answer) = answer.await else {
        return respond.send_reset(h2::Reason::REFUSED_STREAM);
    };
    let (parts, answer) = answer.into_parts();
    let body = read(answer).await;
    let stream = respond
        .send_response(Response::from_parts(parts, ()), false)
        .unwrap();
    write(stream, body).await;
}

async fn read(mut body: h2::RecvStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    while let Some(Ok(part)) = body.data().await {
        body.flow_control().release_capacity(part.len()).unwrap();
        bytes.extend_from_slice(&part);
    }
    bytes
}

/// Sends a body as the windows allow.
async fn write(mut stream: h2::SendStream<Bytes>, body: Vec<u8>) {
    let mut body = Bytes::from(body);
    while !body.is_empty() {
        stream.reserve_capacity(body.len());
        let Some(Ok(room)) = poll_fn(|context| stream.poll_capacity(context)).await else {
            return;
        };
        let part = body.split_to(room.min(body.len()));
        if stream.send_data(part, false).is_err() {
            return;
        }
    }
    // The other side may have what it needs.
    _ = stream.send_data(Bytes::new(), true);
}

/// Runs a test with the sockets of a client and of a server, between which are both engines and the proxy.
fn between<P: Plugin>(
    settings: Settings,
    edit: Edit,
    test: impl AsyncFnOnce(DuplexStream, DuplexStream),
) where
    Module<P>: 'static,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .build()
        .unwrap();
    let tasks = tokio::task::LocalSet::new();
    tasks.block_on(&runtime, async {
        let shared: Arc<Module<P>> = module(settings);
        let [client, server, http2, pool] = [
            duplex(SOCKET),
            duplex(SOCKET),
            duplex(SOCKET),
            duplex(SOCKET),
        ];
        tokio::task::spawn_local(drive(Engine::down(shared.clone()), client.1, http2.0));
        tokio::task::spawn_local(drive(Engine::up(shared), server.1, pool.1));
        tokio::task::spawn_local(proxy(http2.1, pool.0, edit));
        let test = test(client.0, server.0);
        tokio::time::timeout(Duration::from_secs(20), test)
            .await
            .unwrap();
    });
}

/// Reads the next frame.
async fn frame<P: Plugin>(
    socket: &mut DuplexStream,
    pending: &mut Vec<u8>,
    client: bool,
) -> Vec<u8> {
    use meshwire::View as _;
    loop {
        let len = parse::<P>(pending, client).map(|view| view.raw().len());
        if let Some(len) = len.filter(|_| !pending.is_empty()) {
            return pending.drain(..len).collect();
        }
        let mut bytes = [0; 4096];
        let read = socket.read(&mut bytes).await.unwrap();
        assert!(read > 0, "the connection has ended");
        pending.extend_from_slice(&bytes[..read]);
    }
}

fn passes<P: Plugin>(example: &str) {
    let requests = captured::<P>(example, MessageKind::Request);
    let answers = captured::<P>(example, MessageKind::Response);
    between::<P>(
        Settings::default(),
        |_| {},
        async |mut client, mut server| {
            let (mut to_server, mut to_client) = (Vec::new(), Vec::new());
            for (at, request) in requests.iter().enumerate() {
                client.write_all(request).await.unwrap();
                let came = frame::<P>(&mut server, &mut to_server, true).await;
                let (sent, came) = (
                    parse::<P>(request, true).unwrap(),
                    parse::<P>(&came, true).unwrap(),
                );
                assert_eq!(with_id_of::<P>(&came, &sent), *request);
                let answer = parse::<P>(&answers[at % answers.len()], false).unwrap();
                server
                    .write_all(&with_id_of::<P>(&answer, &came))
                    .await
                    .unwrap();
                let got = frame::<P>(&mut client, &mut to_client, false).await;
                assert_eq!(got, with_id_of::<P>(&answer, &sent));
            }
        },
    );
}

#[test]
fn captured_calls_and_answers_pass() {
    passes::<Bolt>("bolt");
    passes::<dubbo::Dubbo>("dubbo");
    passes::<tars::Tars>("tars");
    passes::<baidu_std::BaiduStd>("baidu-std");
    passes::<rocketmq::RocketMq>("rocketmq");
}

/// Two hundred calls at once, answered in another order, some of them far longer than the windows.
#[test]
fn many_calls_at_once_have_their_answers() {
    between::<Bolt>(
        Settings::default(),
        |_| {},
        async |client, mut server| {
            let (request, answer) = (
                vector("bolt", "echo_request"),
                vector("bolt", "echo_response"),
            );
            let content = |id: u32| {
                vec![
                    id as u8;
                    if id.is_multiple_of(20) {
                        300_000
                    } else {
                        id as usize * 7
                    }
                ]
            };
            let (mut reader, mut writer) = split(client);
            let sent = async {
                for id in 0..200 {
                    let call = with_id(&with_body(&request, &content(id)), id);
                    writer.write_all(&call).await.unwrap();
                }
            };
            let served = async {
                let (mut pending, mut kept) = (Vec::new(), Vec::new());
                for _ in 0..200 {
                    kept.push(frame::<Bolt>(&mut server, &mut pending, true).await);
                    if kept.len() >= 5 {
                        let call = kept.remove(kept.len() / 2);
                        server.write_all(&answered(&answer, &call)).await.unwrap();
                    }
                }
                for call in kept {
                    server.write_all(&answered(&answer, &call)).await.unwrap();
                }
            };
            let received = async {
                let mut pending = Vec::new();
                let mut ids = Vec::new();
                while ids.len() < 200 {
                    let mut bytes = [0; 4096];
                    let read = reader.read(&mut bytes).await.unwrap();
                    pending.extend_from_slice(&bytes[..read]);
                    while let Some(len) =
                        parse::<Bolt>(&pending, false).map(|view| meshwire::View::raw(&view).len())
                    {
                        let got: Vec<u8> = pending.drain(..len).collect();
                        let id = u32::from_be_bytes(got[5..9].try_into().unwrap());
                        assert!(
                            body(&got) == content(id),
                            "the answer to {id} is another one's"
                        );
                        ids.push(id);
                    }
                }
                ids.sort_unstable();
                assert!(ids.into_iter().eq(0..200));
            };
            tokio::join!(sent, served, received);
        },
    );
}

fn answered(answer: &[u8], call: &[u8]) -> Vec<u8> {
    let id = u32::from_be_bytes(call[5..9].try_into().unwrap());
    with_id(&with_body(answer, body(call)), id)
}

/// The server closes its connection: its call fails, with the protocol's status.
#[test]
fn a_server_that_closes_fails_its_calls() {
    between::<Bolt>(
        Settings::default(),
        |_| {},
        async |mut client, mut server| {
            client
                .write_all(&vector("bolt", "echo_request"))
                .await
                .unwrap();
            frame::<Bolt>(&mut server, &mut Vec::new(), true).await;
            drop(server);
            let got = frame::<Bolt>(&mut client, &mut Vec::new(), false).await;
            assert_eq!(got, response(1, 4));
        },
    );
}

/// A printable text.
fn text(seed: u64) -> String {
    let mut random = Random(seed);
    let len = 1 + random.below(60);
    (0..len)
        .map(|_| char::from(b'!' + random.below(94) as u8))
        .collect()
}

/// Headers with any printable text, which `h2` sends as Huffman codes and from its dynamic table: what reaches the frame
/// is what was set.
#[test]
fn merged_headers_are_those_that_another_encoder_has_written() {
    let settings = Settings {
        merge: vec!["x-any".to_owned()],
        ..Settings::default()
    };
    let edit: Edit = |request| {
        let seed = request.headers()["x-seed"]
            .to_str()
            .unwrap()
            .parse()
            .unwrap();
        let value = HeaderValue::from_str(&text(seed)).unwrap();
        request
            .headers_mut()
            .insert(HeaderName::from_static("x-any"), value);
    };
    between::<Bolt>(settings, edit, async |mut client, mut server| {
        let mut pending = Vec::new();
        for seed in 1..=300_u64 {
            // Every value comes twice, the second time from the table.
            let seed = (seed / 2).max(1);
            let seed_text = seed.to_string();
            let call = with_headers(&vector("bolt", "fire_oneway"), &[("x-seed", &seed_text)]);
            client.write_all(&call).await.unwrap();
            let came = frame::<Bolt>(&mut server, &mut pending, true).await;
            let expected = with_headers(&came, &[("x-seed", &seed_text), ("x-any", &text(seed))]);
            assert_eq!(came, expected);
        }
    });
}
