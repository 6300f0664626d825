//! Drives a plugin's `.wasm` over frames, in the embedded host. `cargo xtask run` calls it.

use std::process::ExitCode;

use meshwire_tests::host::WasmModule;

fn main() -> ExitCode {
    meshwire::drive::main_with(|path| WasmModule::load(path))
}
