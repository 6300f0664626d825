//! A plugin that is described within the configuration of its codec, and not by a name.

use serde_json::Value;

use crate::host::Mosn;
use crate::peers::{Server, call, captured, connect};

/// Two calls through one hop: what the host says of their paths when it stops.
fn counted(name: &str, lean: &str) -> Option<String> {
    let server = Server::echo();
    let upstream = server.address.to_string();
    let args = ["bolt", "--lean", lean, "--one-hop", "--upstream", &upstream];
    let host = Mosn::start_edited(name, &args, |config| {
        let mut config: Value = serde_json::from_str(&config).unwrap();
        let plugin = config["wasm_global_plugins"][0].take();
        config["wasm_global_plugins"] = Value::Array(Vec::new());
        let codec = &mut config["third_part_codec"]["codecs"][0]["config"];
        let name = codec.as_object_mut().unwrap().remove("from_wasm_plugin");
        assert!(name.is_some());
        codec["vm_config"] = plugin["vm_config"].clone();
        codec["instance_num"] = 2.into();
        config.to_string()
    });
    let mut client = connect(host.client);
    for _ in 0..2 {
        let answer = call(&mut client, &captured("echo_request.hex"));
        assert_eq!(answer, Some(captured("echo_response.hex")));
    }
    let log = host.stop();
    log.into_iter().find(|line| line.starts_with("[lean]"))
}

#[test]
fn its_frames_are_passed_on() {
    let line = counted("inline", "on");
    let expected = "[lean] x-bolt: 4 frames passed on";
    assert_eq!(line.as_deref(), Some(expected));
}

#[test]
fn its_frames_are_those_of_mosn_where_that_is_off() {
    assert_eq!(counted("inline-off", "off"), None);
}
