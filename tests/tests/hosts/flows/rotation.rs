//! Several instances, which take turns from context to context.

use meshwire_testing::emulator::{Module, Options, Sidecar};
use meshwire_tests::frames::{response, with_id};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::vector;

use super::assert_healthy;

on_every_guest!(
    a_call_and_its_answer_meet_different_instances,
    a_frame_stays_with_its_instance,
    a_root_may_have_any_id,
);

/// The instances that the calls of the trace went to.
fn instances(mesh: &Sidecar<impl meshwire_testing::emulator::Guest>) -> Vec<usize> {
    mesh.emulator()
        .trace()
        .iter()
        .map(|call| call.instance)
        .collect()
}

fn a_call_and_its_answer_meet_different_instances(module: &impl Module) {
    let mut mesh = Sidecar::start(module, &Options::new().instances(3)).unwrap();
    let client = mesh.client();
    mesh.trace();
    for stream in 1..=20 {
        mesh.send(client, &with_id(&vector("bolt", "echo_request"), 80));
        let server = mesh.server().unwrap();
        assert_eq!(
            mesh.received(server),
            with_id(&vector("bolt", "echo_request"), stream)
        );
        mesh.send(server, &response(stream, 0));
        assert_eq!(mesh.received(client), response(80, 0));
    }
    let used = instances(&mesh);
    assert!((0..3).all(|instance| used.contains(&instance)));
    assert_healthy(&mesh);
}

fn a_frame_stays_with_its_instance(module: &impl Module) {
    let mut mesh = Sidecar::start(module, &Options::new().instances(2)).unwrap();
    let (one, two) = (mesh.client(), mesh.client());
    let request = vector("bolt", "echo_request");
    let (front, back) = request.split_at(50);
    mesh.trace();
    mesh.send(one, front);
    mesh.send(two, front);
    mesh.send(two, back);
    mesh.send(one, back);
    for call in mesh.emulator().trace().iter() {
        assert_eq!(call.instance, (call.context.0 as usize + 1) % 2, "{call}");
    }
    let server = mesh.server().unwrap();
    assert_eq!(
        mesh.received(server),
        [with_id(&request, 1), with_id(&request, 2)].concat()
    );
    assert_healthy(&mesh);
}

fn a_root_may_have_any_id(module: &impl Module) {
    for (root, first) in [(0, 1), (1, 1), (2, 1), (7, u32::MAX), (u32::MAX, 0)] {
        let options = Options::new().root(root).first_context(first);
        let mut mesh = Sidecar::start(module, &options).unwrap();
        let client = mesh.client();
        for stream in 1..=8 {
            mesh.send(client, &with_id(&vector("bolt", "echo_request"), 80));
            let server = mesh.server().unwrap();
            mesh.send(server, &response(stream, 0));
            assert_eq!(
                mesh.received(client),
                response(80, 0),
                "root {root}, context from {first}"
            );
        }
        assert_healthy(&mesh);
    }
}
