//! Plugins as `.wasm` files, built when the first test asks for them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{LazyLock, Mutex, PoisonError};

use cargo_meshwire::toolchain::{FLAGS, PROFILE, WASM};

static BUILT: LazyLock<Mutex<HashMap<String, PathBuf>>> = LazyLock::new(Mutex::default);

/// The `.wasm` of a package of this workspace, built once per test process as for a host.
///
/// # Panics
/// If the package does not build; a missing target is named, with its remedy.
fn plugin(package: &str) -> PathBuf {
    // Others wait here for the build that is under way.
    let mut built = BUILT.lock().unwrap_or_else(PoisonError::into_inner);
    let path = built
        .entry(package.to_owned())
        .or_insert_with(|| build(package));
    path.clone()
}

/// The same, compiled for the embedded host.
///
/// # Panics
/// If it cannot be built or compiled.
pub fn module(package: &str) -> meshwire_testing::wasm::WasmModule {
    let path = plugin(package);
    meshwire_testing::wasm::WasmModule::load(&path)
        .unwrap_or_else(|trap| panic!("`{}`: {trap}", path.display()))
}

fn build(package: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut cargo = Command::new(cargo);
    cargo
        .current_dir(tests)
        .args(["build", "-p", package, "--lib", "--profile", "plugin"])
        .args(["--target", WASM])
        .args(["--message-format", "json-render-diagnostics"])
        .env("CARGO_ENCODED_RUSTFLAGS", FLAGS.join("\x1f"));
    for key in PROFILE {
        cargo.args(["--config", &format!("profile.plugin.{key}")]);
    }
    let output = cargo
        .output()
        .unwrap_or_else(|error| panic!("cannot run cargo: {error}"));
    let messages = String::from_utf8_lossy(&output.stdout);
    if !output.status.success() {
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(
            !errors.contains("target may not be installed"),
            "the target {WASM} is not installed: run `rustup target add {WASM}`"
        );
        panic!("cannot build `{package}` for {WASM}:\n{errors}");
    }
    artifact(&messages)
        .unwrap_or_else(|| panic!("cargo has built no .wasm for `{package}`; is it a cdylib?"))
}

/// The path of the last module that cargo reports.
fn artifact(messages: &str) -> Option<PathBuf> {
    let mut texts = messages.rsplit('"').map(Path::new);
    let module = texts.find(|text| {
        text.extension()
            .is_some_and(|extension| extension == "wasm")
    });
    module.map(Path::to_path_buf)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_module_is_found_in_cargos_messages() {
        let messages = r#"{"reason":"compiler-artifact","filenames":["/t/libbolt.rlib"]}
            {"reason":"compiler-artifact","filenames":["/t/bolt.wasm","/t/libbolt.rlib"]}"#;
        assert_eq!(artifact(messages), Some(PathBuf::from("/t/bolt.wasm")));
        assert_eq!(artifact("{}"), None);
    }
}
