//! `cargo soak`: see `cargo soak help`.

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_e2e::soak::main()
}
