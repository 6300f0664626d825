//! Two versions on one connection, and the checksum that one of them may have.

use boltv2::{BoltV2, BoltV2View};
use meshwire::{Codec, Edits, Verdict, View};
use meshwire_testing::emulator::{NativeGuest, Options, Peer, Route, Sidecar};
use meshwire_testing::vectors::Vector;

fn vector(name: &str) -> Vec<u8> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/");
    Vector::read(format!("{folder}{name}.hex")).unwrap().bytes
}

/// A mesh and one client.
fn mesh() -> (Sidecar<NativeGuest>, Peer) {
    let module = meshwire_testing::emulator::Native::<BoltV2>::new();
    let mut mesh = Sidecar::start(module, &Options::new()).unwrap();
    let client = mesh.client();
    (mesh, client)
}

fn last<const N: usize>(bytes: &[u8]) -> [u8; N] {
    *bytes.last_chunk().unwrap()
}

/// The checksum was computed with zlib over the frame with the other id.
#[test]
fn another_id_has_another_checksum() {
    let request = vector("crc_request");
    let mut out = Vec::new();
    let view = BoltV2::parse(&request).frame().unwrap();
    view.rewrite(&Edits::id(101), &mut out).unwrap();
    assert_eq!(out[6..10], 101_u32.to_be_bytes());
    assert_eq!(last(&out), 0x921e_d46d_u32.to_be_bytes());
}

/// sofa-bolt (Java) has no checksum in a frame of version 1 whatever the switch says, and neither has this
/// codec; sofa-bolt-node has one, which here is the front of another frame, and of none.
#[test]
fn in_version_1_the_switch_means_nothing() {
    let request = vector("switch_of_version_1");
    let (mut mesh, client) = mesh();
    mesh.send(client, &request);
    assert!(mesh.is_open(client));
    let server = mesh.server().unwrap();
    assert_eq!(mesh.received(server).len(), request.len());
    mesh.send(client, &[&request[..], &[0xde, 0xad, 0xbe, 0xef]].concat());
    assert!(!mesh.is_open(client));
}

#[test]
fn an_answer_is_in_the_version_of_its_call() {
    let (mut mesh, client) = mesh();
    mesh.policy.route = Route::hijack(504);
    mesh.send(client, &vector("v1_request"));
    assert_eq!(
        mesh.received(client),
        b"\x01\0\0\x02\x01\0\0\0\x02\x01\0\x07\0\0\0\0\0\0\0\0"
    );
    // Without a checksum, as sofa-bolt answers for itself.
    mesh.send(client, &vector("crc_request"));
    assert_eq!(
        mesh.received(client),
        b"\x02\x01\0\0\x02\x01\0\0\0\x15\x01\0\0\x07\0\0\0\0\0\0\0\0"
    );
    mesh.send(client, &vector("v1_heartbeat"));
    assert_eq!(mesh.received(client)[..4], [1, 0, 0, 0]);
    mesh.send(client, &vector("crc_heartbeat"));
    assert_eq!(mesh.received(client)[..5], [2, 1, 0, 0, 0]);
}

/// Four captured bytes of checksum would stay in front of the next frame.
#[test]
fn a_checksum_belongs_to_its_frame() {
    let mixed = vector("mixed");
    let mut rest = &mixed[..];
    let mut versions = Vec::new();
    while let Verdict::Frame(view) = BoltV2::parse(rest) {
        versions.push(match view {
            BoltV2View::BoltRequest(_) | BoltV2View::BoltResponse(_) => 1,
            BoltV2View::BoltV2Request(_) | BoltV2View::BoltV2Response(_) => 2,
        });
        rest = &rest[view.raw().len()..];
    }
    assert_eq!((rest, versions), (&[][..], vec![1, 2, 2, 1, 1, 2, 1]));
}
