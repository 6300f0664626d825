//! Plugins without WebAssembly: the adaptor itself.

use core::marker::PhantomData;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::{Guest, HostSide, Module, Trap};
use meshwire::mosn::Adaptor;
use meshwire::protocol::Plugin;

/// A protocol as a module: instances of it are native.
pub struct Native<P>(PhantomData<P>);

impl<P: Plugin> Native<P> {
    /// The protocol `P`.
    pub const fn new() -> Self {
        Self(PhantomData)
    }
}

impl<P: Plugin> Default for Native<P> {
    fn default() -> Self {
        Self::new()
    }
}

impl<P: Plugin> Module for Native<P> {
    type Guest = NativeGuest;

    fn instantiate(&self, host: HostSide) -> Result<NativeGuest, Trap> {
        host.started();
        Ok(NativeGuest {
            adaptor: Box::new(Adaptor::<P>::new()),
            host,
        })
    }
}

/// A native instance. A panic in it is a trap: the host logs it and continues to use the instance.
///
/// It is the same type for every protocol, so that a host around it is compiled once and not for each test of each
/// plugin.
pub struct NativeGuest {
    adaptor: Box<dyn Calls>,
    host: HostSide,
}

/// The calls of a host, which an [`Adaptor`] has for its protocol.
trait Calls {
    fn create(&mut self, host: &HostSide, context: u32, parent: u32);
    fn start_vm(&mut self, host: &HostSide, root: u32, size: usize) -> i32;
    fn configure(&mut self, host: &HostSide, root: u32, size: usize) -> i32;
    fn delete(&mut self, host: &HostSide, context: u32);
    fn decode(&mut self, host: &HostSide, context: u32, input: Vec<u8>) -> i32;
    fn encode(&mut self, host: &HostSide, context: u32, input: Vec<u8>) -> i32;
    fn keep_alive(&mut self, host: &HostSide, context: u32, id: u64) -> i32;
    fn reply_keep_alive(&mut self, host: &HostSide, context: u32) -> i32;
    fn hijack(&mut self, host: &HostSide, context: u32, status: u32, input: Vec<u8>) -> i32;
}

impl<P: Plugin> Calls for Adaptor<P> {
    fn create(&mut self, host: &HostSide, context: u32, parent: u32) {
        self.create(host, context, parent);
    }

    fn start_vm(&mut self, host: &HostSide, root: u32, size: usize) -> i32 {
        self.start_vm(host, root, size)
    }

    fn configure(&mut self, host: &HostSide, root: u32, size: usize) -> i32 {
        self.configure(host, root, size)
    }

    fn delete(&mut self, host: &HostSide, context: u32) {
        self.delete(host, context);
    }

    fn decode(&mut self, host: &HostSide, context: u32, input: Vec<u8>) -> i32 {
        self.decode(host, context, input)
    }

    fn encode(&mut self, host: &HostSide, context: u32, input: Vec<u8>) -> i32 {
        self.encode(host, context, input)
    }

    fn keep_alive(&mut self, host: &HostSide, context: u32, id: u64) -> i32 {
        self.keep_alive(host, context, id)
    }

    fn reply_keep_alive(&mut self, host: &HostSide, context: u32) -> i32 {
        self.reply_keep_alive(host, context)
    }

    fn hijack(&mut self, host: &HostSide, context: u32, status: u32, input: Vec<u8>) -> i32 {
        self.hijack(host, context, status, input)
    }
}

impl NativeGuest {
    fn call<T>(&mut self, call: impl FnOnce(&mut dyn Calls, &HostSide) -> T) -> Result<T, Trap> {
        let Self { adaptor, host } = self;
        catch_unwind(AssertUnwindSafe(|| call(&mut **adaptor, host)))
            .map_err(|payload| Trap::of_panic(payload.as_ref()))
    }
}

impl Guest for NativeGuest {
    fn host(&self) -> &HostSide {
        &self.host
    }

    fn create(&mut self, context: u32, parent: u32) -> Result<(), Trap> {
        self.call(|adaptor, host| adaptor.create(host, context, parent))
    }

    fn start_vm(&mut self, root: u32, size: u32) -> Result<i32, Trap> {
        self.call(|adaptor, host| adaptor.start_vm(host, root, size as usize))
    }

    fn configure(&mut self, root: u32, size: u32) -> Result<i32, Trap> {
        self.call(|adaptor, host| adaptor.configure(host, root, size as usize))
    }

    fn delete(&mut self, context: u32) -> Result<(), Trap> {
        self.call(|adaptor, host| adaptor.delete(host, context))
    }

    fn decode(&mut self, context: u32, input: &[u8]) -> Result<i32, Trap> {
        self.call(|adaptor, host| adaptor.decode(host, context, input.to_vec()))
    }

    fn encode(&mut self, context: u32, input: &[u8]) -> Result<i32, Trap> {
        self.call(|adaptor, host| adaptor.encode(host, context, input.to_vec()))
    }

    fn keep_alive(&mut self, context: u32, id: u64) -> Result<i32, Trap> {
        self.call(|adaptor, host| adaptor.keep_alive(host, context, id))
    }

    fn reply_keep_alive(&mut self, context: u32) -> Result<i32, Trap> {
        self.call(|adaptor, host| adaptor.reply_keep_alive(host, context))
    }

    fn hijack(&mut self, context: u32, status: u32, input: &[u8]) -> Result<i32, Trap> {
        self.call(|adaptor, host| adaptor.hijack(host, context, status, input.to_vec()))
    }

    fn memory(&self) -> Option<usize> {
        None
    }
}
