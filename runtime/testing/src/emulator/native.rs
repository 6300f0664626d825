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
    type Guest = NativeGuest<P>;

    fn instantiate(&self, host: HostSide) -> Result<NativeGuest<P>, Trap> {
        host.started();
        Ok(NativeGuest {
            adaptor: Adaptor::new(),
            host,
        })
    }
}

/// A native instance. A panic in it is a trap: the host logs it and goes on to use the instance.
pub struct NativeGuest<P: Plugin> {
    adaptor: Adaptor<P>,
    host: HostSide,
}

impl<P: Plugin> NativeGuest<P> {
    fn call<T>(&mut self, call: impl FnOnce(&mut Adaptor<P>, &HostSide) -> T) -> Result<T, Trap> {
        let Self { adaptor, host } = self;
        catch_unwind(AssertUnwindSafe(|| call(adaptor, host)))
            .map_err(|payload| Trap::of_panic(payload.as_ref()))
    }
}

impl<P: Plugin> Guest for NativeGuest<P> {
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
