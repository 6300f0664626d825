//! Plugins that are replaced while calls are under way.

use std::io::Write as _;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use cargo_meshwire::build_plugin::md5;
use serde_json::Value;

use crate::host::{Mosn, TIMEOUT, printed};
use crate::peers::{Server, call, captured, connect, status, with_id, with_timeout};

/// Connections with a call at a time each.
const CALLERS: u32 = 4;
/// So many calls have to end between two updates.
const BETWEEN: u32 = 200;

/// A module of bolt in a folder of its own, of a version.
struct Module(PathBuf);

impl Module {
    fn new(name: &str) -> Self {
        printed(&["build-plugin", "bolt"]);
        let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let module = Self(folder.join("bolt.wasm"));
        module.write(1);
        module
    }

    /// Writes another version, which differs by a custom section only; its md5.
    fn write(&self, version: u8) -> String {
        self.replace(&Self::built(version))
    }

    /// Writes one that does not offer the lean path: the name of its export is another one.
    fn write_classic(&self) -> String {
        let mut bytes = Self::built(0);
        let name = b"mw_lean_1";
        let at = bytes.windows(name.len()).position(|bytes| bytes == name);
        bytes[at.unwrap()] = b'x';
        self.replace(&bytes)
    }

    fn built(version: u8) -> Vec<u8> {
        let built = meshwire_support::repository::root().join("examples/bolt/build/bolt.wasm");
        let mut bytes = std::fs::read(built).unwrap();
        // Custom section, its length, that of its name, the name, the content.
        bytes.extend_from_slice(&[0, 4, 2, b'v', b'n', version]);
        bytes
    }

    /// As deployments do it: never half of a file.
    fn replace(&self, bytes: &[u8]) -> String {
        let next = self.0.with_extension("next");
        std::fs::write(&next, bytes).unwrap();
        std::fs::rename(next, &self.0).unwrap();
        md5(bytes)
    }

    fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Module {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(self.0.parent().unwrap());
    }
}

/// The configuration with another module and number of instances.
fn with(config: &str, md5: &str, instances: u32) -> String {
    let mut config: Value = serde_json::from_str(config).unwrap();
    let plugin = &mut config["wasm_global_plugins"][0];
    plugin["vm_config"]["md5"] = md5.into();
    plugin["instance_num"] = instances.into();
    config.to_string()
}

/// The answer of a server that sends all of a request back but its id.
fn echo(request: &[u8]) -> Vec<u8> {
    let mut answer = vec![1, 0, 0, 2, 1];
    answer.extend_from_slice(&request[5..10]);
    answer.extend_from_slice(&[0, 0]);
    answer.extend_from_slice(&request[14..]);
    answer
}

/// Calls without a pause, each with a body of its own.
struct Callers {
    done: Arc<AtomicU32>,
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

impl Callers {
    fn start(address: SocketAddr) -> Self {
        let (done, stop) = (Arc::<AtomicU32>::default(), Arc::<AtomicBool>::default());
        let start = |caller: u32| {
            let (done, stop) = (Arc::clone(&done), Arc::clone(&stop));
            std::thread::spawn(move || {
                let mut client = connect(address);
                let mut number = caller << 24;
                while !stop.load(Ordering::Relaxed) {
                    let mut request = with_id(captured("echo_request.hex"), number.to_be_bytes());
                    let end = request.len() - 4;
                    request[end..].copy_from_slice(&number.to_be_bytes());
                    client.write_all(&request).unwrap();
                    let answer = crate::peers::read(&mut client);
                    assert_eq!(answer, Some(echo(&request)), "call {number:x}");
                    done.fetch_add(1, Ordering::Relaxed);
                    number += 1;
                }
            })
        };
        let threads = (0..CALLERS).map(start).collect();
        Self {
            done,
            stop,
            threads,
        }
    }

