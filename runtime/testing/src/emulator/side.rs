//! The host's state of one instance, and the host's functions.

use core::cell::{Cell, RefCell};
use std::rc::Rc;

use super::{Logs, SharedData, Status, config};
use meshwire::mosn::{Buffer, Host};
use meshwire::protocol::{ConfigMap, Level, Log};

/// The host's side of one instance: the buffers that it exchanges with the plugin, and the log.
///
/// The functions that a module imports are these methods plus the copying from and to its memory.
#[derive(Debug)]
pub struct HostSide {
    vm: ConfigMap,
    plugin: ConfigMap,
    /// Counts readings of a configuration.
    turn: Cell<usize>,
    log: Logs,
    shared: Rc<SharedData>,
    /// Calls from the start function.
    early: Cell<usize>,
    scope: Cell<Scope>,
    results: RefCell<Results>,
}

/// Who talks to the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Scope {
    /// The start function: the host cannot reach the instance's memory yet.
    Starting,
    /// None.
    Idle,
    /// A root context.
    Root,
    /// A stream context.
    Stream,
}

/// The result buffers of one stream context. They live as long as it does: a call that sets nothing
/// leaves the host with an older result.
#[derive(Debug, Default)]
pub(super) struct Results {
    /// Buffer 13.
    pub(super) decoded: Option<Vec<u8>>,
    /// Buffer 14.
    pub(super) encoded: Option<Vec<u8>>,
}

/// The host's answer to a plugin that reads a buffer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The size that the host asks of the plugin's `malloc`. Negative if the plugin has asked for
    /// bytes after the end.
    pub size: i32,
    /// The bytes that the host copies: always the front of the buffer, wherever the plugin wanted
    /// to start.
    pub bytes: Vec<u8>,
}

impl HostSide {
    /// The host's side of an instance that is about to be made.
    pub fn new(vm: ConfigMap, plugin: ConfigMap, log: Logs) -> Self {
        Self {
            vm,
            plugin,
            turn: Cell::new(0),
            log,
            shared: Rc::default(),
            early: Cell::new(0),
            scope: Cell::new(Scope::Starting),
            results: RefCell::default(),
        }
    }

    /// The same, for one of the instances that share `shared`.
    pub(super) fn sharing(mut self, shared: &Rc<SharedData>) -> Self {
        self.shared = Rc::clone(shared);
        self
    }

    /// What the instances of the plugin share.
    pub fn shared_data(&self) -> &SharedData {
        &self.shared
    }

    /// How often the start function has called the host, in vain.
    pub fn early_calls(&self) -> usize {
        self.early.get()
    }

    /// The start function has called the host, which cannot access the instance's memory yet.
    pub fn call_early(&self) -> Status {
        self.early.set(self.early.get() + 1);
        Status::INVALID_MEMORY_ACCESS
    }

    /// The start function is over: a module says so when it has made its instance.
    pub fn started(&self) {
        self.scope.set(Scope::Idle);
    }

    /// Bytes of the virtual machine's configuration and of the plugin's, encoded.
    pub(super) fn config_sizes(&self) -> (usize, usize) {
        (
            config::encode(&self.vm, 0).len(),
            config::encode(&self.plugin, 0).len(),
        )
    }

    /// A root context is called next.
    pub(super) fn enter_root(&self) {
        self.scope.set(Scope::Root);
    }

    /// A stream context is called next.
    pub(super) fn enter_stream(&self, results: Results) {
        self.scope.set(Scope::Stream);
        self.results.replace(results);
    }

    /// The call is over.
    pub(super) fn leave(&self) -> Results {
        self.scope.set(Scope::Idle);
        self.results.take()
    }

    /// `proxy_log`.
    pub fn write_log(&self, level: i32, line: &[u8]) -> Status {
        match self.scope.get() {
            Scope::Starting => return self.call_early(),
            Scope::Idle => {}
            Scope::Root | Scope::Stream => self.log.write(level, line),
        }
        Status::OK
    }

    /// `proxy_get_buffer_bytes`, up to the copy. Reading a result buffer empties it.
    pub fn get(&self, buffer: i32, start: i32, len: i32) -> Result<Given, Status> {
        let bytes = self.open(buffer)?;
        let end = start.wrapping_add(len);
        if start > end {
            return Err(Status::BAD_ARGUMENT);
        }
        let total = i32::try_from(bytes.len()).unwrap_or(i32::MAX);
        let size = if end > total {
            total.wrapping_sub(start)
        } else {
            len
        };
        let copied = usize::try_from(size).unwrap_or(0).min(bytes.len());
        Ok(Given {
            size,
            bytes: bytes.get(..copied).unwrap_or_default().to_vec(),
        })
    }

    /// `proxy_set_buffer_bytes`; `data` is `None` if it is outside of the instance's memory. Every
    /// call, failing ones too, leaves a result buffer that is not absent any more.
    pub fn set(&self, buffer: i32, start: i32, len: i32, data: Option<&[u8]>) -> Status {
        if let Err(status) = self.open(buffer) {
            return status;
        }
        let Some(data) = data else {
            return Status::INVALID_MEMORY_ACCESS;
        };
        if start < 0 || (start == 0 && len < 0) {
            return Status::BAD_ARGUMENT;
        }
        let mut results = self.results.borrow_mut();
        if buffer == Buffer::DecodeData as i32 {
            results.decoded = Some(data.to_vec());
        } else if buffer == Buffer::EncodeData as i32 {
            results.encoded = Some(data.to_vec());
        }
        // Writes to a configuration go to a copy of it.
        Status::OK
    }

