//! Drives the codec natively: `cargo xtask run {{name}} --native`.

fn main() -> std::process::ExitCode {
    meshwire::drive::main::<{{snake}}::{{Type}}>()
}