    /// Waits until some more calls have ended.
    fn go_on(&self) {
        let (before, end) = (self.done.load(Ordering::Relaxed), Instant::now() + TIMEOUT);
        while self.done.load(Ordering::Relaxed) < before + BETWEEN {
            assert!(Instant::now() < end, "calls do not go on");
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// How many have ended; each with its answer.
    fn stop(self) -> u32 {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads {
            thread.join().expect("a call has not got its answer");
        }
        self.done.load(Ordering::Relaxed)
    }
}

/// Updates under load, to other modules and to more and fewer instances: what the host says of the paths when it
/// stops, and the number of calls.
fn updated(name: &str, lean: &str) -> (Option<String>, u32) {
    let server = Server::start(|call| Some(echo(call)));
    let module = Module::new(name);
    let path = module.path().to_string_lossy();
    let args = format!("{path} --lean {lean} --instances 2");
    let mut host = Mosn::one_hop(name, &args, server.address);
    let config = host.config.clone();
    let callers = Callers::start(host.client);
    callers.go_on();
    for (version, instances) in [(2, 2), (2, 4), (2, 1), (3, 3), (1, 2)] {
        let md5 = module.write(version);
        host.update(&with(&config, &md5, instances));
        host.wait_for(&format!("is now {md5}, instances: {instances}"));
        callers.go_on();
    }
    let calls = callers.stop();
    let log = host.stop();
    let line = log.into_iter().find(|line| line.starts_with("[lean]"));
    (line, calls)
}

#[test]
fn no_call_is_lost_and_all_go_on_lean() {
    let (line, calls) = updated("update-lean", "on");
    let expected = format!("[lean] x-bolt: {} frames passed on", 2 * calls);
    assert_eq!(line, Some(expected));
}

#[test]
fn no_call_is_lost_by_mosns_codec() {
    let (line, calls) = updated("update-classic", "off");
    assert_eq!(line, None);
    assert!(calls >= 6 * BETWEEN, "{calls}");
}

/// It is the new module that is asked about fronts, as soon as it is there.
#[test]
fn the_lean_path_follows_the_module() {
    let server = Server::echo();
    let module = Module::new("update-follows");
    let args = format!("{} --instances 2", module.path().to_string_lossy());
    let mut host = Mosn::one_hop("update-follows", &args, server.address);
    let config = host.config.clone();
    let mut client = connect(host.client);
    // One call before each update and after the last: four frames go lean, two do not.
    let mut calls = || {
        let answer = call(&mut client, &captured("echo_request.hex"));
        assert_eq!(answer, Some(captured("echo_response.hex")));
    };
    calls();
    for write in [Module::write_classic, |module: &Module| module.write(2)] {
        let md5 = write(&module);
        host.update(&with(&config, &md5, 2));
        host.wait_for(&format!("is now {md5}"));
        calls();
    }
    let log = host.stop();
    let line = log.into_iter().find(|line| line.starts_with("[lean]"));
    let expected = "[lean] x-bolt: 4 frames passed on, 2 by MOSN's codec (not_offered 2)";
    assert_eq!(line.as_deref(), Some(expected));
}

/// MOSN by itself would add instances without settings, and calls that meet them would wait forever.
#[test]
fn more_instances_have_the_settings_too() {
    let server = Server::silent();
    let module = Module::new("update-settings");
    let args = format!(
        "{} --lean off --instances 1 --timeout 200ms --set no_timeout=route",
        module.path().to_string_lossy()
    );
    let mut host = Mosn::one_hop("update-settings", &args, server.address);
    let md5 = md5(&std::fs::read(module.path()).unwrap());
    host.update(&with(&host.config, &md5, 4));
    host.wait_for("instances: 4");
    let mut client = connect(host.client);
    for id in 0..8 {
        let request = with_id(captured("echo_request.hex"), [0, 0, 0, id]);
        let answer = call(&mut client, &with_timeout(request, -1)).unwrap();
        // bolt's status of a timeout.
        assert_eq!(status(&answer), [0, 7], "{id}");
    }
}

/// What cannot be loaded leaves everything as it was.
#[test]
fn a_plugin_that_does_not_load_takes_no_place() {
    let server = Server::start(|call| Some(echo(call)));
    let module = Module::new("update-refused");
    let args = format!("{} --instances 2", module.path().to_string_lossy());
    let mut host = Mosn::one_hop("update-refused", &args, server.address);
    let config = host.config.clone();
    let callers = Callers::start(host.client);
    // Another module than the configuration says, in both kinds of update.
    host.update(&with(&config, &"0".repeat(32), 2));
    host.wait_for("stays as it was");
    callers.go_on();
    module.write(2);
    let mut old: Value = serde_json::from_str(&config).unwrap();
    old["wasm_global_plugins"][0]["instance_num"] = 3.into();
    host.update(&old.to_string());
    host.wait_for("has another md5");
    callers.go_on();
    host.update("{");
    host.wait_for("[update] ");
    callers.go_on();
    callers.stop();
    let log = host.stop();
    assert!(!log.iter().any(|line| line.contains("is now")), "{log:?}");
}
