//! What a running Envoy says of itself, by HTTP.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use anyhow::{Context, Result, bail};

/// By how much the counters of a filter are late at most, with some to spare.
pub const COUNTER_LAG: Duration = Duration::from_millis(400);

/// The longest that an answer may take.
const TIMEOUT: Duration = Duration::from_secs(5);

/// The body of the answer to `GET path`.
///
/// # Errors
/// If there is no answer in time, or not with 200.
pub fn get(admin: SocketAddr, path: &str) -> Result<String> {
    let mut stream = TcpStream::connect_timeout(&admin, TIMEOUT)?;
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {admin}\r\nconnection: close\r\n\r\n"
    )?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    body(&String::from_utf8_lossy(&bytes)).with_context(|| format!("`{path}` of {admin}"))
}

fn body(answer: &str) -> Result<String> {
    let (head, body) = answer
        .split_once("\r\n\r\n")
        .context("not an HTTP response")?;
    let status = head.lines().next().unwrap_or_default();
    if status.split(' ').nth(1) != Some("200") {
        bail!("{status}: {}", body.trim());
    }
    if head
        .to_ascii_lowercase()
        .contains("transfer-encoding: chunked")
    {
        return chunks(body);
    }
    Ok(body.to_owned())
}

/// The content of chunks, each after its size in hex.
fn chunks(mut body: &str) -> Result<String> {
    let mut text = String::new();
    loop {
        let (size, rest) = body.split_once("\r\n").context("chunk without a size")?;
        let size = usize::from_str_radix(size.trim(), 16).context("chunk without a size")?;
        if size == 0 {
            return Ok(text);
        }
        text += rest.get(..size).context("truncated chunk")?;
        body = rest
            .get(size..)
            .unwrap_or_default()
            .trim_start_matches("\r\n");
    }
}

/// What Envoy puts before the names of metrics that plugins define.
const PREFIXES: [&str; 2] = ["wasmcustom.", "dynamicmodulescustom."];

/// Metrics; those of plugins without the host's prefix.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Stats {
    counters: BTreeMap<String, u64>,
    /// Those that have values, as the host shows them.
    histograms: BTreeMap<String, String>,
}

impl Stats {
    /// Asks the host for what its plugins count.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn of(admin: SocketAddr) -> Result<Self> {
        Ok(Self::parse(&get(admin, "/stats?filter=meshwire")?))
    }

    /// Asks the host for everything.
    ///
    /// # Errors
    /// If it does not answer.
    pub fn all(admin: SocketAddr) -> Result<Self> {
        Ok(Self::parse(&get(admin, "/stats")?))
    }

    /// What a page of `/stats` says.
    pub fn parse(text: &str) -> Self {
        let mut stats = Self::default();
        for line in text.lines() {
            let Some((name, value)) = line.split_once(": ") else {
                continue;
            };
            let own = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix));
            let name = own.unwrap_or(name).to_owned();
            if let Ok(count) = value.parse() {
                stats.counters.insert(name, count);
            } else if value.starts_with("P0(") {
                stats.histograms.insert(name, value.to_owned());
            }
        }
        stats
    }

    /// A counter; 0 if it does not exist.
    pub fn count(&self, name: &str) -> u64 {
        self.counters.get(name).copied().unwrap_or_default()
    }

    /// A histogram as the host shows it, if it has values.
    pub fn histogram(&self, name: &str) -> Option<&str> {
        self.histograms.get(name).map(String::as_str)
    }

    /// All counters with such names, together.
    pub fn sum(&self, which: impl Fn(&str) -> bool) -> u64 {
        let all = self.counters.iter();
        all.filter(|(name, _)| which(name))
            .map(|(_, count)| count)
            .sum()
    }

    /// How many counters there are.
    pub fn counters(&self) -> usize {
        self.counters.len()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bodies_are_whole_or_in_chunks() {
        let plain = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nLIVE";
        assert_eq!(body(plain).unwrap(), "LIVE");
        let chunked = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nLI\r\n\r\n2\r\nVE\r\n0\r\n\r\n";
        assert_eq!(body(chunked).unwrap(), "LI\r\nVE");
        assert!(body("HTTP/1.1 503 Service Unavailable\r\n\r\nno").is_err());
        assert!(body("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nff\r\nx").is_err());
        assert!(body("").is_err());
    }

    #[test]
    fn metrics_are_read_as_the_host_prints_them() {
        let stats = Stats::parse(
            "wasmcustom.meshwire.x-bolt.denied: 3\n\
             wasmcustom.meshwire.x-bolt.call.a.b.denied: 2\n\
             wasmcustom.meshwire.x-bolt.call.a.b.latency_us: P0(nan,82) P25(nan,82.5)\n\
             wasmcustom.meshwire.x-bolt.call.a.c.latency_us: No recorded values\n",
        );
        assert_eq!(stats.count("meshwire.x-bolt.denied"), 3);
        assert_eq!(stats.count("meshwire.x-bolt.absent"), 0);
        assert_eq!(stats.sum(|name| name.ends_with(".denied")), 5);
        assert!(
            stats
                .histogram("meshwire.x-bolt.call.a.b.latency_us")
                .is_some()
        );
        assert_eq!(stats.histogram("meshwire.x-bolt.call.a.c.latency_us"), None);
    }
}
