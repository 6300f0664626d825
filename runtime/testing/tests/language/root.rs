//! What a plugin makes of its configuration, over the calls that its hosts make at their start.

use std::cell::RefCell;

use meshwire::mosn::{Adaptor, Buffer, Host};
use meshwire::protocol::{Level, Log};
use meshwire::{ConfigError, ConfigMap, Frame, Logger, RootContext, protocol};
use meshwire_testing::emulator::envoy::Envoy;

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
struct Ask {
    #[frame(tag = 1)]
    kind: u8,
    #[frame(id)]
    id: u32,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
struct Answer {
    #[frame(tag = 2)]
    kind: u8,
    #[frame(id)]
    id: u32,
}

#[protocol(
    name = "x-root",
    frames(Ask, Answer),
    status(_ => 0),
    keep_alive = none,
    root = Region
)]
struct Root;

#[derive(Debug, Default)]
struct Region {
    retries: u32,
}

impl RootContext for Region {
    fn start_vm(vm: &ConfigMap, log: Logger<'_>) -> Result<(), ConfigError> {
        // Only one of the hosts has a configuration of its virtual machine.
        if let Some(engine) = vm.parse::<String>("Engine")? {
            log.info(format_args!("engine {engine}"));
        }
        Ok(())
    }

    fn start_plugin(config: &ConfigMap, log: Logger<'_>) -> Result<Self, ConfigError> {
        let retries = config.required("retries")?;
        log.info(format_args!("{retries} retries, 100% of them"));
        Ok(Self { retries })
    }

    fn done(&mut self, log: Logger<'_>) {
        log.info(format_args!("done after {} retries", self.retries));
    }
}

/// A host that knows one value for every buffer.
struct OneValue {
    key: &'static str,
    value: &'static str,
    lines: RefCell<Vec<String>>,
}

impl OneValue {
    fn new(key: &'static str, value: &'static str) -> Self {
        let lines = RefCell::default();
        Self { key, value, lines }
    }
}

impl Log for OneValue {
    fn log(&self, level: Level, line: &str) {
        self.lines.borrow_mut().push(format!("{level:?}: {line}"));
    }
}

impl Host for OneValue {
    fn buffer(&self, _: Buffer, _: usize) -> Option<Vec<u8>> {
        let mut bytes = Vec::new();
        for number in [1, self.key.len(), self.value.len()] {
            bytes.extend_from_slice(&u32::try_from(number).unwrap().to_le_bytes());
        }
        for text in [self.key, self.value] {
            bytes.extend_from_slice(text.as_bytes());
            bytes.push(0);
        }
        Some(bytes)
    }

    fn set_buffer(&self, _: Buffer, _: &[u8]) -> bool {
        panic!("nothing was decoded")
    }

    fn shared(&self, _: &[u8]) -> Option<(Vec<u8>, u32)> {
        None
    }

    fn set_shared(&self, _: &[u8], _: &[u8], _: u32) -> bool {
        false
    }
}

#[test]
fn a_configuration_reaches_the_plugin_and_its_lines_reach_the_log() {
    let mut plugin = Adaptor::<Root>::new();
    let vm = OneValue::new("Engine", "wasmer");
    plugin.create(&vm, 1, 0);
    assert_eq!(plugin.start_vm(&vm, 1, 28), 1);
    assert_eq!(*vm.lines.borrow(), ["Info: engine wasmer"]);

    let config = OneValue::new("retries", "3");
    assert_eq!(plugin.configure(&config, 1, 28), 1);
    plugin.done(&config, 1);
    // The host takes a line for a format, so `%` is doubled.
    let expected = [
        "Info: 3 retries, 100%% of them",
        "Info: done after 3 retries",
    ];
    assert_eq!(*config.lines.borrow(), expected);
}

#[test]
fn a_refused_configuration_names_the_key_and_leaves_the_last_one() {
    let mut plugin = Adaptor::<Root>::new();
    let good = OneValue::new("retries", "3");
    plugin.create(&good, 1, 0);
    assert_eq!(plugin.configure(&good, 1, 28), 1);
    for (key, value, expected) in [
        (
            "retries",
            "many",
            "Error: configuration key `retries`: `many` is not a `u32`",
        ),
        (
            "retry",
            "3",
            "Error: configuration key `retries`: is missing",
        ),
        (
            "max_frame",
            "0",
            "Error: configuration key `max_frame`: must be at least 1",
        ),
        (
            "body",
            "hide",
            "Error: configuration key `body`: `hide` is not one of `visible`, `hidden`",
        ),
    ] {
        let bad = OneValue::new(key, value);
        assert_eq!(plugin.configure(&bad, 1, 28), 0, "{key}={value}");
        assert_eq!(*bad.lines.borrow(), [expected]);
    }
    plugin.done(&good, 1);
    let lines = good.lines.borrow();
    assert_eq!(lines.last().unwrap(), "Info: done after 3 retries");
}

#[test]
fn under_envoy_it_is_configured_by_a_key_of_the_filter() {
    let envoy = Envoy::<Root>::start(r#"{"protocol": {"retries": "3"}}"#).unwrap();
    assert_eq!(envoy.logs(Level::Info), ["3 retries, 100% of them"]);
    let refused = Envoy::<Root>::start(r#"{"protocol": {"retries": "many"}}"#);
    assert_eq!(
        refused.err().unwrap().to_string(),
        "configuration key `protocol.retries`: `many` is not a `u32`"
    );
    let missing = Envoy::<Root>::start("").err().unwrap();
    assert_eq!(missing.key, "protocol.retries");
}