    /// The content of a buffer, as both functions look it up. That of a result buffer is always
    /// empty: looking it up puts a new one in its place.
    fn open(&self, buffer: i32) -> Result<Vec<u8>, Status> {
        let turn = self.turn.get();
        let configuration = |config| {
            self.turn.set(turn.wrapping_add(1));
            Ok(config::encode(config, turn))
        };
        match self.scope.get() {
            Scope::Starting => Err(self.call_early()),
            Scope::Root if buffer == Buffer::VmConfiguration as i32 => configuration(&self.vm),
            Scope::Root if buffer == Buffer::PluginConfiguration as i32 => {
                configuration(&self.plugin)
            }
            Scope::Stream if buffer == Buffer::DecodeData as i32 => {
                self.results.borrow_mut().decoded = Some(Vec::new());
                Ok(Vec::new())
            }
            Scope::Stream if buffer == Buffer::EncodeData as i32 => {
                self.results.borrow_mut().encoded = Some(Vec::new());
                Ok(Vec::new())
            }
            _ => Err(Status::NOT_FOUND),
        }
    }
}

impl Log for HostSide {
    fn log(&self, level: Level, line: &str) {
        let _ = self.write_log(level as i32, line.as_bytes());
    }
}

/// A length as the ABI carries it.
#[expect(clippy::cast_possible_wrap, reason = "the ABI knows signed words only")]
fn len_word(len: usize) -> i32 {
    len as i32
}

/// The host of a native plugin.
impl Host for HostSide {
    fn buffer(&self, buffer: Buffer, len: usize) -> Option<Vec<u8>> {
        let given = self.get(buffer as i32, 0, len_word(len)).ok()?;
        (given.size >= 0).then_some(given.bytes)
    }

    fn set_buffer(&self, buffer: Buffer, data: &[u8]) -> bool {
        let len = len_word(data.len());
        self.set(buffer as i32, 0, len, Some(data)) == Status::OK
    }

    fn shared(&self, key: &[u8]) -> Option<(Vec<u8>, u32)> {
        self.shared.get(key).ok()
    }

    fn set_shared(&self, key: &[u8], value: &[u8], version: u32) -> bool {
        self.shared.set(key, value, version) == Status::OK
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn side() -> HostSide {
        let plugin: ConfigMap = [("protocol", "x-bolt")].into_iter().collect();
        HostSide::new(ConfigMap::new(), plugin, Logs::default())
    }

    #[test]
    fn configurations_are_open_to_roots_and_results_to_streams() {
        let side = side();
        assert_eq!(
            side.get(7, 0, 28),
            Err(Status::INVALID_MEMORY_ACCESS),
            "before the start"
        );
        side.enter_root();
        assert_eq!(side.get(7, 0, 28).map(|given| given.bytes.len()), Ok(28));
        assert_eq!(side.get(6, 0, 4).map(|given| given.size), Ok(4));
        assert_eq!(side.get(13, 0, 0), Err(Status::NOT_FOUND));
        side.enter_stream(Results::default());
        assert_eq!(side.get(7, 0, 28), Err(Status::NOT_FOUND));
        assert_eq!(side.set(3, 0, 0, Some(b"")), Status::NOT_FOUND);
        assert_eq!(side.set(13, 0, 2, Some(b"ok")), Status::OK);
        assert_eq!(side.leave().decoded, Some(b"ok".to_vec()));
    }

    #[test]
    fn the_host_ignores_the_start_of_a_read() {
        let side = side();
        side.enter_root();
        let whole = side.get(7, 0, 28).unwrap().bytes;
        assert_eq!(
            side.get(7, 20, 100),
            Ok(Given {
                size: 8,
                bytes: whole[..8].to_vec()
            })
        );
        assert_eq!(
            side.get(7, 30, 5),
            Ok(Given {
                size: -2,
                bytes: Vec::new()
            })
        );
        assert_eq!(side.get(7, 0, -1), Err(Status::BAD_ARGUMENT));
        assert_eq!(side.get(7, i32::MAX, 1), Err(Status::BAD_ARGUMENT));
    }

    #[test]
    fn a_result_that_was_touched_is_never_absent_again() {
        let touches: [fn(&HostSide) -> Status; 4] = [
            |side| side.set(13, 0, -1, Some(b"lost")),
            |side| side.set(13, -1, 4, Some(b"lost")),
            |side| side.set(13, 0, 4, None),
            |side| side.get(13, 0, 4).err().unwrap_or(Status::OK),
        ];
        for touch in touches {
            let side = side();
            side.enter_stream(Results {
                decoded: Some(b"frame".to_vec()),
                encoded: None,
            });
            touch(&side);
            assert_eq!(side.leave().decoded, Some(Vec::new()));
        }
    }

    #[test]
    fn the_last_of_several_sets_counts() {
        let side = side();
        side.enter_stream(Results::default());
        assert_eq!(side.set(14, 0, 3, Some(b"one")), Status::OK);
        assert_eq!(side.set(14, 3, 3, Some(b"two")), Status::OK);
        assert_eq!(side.leave().encoded, Some(b"two".to_vec()));
    }
}
