//! Many calls by many callers, each answer held against its own request.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::client::Client;
use crate::op::{self, Call, Op};

/// Error texts that are reported.
const REPORTED: usize = 5;

#[derive(Default)]
struct Stats {
    ok: usize,
    wrong: usize,
    failed: usize,
    errors: Vec<String>,
}

struct Load {
    /// Of its own: their number is part of the test.
    clients: Vec<Client>,
    calls: u64,
    size: usize,
    call: Call,
    next: AtomicU64,
    stats: Mutex<Stats>,
}

/// Does what the op asks for.
pub(crate) async fn run(target: SocketAddr, op: &Op) -> Value {
    let connections = op.size("connections", 1).max(1);
    let load = Arc::new(Load {
        clients: (0..connections).map(|_| Client::new(target)).collect(),
        calls: op.number("calls", 1),
        size: op.size("size", 128),
        call: op.call(),
        next: AtomicU64::new(0),
        stats: Mutex::default(),
    });
    let mut callers = JoinSet::new();
    for _ in 0..op.number("callers", 1) {
        let load = Arc::clone(&load);
        callers.spawn(async move { load.caller().await });
    }
    callers.join_all().await;
    let stats = load.stats();
    json!({"ok": stats.ok, "wrong": stats.wrong, "failed": stats.failed, "errors": stats.errors})
}

impl Load {
    async fn caller(&self) {
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            if number >= self.calls {
                return;
            }
            let client = &self.clients[number as usize % self.clients.len()];
            let call = Call {
                content: op::content(number, self.size),
                ..self.call.clone()
            };
            let answer = client.call(&call).await;
            let mut stats = self.stats();
            match answer {
                Ok(content) if content == call.content => stats.ok += 1,
                Ok(_) => stats.wrong += 1,
                Err(error) => {
                    stats.failed += 1;
                    if stats.errors.len() < REPORTED {
                        stats.errors.push(op::shortened(&error.to_string()));
                    }
                }
            }
        }
    }

    fn stats(&self) -> std::sync::MutexGuard<'_, Stats> {
        self.stats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
