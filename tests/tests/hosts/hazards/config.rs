//! H17, H18: the host's log and its configurations.

use meshwire::protocol::Level;
use meshwire_testing::emulator::{Module, MosnHost, Options};
use meshwire_tests::on_every_guest;
use meshwire_tests::vectors::vector;

use super::frame;

on_every_guest!(
    h17_a_percent_sign_reaches_the_log,
    h18_a_configuration_is_read_whole,
);

/// The host takes each line for a format.
fn h17_a_percent_sign_reaches_the_log(module: &impl Module) {
    let options = Options::new().plugin("body", "50%d %s%");
    let emulator = MosnHost::start(module, &options).unwrap();
    let lines = emulator.logs(Level::Error);
    assert!(
        lines.iter().any(|line| line.contains("`50%d %s%`")),
        "{lines:?}"
    );
}

/// From its start, and with the length that the call says: the host knows no other way. It sends
/// the entries in another order each time.
fn h18_a_configuration_is_read_whole(module: &impl Module) {
    let request = vector("bolt", "echo_request");
    for entries in [0, 1, 2, 3, 200] {
        let mut options = Options::new().plugin("body", "hidden").instances(3);
        for entry in 0..entries {
            options = options.plugin(format!("key{entry}"), "v".repeat(entry));
        }
        let mut emulator = MosnHost::start(module, &options).unwrap();
        for _ in 0..3 {
            let frame = frame(&mut emulator, &request);
            assert_eq!(frame.body.len(), 0, "{entries} more entries");
        }
        assert_eq!(emulator.log().all(), []);
    }
}
