//! The proxy between sockets of this test, with bolt in the model of the host.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bolt::Bolt;
use meshwire_testing::emulator::Native;
use meshwire_tests::frames::{
    heartbeat, heartbeat_ack, response, with_body, with_headers, with_id, with_timeout,
};
use meshwire_tests::proxy::{Control, Proxy, Settings};
use meshwire_tests::vectors::vector;

/// The longest that anything may take.
const TIMEOUT: Duration = Duration::from_secs(10);

/// A proxy that runs; dropping it ends it.
struct Running {
    address: SocketAddr,
    control: Control,
    thread: Option<JoinHandle<()>>,
}

impl Running {
    fn start(settings: Settings) -> Self {
        let (sender, started) = mpsc::channel();
        let thread = thread::spawn(move || {
            let proxy = Proxy::start(Native::<Bolt>::new(), settings).expect("a proxy");
            sender.send((proxy.address(), proxy.control())).unwrap();
            proxy.run();
        });
        let (address, control) = started.recv_timeout(TIMEOUT).unwrap();
        Self {
            address,
            control,
            thread: Some(thread),
        }
    }

    fn connect(&self) -> TcpStream {
        patient(TcpStream::connect(self.address).unwrap())
    }

    fn failures(&self) -> Vec<String> {
        self.control.seen().unwrap().failures
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.control.end();
        self.thread.take().unwrap().join().unwrap();
    }
}

fn patient(stream: TcpStream) -> TcpStream {
    stream.set_read_timeout(Some(TIMEOUT)).unwrap();
    stream
}

/// A server that accepts one connection.
fn listener() -> (TcpListener, Settings) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let settings = Settings::new(listener.local_addr().unwrap());
    (listener, settings)
}

fn receive(mut stream: &TcpStream, like: &[u8]) -> Vec<u8> {
    let mut bytes = vec![0; like.len()];
    stream.read_exact(&mut bytes).expect("a frame in time");
    bytes
}

fn send(mut stream: &TcpStream, frame: &[u8]) {
    stream.write_all(frame).unwrap();
}

fn is_closed(mut stream: &TcpStream) -> bool {
    matches!(stream.read(&mut [0; 1]), Ok(0))
}

fn request(body: &str) -> Vec<u8> {
    with_body(&vector("bolt", "echo_request"), body.as_bytes())
}

fn answer(body: &str) -> Vec<u8> {
    with_body(&vector("bolt", "echo_response"), body.as_bytes())
}

#[test]
fn two_clients_with_equal_ids_share_a_connection() {
    let (listener, settings) = listener();
    let proxy = Running::start(settings);
    let clients = [proxy.connect(), proxy.connect()];
    send(&clients[0], &with_id(&request("one"), 7));
    let server = patient(listener.accept().unwrap().0);
    assert_eq!(
        receive(&server, &request("one")),
        with_id(&request("one"), 1)
    );
    send(&clients[1], &with_id(&request("two"), 7));
    assert_eq!(
        receive(&server, &request("two")),
        with_id(&request("two"), 2)
    );
    // In the other order: only the ids show whose answer it is.
    send(&server, &with_id(&answer("two"), 2));
    send(&server, &with_id(&answer("one"), 1));
    for (client, body) in clients.iter().zip(["one", "two"]) {
        assert_eq!(receive(client, &answer(body)), with_id(&answer(body), 7));
    }
    let seen = proxy.control.seen().unwrap();
    assert_eq!((seen.clients, seen.servers, seen.waiting), (2, 1, 0));
    assert!(seen.failures.is_empty(), "{seen:?}");
}

#[test]
fn a_call_is_answered_when_there_is_no_server() {
    let (listener, settings) = listener();
    drop(listener);
    let proxy = Running::start(settings);
    let client = proxy.connect();
    for id in [3, 4] {
        send(&client, &with_id(&request("no server"), id));
        assert_eq!(receive(&client, &response(id, 6)), response(id, 6));
    }
}

