//! `cargo e2e`: see `cargo e2e help`.

use std::process::ExitCode;

use cargo_meshwire::toolchain::wrapper;
use clap::Parser;
use meshwire_e2e::{embedded, envoy, mosn, peers, soak};

/// Try codecs between real clients and servers, in a real MOSN, the embedded host or a real Envoy
#[derive(Parser)]
#[command(bin_name = "cargo e2e")]
enum Cli {
    Mosn(mosn::Args),
    Embedded(embedded::Args),
    Envoy(envoy::Args),
    Peers(peers::Args),
    Soak(soak::Args),
}

fn main() -> ExitCode {
    // It builds plugins, and wraps the compiler as the product's command does.
    if wrapper::is_called() {
        return wrapper::run().unwrap_or_else(|error| cargo_meshwire::cli::failed(&error));
    }
    let done = match &Cli::parse() {
        Cli::Mosn(args) => mosn::run(args),
        Cli::Embedded(args) => embedded::run(args),
        Cli::Envoy(args) => envoy::run(args),
        Cli::Peers(args) => peers::run(args),
        Cli::Soak(args) => soak::run(args),
    };
    done.unwrap_or_else(|error| cargo_meshwire::cli::failed(&error))
}
