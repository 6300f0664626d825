//! The same frames through the network filter of Envoy: what it forwards, logs and counts.

use std::io::{self, Write};

use super::input::{self, Input};
use super::read_enough;
use super::style::{BOLD, DIM, GREEN, RED, Style};
use super::text::plural;
use crate::emulator::envoy::{Envoy, Peer};
use crate::vectors::to_hex;
use meshwire::command::Command;
use meshwire::protocol::{Level, Plugin};

/// Sends every input past the filter with this configuration, and writes what comes of it; whether the filter
/// has survived.
pub(super) fn drive<P: Plugin>(
    config: &str,
    inputs: &[Input],
    out: &mut dyn Write,
) -> Result<bool, String> {
    let envoy = Envoy::<P>::start(config).map_err(|refusal| refusal.to_string())?;
    let mut drive = Drive {
        envoy,
        client: None,
        printed: 0,
        out,
        style: Style::of_stdout(),
        width: input::width(inputs),
    };
    let written = inputs
        .iter()
        .try_for_each(|input| drive.input(input))
        .and_then(|()| drive.metrics());
    read_enough(written)?;
    Ok(drive.envoy.trap().is_none())
}

struct Drive<'o, P: Plugin> {
    envoy: Envoy<P>,
    /// The connection at hand.
    client: Option<Peer>,
    /// Lines of the log that have been shown.
    printed: usize,
    out: &'o mut dyn Write,
    style: Style,
    width: usize,
}

impl<P: Plugin> Drive<'_, P> {
    fn input(&mut self, input: &Input) -> io::Result<()> {
        let bad = self.losses();
        let client = match self.client.filter(|client| self.envoy.is_open(*client)) {
            Some(client) => client,
            None => self.envoy.client(),
        };
        self.client = Some(client);
        let asks = P::parse(&input.bytes)
            .frame()
            .is_none_or(|view| view.kind().is_request());
        let (from, to) = if asks {
            ("client", "server")
        } else {
            ("server", "client")
        };
        let passed = self.send(client, asks, &input.bytes);
        let what = match passed {
            None => "no server connection to send it: no call was forwarded".to_owned(),
            Some(_) if !self.envoy.is_open(client) => {
                self.style.paint(RED, "the connection is closed")
            }
            Some(bytes) if bytes == input.bytes => {
                format!("{from} to {to}, unchanged")
            }
            Some(bytes) if bytes.is_empty() => format!("{from} to {to}: nothing forwarded"),
            Some(bytes) => format!("{from} to {to} instead: {}", to_hex(&bytes)),
        };
        self.line(&input.name, "", &what)?;
        self.log()?;
        if self.losses() > bad {
            // What follows on it is not inspected.
            self.envoy.close(client);
        }
        Ok(())
    }

    /// What the other side gets of some bytes; `None` without a peer to send them.
    fn send(&mut self, client: Peer, asks: bool, bytes: &[u8]) -> Option<Vec<u8>> {
        if asks {
            self.envoy.send(client, bytes);
            let server = self.envoy.server(client);
            return Some(server.map_or_else(Vec::new, |server| self.envoy.received(server)));
        }
        let server = self.envoy.server(client)?;
        self.envoy.send(server, bytes);
        Some(self.envoy.received(client))
    }

    fn losses(&self) -> u64 {
        self.envoy.counter("bad_frames") + self.envoy.counter("large_frames")
    }

    fn log(&mut self) -> io::Result<()> {
        let lines = self.envoy.log();
        for (level, line) in lines.iter().skip(self.printed) {
            let (name, colour) = match level {
                Level::Trace => ("trace", DIM),
                Level::Debug => ("debug", DIM),
                Level::Info => ("info", GREEN),
                Level::Warn => ("warn", RED),
                Level::Error => ("error", RED),
            };
            self.line("", &self.style.paint(colour, name), line)?;
        }
        self.printed = lines.len();
        Ok(())
    }

    fn metrics(&mut self) -> io::Result<()> {
        let metrics = self.envoy.metrics();
        let count = plural(metrics.len(), "metric");
        let protocol = P::NAME;
        let head = format!("{count} after `wasmcustom.meshwire.{protocol}.`");
        writeln!(self.out, "\n{}", self.style.paint(BOLD, head))?;
        for (name, values) in &metrics {
            let sum: u64 = values.iter().sum();
            writeln!(self.out, "  {sum:>6}  {name}")?;
        }
        self.envoy.trap().map_or(Ok(()), |trap| {
            writeln!(self.out, "{}", self.style.paint(RED, trap))
        })
    }

    fn line(&mut self, name: &str, label: &str, text: &str) -> io::Result<()> {
        let name = format!("{name:<width$}", width = self.width);
        let label = if label.is_empty() {
            String::new()
        } else {
            format!("{label}: ")
        };
        writeln!(self.out, "{}  {label}{text}", self.style.paint(BOLD, name))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ACK, ANSWER, Acme, CALL, HEARTBEAT, ONEWAY};
    use super::*;

    fn run(config: &str, hex: &[&str]) -> (String, bool) {
        let hex: Vec<_> = hex.iter().map(|hex| (*hex).to_owned()).collect();
        let mut out = Vec::new();
        let good = drive::<Acme>(config, &input::read(&hex).unwrap(), &mut out).unwrap();
        (String::from_utf8(out).unwrap(), good)
    }

    #[test]
    fn what_passes_is_counted_and_told() {
        let (text, good) = run(
            r#"{"access_log": "info", "service": "a"}"#,
            &[CALL, ONEWAY, ANSWER, ACK, "ff"],
        );
        assert!(good);
        let wanted = "\
hex     client to server, unchanged
hex     client to server, unchanged
        info: x-acme oneway service=none method=none id=9 request=13
hex     server to client, unchanged
        info: x-acme call service=b method=none id=9 request=25 response=10 status=0 latency_us=0
hex     server to client, unchanged
hex     client to server, unchanged
        warn: x-acme invalid frame from downstream: Ask.magic at byte 0";
        assert!(text.starts_with(wanted), "{text}");
        for metric in [
            "  1  frames.request\n",
            "  1  frames.heartbeat_ack\n",
            "  1  call.b.none.status.0\n",
            "  1  bad_frames\n",
        ] {
            assert!(text.contains(metric), "{metric}{text}");
        }
    }

    #[test]
    fn what_is_denied_is_shown_with_what_goes_on_instead() {
        let deny = r#"{"service": "a", "deny": [{"service": "b"}]}"#;
        let (text, _) = run(deny, &[CALL, ACK]);
        let shown = |hex: &str| hex.replace(' ', "");
        let heartbeat = format!("client to server instead: {}", shown(HEARTBEAT));
        assert!(text.contains(&heartbeat), "{text}");
        assert!(text.contains(" cause=rule action=reply\n"), "{text}");
        assert!(
            text.contains("server to client instead: 4d57040009010000"),
            "{text}"
        );
        let closing = r#"{"service": "a", "deny": [{"service": "b"}], "on_denied": "close"}"#;
        assert!(run(closing, &[CALL]).0.contains("the connection is closed"));
    }

    #[test]
    fn a_bad_configuration_is_an_error() {
        let error = drive::<Acme>(r#"{"max_frame": 0}"#, &[], &mut Vec::new()).unwrap_err();
        assert!(
            error.starts_with("configuration key `max_frame`: "),
            "{error}"
        );
    }
}
