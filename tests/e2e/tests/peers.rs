//! Third-party clients and servers without a proxy between them: `cargo e2e peers -- --help`

use std::process::ExitCode;

fn main() -> ExitCode {
    meshwire_e2e::peers::main()
}
