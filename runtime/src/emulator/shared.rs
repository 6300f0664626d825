//! Data that all plugins of a host share.

use std::collections::HashMap;
use std::sync::{LazyLock, Mutex, PoisonError};

use super::Status;

/// Values by their key, each with its version.
type Values = HashMap<Vec<u8>, (Vec<u8>, u32)>;

static DATA: LazyLock<Mutex<Values>> = LazyLock::new(Mutex::default);

/// What all plugins of the process share. It lives as long as that: nothing can be removed.
#[derive(Clone, Copy, Debug)]
pub struct SharedData;

impl SharedData {
    /// A value and its version.
    pub fn get(key: &[u8]) -> Result<(Vec<u8>, u32), Status> {
        if key.is_empty() {
            return Err(Status::BAD_ARGUMENT);
        }
        let data = DATA.lock().unwrap_or_else(PoisonError::into_inner);
        data.get(key).cloned().ok_or(Status::NOT_FOUND)
    }

    /// Sets a value, if `version` is the one of the value that is there.
    pub fn set(key: &[u8], value: &[u8], version: u32) -> Status {
        if key.is_empty() {
            return Status::BAD_ARGUMENT;
        }
        let mut data = DATA.lock().unwrap_or_else(PoisonError::into_inner);
        match data.get(key) {
            Some((_, found)) if *found != version => return Status::CAS_MISMATCH,
            _ => {}
        }
        data.insert(key.to_vec(), (value.to_vec(), version.wrapping_add(1)));
        Status::OK
    }
}
