//! The same modules in MOSN's own main package, with no code of this repository in the host.
//!
//! MOSN is built as it is, but for one package of its dependencies, which MOSN's filter for Seata uses and which
//! module proxies do not have: `stock/byteio` has what is used of it.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use cargo_meshwire::mosn::build::Flavour;
use cargo_meshwire::mosn::go;
use meshwire_support::{ports, repository};

use crate::host::{Mosn, printed, workspace};
use crate::peers::{Server, call, captured, connect, vector};

/// Its main package, and the engine that runs codecs.
const MAIN: &str = "mosn.io/mosn/cmd/mosn/main";
const ENGINE: &str = "wasmer";

fn binary() -> &'static Path {
    static BINARY: OnceLock<PathBuf> = OnceLock::new();
    BINARY.get_or_init(build)
}

/// Builds it with the versions of dependencies that the host of this repository has.
fn build() -> PathBuf {
    let folder = workspace().target_dir.join("mosn/stock-main");
    std::fs::create_dir_all(folder.join("byteio")).unwrap();
    let sources = repository::root().join("xtask/mosn");
    let stock = repository::root().join("tests/gates/tests/mosn/stock");
    for (from, file) in [
        (&sources, "go.mod"),
        (&sources, "go.sum"),
        (&stock, "byteio/go.mod"),
        (&stock, "byteio/byteio.go"),
    ] {
        std::fs::copy(from.join(file), folder.join(file)).unwrap();
    }
    let run = |args: &[&str]| {
        let mut go = go::command(&folder, Flavour::Stock).unwrap();
        // Dependencies of its main package are added to the copy of go.mod.
        let status = go.env("GOFLAGS", "-mod=mod").args(args).status().unwrap();
        assert!(status.success(), "go {}", args.join(" "));
    };
    let replaced = "-replace=vimagination.zapto.org/byteio=./byteio";
    run(&["mod", "edit", replaced]);
    let binary = folder.join("mosn");
    let output = binary.to_string_lossy();
    run(&["build", "-trimpath", "-tags", ENGINE, "-o", &output, MAIN]);
    binary
}

/// A server of dubbo that answers as a captured one did, with the id of the call.
fn dubbo_server() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            std::thread::spawn(move || {
                while let Some(call) = dubbo_frame(&mut stream) {
                    let event = call[2] & 0x20 != 0;
                    let name = ["java_echo_response.hex", "heartbeat_ack.hex"][usize::from(event)];
                    let mut answer = vector("dubbo", name);
                    answer[4..12].copy_from_slice(&call[4..12]);
                    if stream.write_all(&answer).is_err() {
                        return;
                    }
                }
            });
        }
    });
    address
}

/// The next frame of dubbo, until the connection ends.
fn dubbo_frame(stream: &mut TcpStream) -> Option<Vec<u8>> {
    let mut frame = vec![0; 16];
    stream.read_exact(&mut frame).ok()?;
    let body = u32::from_be_bytes([frame[12], frame[13], frame[14], frame[15]]);
    frame.resize(16 + usize::try_from(body).unwrap(), 0);
    stream.read_exact(&mut frame[16..]).ok()?;
    Some(frame)
}

/// What `cargo xtask mosn config` prints, with bolt and dubbo in one host.
#[test]
fn bolt_and_dubbo_pass_calls_on() {
    let bolt = Server::echo();
    let [client, admin, second] = [(); 3].map(|()| ports::free().unwrap().to_string());
    let (upstream, servers) = (bolt.address.to_string(), dubbo_server().to_string());
    let flags = format!(
        "mosn config bolt --engine {ENGINE} --one-hop --client {client} --upstream {upstream} \
         --admin {admin} dubbo --engine {ENGINE} --one-hop --client {second} --upstream {servers}"
    );
    let config = printed(&flags.split_whitespace().collect::<Vec<_>>());
    let host = Mosn::start_command("stock", config, &[&client, &second, &admin], |file| {
        let mut command = Command::new(binary());
        command.args(["start", "-c"]).arg(file);
        command
    });
    let mut stream = connect(host.client);
    for _ in 0..2 {
        let answer = call(&mut stream, &captured("echo_request.hex"));
        assert_eq!(answer, Some(captured("echo_response.hex")));
    }
    let request = vector("dubbo", "java_echo_request.hex");
    let mut wanted = vector("dubbo", "java_echo_response.hex");
    wanted[4..12].copy_from_slice(&request[4..12]);
    let mut stream = connect(second.parse().unwrap());
    for _ in 0..2 {
        stream.write_all(&request).unwrap();
        assert_eq!(dubbo_frame(&mut stream).as_ref(), Some(&wanted));
    }
}