#[test]
fn a_server_that_goes_is_answered_for_and_reached_again() {
    let (listener, settings) = listener();
    let proxy = Running::start(settings);
    let client = proxy.connect();
    send(&client, &with_id(&request("lost"), 5));
    let server = patient(listener.accept().unwrap().0);
    receive(&server, &request("lost"));
    drop(server);
    assert_eq!(receive(&client, &response(5, 3)), response(5, 3));
    send(&client, &with_id(&request("again"), 6));
    let server = patient(listener.accept().unwrap().0);
    assert_eq!(
        receive(&server, &request("again")),
        with_id(&request("again"), 1)
    );
    assert_eq!(proxy.control.seen().unwrap().servers, 2);
}

#[test]
fn time_passes() {
    let (listener, settings) = listener();
    let proxy = Running::start(settings);
    let client = proxy.connect();
    let call = |millis| with_timeout(&with_id(&request("slow"), 9), millis);
    // Never answered, whatever happens.
    send(&client, &with_timeout(&vector("bolt", "fire_oneway"), 20));
    send(&client, &call(40));
    assert_eq!(receive(&client, &response(9, 7)), response(9, 7));
    let _server = listener.accept().unwrap();
    assert_eq!(proxy.control.seen().unwrap().waiting, 0);
}

#[test]
fn heartbeats_go_no_further() {
    let (_listener, mut settings) = listener();
    settings.keep_alive = 30;
    let proxy = Running::start(settings);
    let client = proxy.connect();
    send(&client, &heartbeat(77));
    assert_eq!(receive(&client, &heartbeat_ack(77)), heartbeat_ack(77));
    assert!(proxy.failures().is_empty());
}

#[test]
fn an_idle_server_gets_heartbeats() {
    let (listener, mut settings) = listener();
    settings.keep_alive = 30;
    let proxy = Running::start(settings);
    let client = proxy.connect();
    send(&client, &vector("bolt", "fire_oneway"));
    let server = patient(listener.accept().unwrap().0);
    receive(&server, &vector("bolt", "fire_oneway"));
    for id in [2, 3] {
        assert_eq!(receive(&server, &heartbeat(id)), heartbeat(id));
        send(&server, &heartbeat_ack(id));
    }
}

#[test]
fn headers_are_changed_on_both_ways() {
    let (listener, mut settings) = listener();
    let edit = ("zone".to_owned(), "blue".to_owned());
    settings.edits.request.set.push(edit.clone());
    settings.edits.request.remove.push("service".to_owned());
    settings.edits.response.set.push(edit);
    let proxy = Running::start(settings);
    let client = proxy.connect();
    let call = with_headers(&request("x"), &[("service", "s"), ("kept", "k")]);
    send(&client, &with_id(&call, 4));
    let changed = with_headers(&request("x"), &[("kept", "k"), ("zone", "blue")]);
    let server = patient(listener.accept().unwrap().0);
    assert_eq!(receive(&server, &changed), with_id(&changed, 1));
    send(&server, &with_id(&answer("x"), 1));
    let changed = with_headers(&answer("x"), &[("zone", "blue")]);
    assert_eq!(receive(&client, &changed), with_id(&changed, 4));
}

#[test]
fn garbage_costs_its_sender_the_connection() {
    let (_listener, settings) = listener();
    let proxy = Running::start(settings);
    let (rude, polite) = (proxy.connect(), proxy.connect());
    send(&rude, b"no bolt frame at all");
    assert!(is_closed(&rude));
    assert_eq!(proxy.failures().len(), 1);
    // Logged once.
    assert!(proxy.failures().is_empty());
    send(&polite, &heartbeat(1));
    assert_eq!(receive(&polite, &heartbeat_ack(1)), heartbeat_ack(1));
}

#[test]
fn connections_end_with_the_proxy() {
    let (listener, settings) = listener();
    let proxy = Running::start(settings);
    let client = proxy.connect();
    send(&client, &request("open"));
    let server = patient(listener.accept().unwrap().0);
    receive(&server, &request("open"));
    let control = proxy.control.clone();
    drop(proxy);
    assert!(is_closed(&client) && is_closed(&server));
    assert!(control.seen().is_none());
}
