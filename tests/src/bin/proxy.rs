//! A plugin's `.wasm` in the embedded host, between clients and a server: `cargo e2e embedded`
//! starts it. It is over with its standard input, or with a signal.
//!
//! ```text
//! proxy --wasm FILE --listen ADDRESS --upstream ADDRESS
//!       [--timeout MILLIS] [--keep-alive MILLIS] [--instances COUNT] [--set KEY=VALUE]…
//!       [--set-header NAME=VALUE]… [--remove-header NAME]…
//!       [--set-response-header NAME=VALUE]… [--remove-response-header NAME]…
//! ```
//!
//! Every line of its input is answered with what it has done so far; lines are those of `tests/peers`.

use std::env;
use std::io::{self, BufRead, Write};
use std::process::ExitCode;
use std::thread;

use meshwire_testing::wasm::WasmModule;
use meshwire_tests::proxy::{Control, Proxy, Seen, Settings};
use serde_json::{Value, json};

fn main() -> ExitCode {
    match arguments(env::args().skip(1)).and_then(|(wasm, settings)| run(&wasm, settings)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("proxy: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(wasm: &str, settings: Settings) -> Result<(), String> {
    let module = WasmModule::load(wasm).map_err(|trap| trap.to_string())?;
    let proxy = Proxy::start(&module, settings).map_err(|error| error.to_string())?;
    let control = proxy.control();
    thread::spawn(move || {
        // Who does not read the answers is not waited for.
        let _ = answer(&control);
        control.end();
    });
    proxy.run();
    Ok(())
}

/// Answers every line; the first one out says that the proxy is ready.
fn answer(control: &Control) -> io::Result<()> {
    let mut out = io::stdout();
    writeln!(out, "{}", json!({"ready": true, "library": "embedded"}))?;
    out.flush()?;
    for line in io::stdin().lock().lines() {
        let question: Value = serde_json::from_str(&line?)?;
        let Some(seen) = control.seen() else {
            return Ok(());
        };
        writeln!(out, "{}", report(&question["seq"], &seen))?;
        out.flush()?;
    }
    Ok(())
}

fn report(seq: &Value, seen: &Seen) -> Value {
    let Seen {
        clients,
        servers,
        waiting,
        failures,
    } = seen;
    json!({
        "seq": seq, "clients": clients, "servers": servers, "waiting": waiting, "failures": failures,
    })
}

/// The file of the plugin, and everything else.
fn arguments(mut words: impl Iterator<Item = String>) -> Result<(String, Settings), String> {
    let nowhere = ([127, 0, 0, 1], 0).into();
    let mut settings = Settings::new(nowhere);
    let mut wasm = None;
    while let Some(flag) = words.next() {
        let value = words
            .next()
            .ok_or_else(|| format!("`{flag}` needs a value"))?;
        match flag.as_str() {
            "--wasm" => wasm = Some(value),
            "--listen" => settings.listen = parsed(&flag, &value)?,
            "--upstream" => settings.upstream = parsed(&flag, &value)?,
            "--timeout" => settings.timeout = parsed(&flag, &value)?,
            "--keep-alive" => settings.keep_alive = parsed(&flag, &value)?,
            "--instances" => {
                settings.options = settings.options.instances(parsed(&flag, &value)?);
            }
            "--set" => {
                let (key, value) = pair(&flag, &value)?;
                settings.options = settings.options.plugin(key, value);
            }
            "--set-header" => settings.edits.request.set.push(pair(&flag, &value)?),
            "--remove-header" => settings.edits.request.remove.push(value),
            "--set-response-header" => settings.edits.response.set.push(pair(&flag, &value)?),
            "--remove-response-header" => settings.edits.response.remove.push(value),
            _ => return Err(format!("there is no `{flag}`")),
        }
    }
    let wasm = wasm.ok_or("`--wasm` is missing")?;
    if settings.upstream == nowhere {
        return Err("`--upstream` is missing".to_owned());
    }
    Ok((wasm, settings))
}

fn parsed<T: std::str::FromStr>(flag: &str, value: &str) -> Result<T, String> {
    let wrong = || format!("`{value}` is no value of `{flag}`");
    value.parse().map_err(|_| wrong())
}

fn pair(flag: &str, value: &str) -> Result<(String, String), String> {
    let (key, value) = value
        .split_once('=')
        .ok_or_else(|| format!("`{flag}` needs NAME=VALUE"))?;
    Ok((key.to_owned(), value.to_owned()))
}
