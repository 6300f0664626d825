//! A guest for the tests of the host: it does what a test says.

use super::{Guest, HostSide, Module, Trap};

/// A guest that does to the host whatever a test wants.
pub(super) struct Scripted {
    side: HostSide,
    call: fn(&HostSide, &'static str) -> i32,
}

pub(super) struct Script(pub(super) fn(&HostSide, &'static str) -> i32);

impl Module for Script {
    type Guest = Scripted;

    fn instantiate(&self, side: HostSide) -> Result<Scripted, Trap> {
        Ok(Scripted { side, call: self.0 })
    }
}

impl Scripted {
    fn run(&self, export: &'static str) -> Result<i32, Trap> {
        match (self.call)(&self.side, export) {
            -1 => Err(Trap::new("on purpose")),
            status => Ok(status),
        }
    }
}

impl Guest for Scripted {
    fn host(&self) -> &HostSide {
        &self.side
    }

    fn create(&mut self, _: u32, _: u32) -> Result<(), Trap> {
        self.run("create").map(|_| ())
    }

    fn start_vm(&mut self, _: u32, _: u32) -> Result<i32, Trap> {
        self.run("start_vm")
    }

    fn configure(&mut self, _: u32, _: u32) -> Result<i32, Trap> {
        self.run("configure")
    }

    fn delete(&mut self, _: u32) -> Result<(), Trap> {
        self.run("delete").map(|_| ())
    }

    fn decode(&mut self, _: u32, _: &[u8]) -> Result<i32, Trap> {
        self.run("decode")
    }

    fn encode(&mut self, _: u32, _: &[u8]) -> Result<i32, Trap> {
        self.run("encode")
    }

    fn keep_alive(&mut self, _: u32, _: u64) -> Result<i32, Trap> {
        self.run("keep_alive")
    }

    fn reply_keep_alive(&mut self, _: u32) -> Result<i32, Trap> {
        self.run("reply")
    }

    fn hijack(&mut self, _: u32, _: u32, _: &[u8]) -> Result<i32, Trap> {
        self.run("hijack")
    }

    fn memory(&self) -> Option<usize> {
        Some(65_536)
    }
}

/// A decode result without headers and body, of a frame of `drain` bytes.
pub(super) fn result(flag: u8, drain: u8) -> Vec<u8> {
    let mut out = vec![0; 25];
    out[4] = flag;
    out[20] = drain;
    out
}
