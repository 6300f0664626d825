//! Data that all instances of a plugin share.

use core::cell::RefCell;
use std::collections::HashMap;

use super::Status;

/// Values by their key, each with its version.
type Values = HashMap<Vec<u8>, (Vec<u8>, u32)>;

/// What all instances of a plugin share. On MOSN all plugins of the process share it as well, each with keys of its
/// own; here each [`MosnHost`](super::MosnHost) has one plugin, and so data of its own. Nothing can be removed.
#[derive(Debug, Default)]
pub struct SharedData(RefCell<Values>);

impl SharedData {
    /// A value and its version.
    pub fn get(&self, key: &[u8]) -> Result<(Vec<u8>, u32), Status> {
        if key.is_empty() {
            return Err(Status::BAD_ARGUMENT);
        }
        self.0.borrow().get(key).cloned().ok_or(Status::NOT_FOUND)
    }

    /// Sets a value, if `version` is the one of the value that is there.
    pub fn set(&self, key: &[u8], value: &[u8], version: u32) -> Status {
        if key.is_empty() {
            return Status::BAD_ARGUMENT;
        }
        let mut data = self.0.borrow_mut();
        match data.get(key) {
            Some((_, found)) if *found != version => return Status::CAS_MISMATCH,
            _ => {}
        }
        data.insert(key.to_vec(), (value.to_vec(), version.wrapping_add(1)));
        Status::OK
    }
}
