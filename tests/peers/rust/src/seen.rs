//! What a server has received since it was last asked.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};

use serde_json::{Value, json};

/// Requests whose headers are kept.
const LAST: usize = 16;
/// Ids that are kept: more than the calls of a load.
const LAST_IDS: usize = 4096;

#[derive(Default)]
pub(crate) struct Seen(Mutex<Counts>);

#[derive(Default)]
struct Counts {
    calls: usize,
    oneways: usize,
    headers: VecDeque<BTreeMap<String, String>>,
    ids: VecDeque<i32>,
}

impl Seen {
    pub(crate) fn request(&self, method: &str, headers: Vec<(String, String)>, id: i32) {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match method {
            "fire" => counts.oneways += 1,
            _ => counts.calls += 1,
        }
        push(&mut counts.headers, headers.into_iter().collect(), LAST);
        push(&mut counts.ids, id, LAST_IDS);
    }

    pub(crate) fn take(&self) -> Value {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Counts {
            calls,
            oneways,
            headers,
            ids,
        } = std::mem::take(&mut *counts);
        json!({"calls": calls, "oneways": oneways, "headers": headers, "ids": ids})
    }
}

fn push<T>(all: &mut VecDeque<T>, one: T, most: usize) {
    all.push_back(one);
    if all.len() > most {
        all.pop_front();
    }
}
