//! volo-thrift as client and server: framed thrift in `TTHeader`. Does what the lines on its standard
//! input ask for, and answers each with a line; `tests/peers/README.md` has the words.

mod client;
mod content;
mod load;
mod op;
mod peer;
mod seen;
mod server;

use std::io::{self, BufRead, Write};
use std::sync::Arc;

use serde_json::{Map, Value, json};

use op::{Failure, Op};
use peer::Peer;

/// The version that `Cargo.toml` pins.
const LIBRARY: &str = "volo-thrift 0.12.7";

fn main() -> io::Result<()> {
    let runtime = tokio::runtime::Runtime::new()?;
    let peer = Arc::new(Peer::default());
    write(&json!({"ready": true, "library": LIBRARY}))?;
    for line in io::stdin().lock().lines() {
        let Ok(fields) = serde_json::from_str::<Map<String, Value>>(&line?) else {
            continue;
        };
        let (peer, op) = (Arc::clone(&peer), Op::new(fields));
        runtime.spawn(async move {
            let mut answer = match peer.perform(&op).await {
                Ok(answer) => answer,
                Err(Failure::Unsupported(why)) => json!({"unsupported": why}),
                Err(Failure::Failed(why)) => json!({"failed": why}),
            };
            answer["seq"] = op.seq().into();
            // A peer whose standard output is closed has no reader.
            let _ = write(&answer);
        });
    }
    // Servers and clients have tasks that would go on.
    runtime.shutdown_background();
    Ok(())
}

/// One write: lines of two tasks must not mix.
fn write(answer: &Value) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(format!("{answer}\n").as_bytes())?;
    out.flush()
}
