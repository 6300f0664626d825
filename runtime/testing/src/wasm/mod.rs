//! A WebAssembly host that offers a codec exactly what MOSN offers: the same imports, the same
//! copying, the same start.
//!
//! ```no_run
//! use meshwire_testing::emulator::{MosnHost, Options};
//! use meshwire_testing::wasm::WasmModule;
//!
//! let module = WasmModule::load("acme.wasm").unwrap();
//! let mut emulator = MosnHost::new(module, &Options::new()).unwrap();
//! ```

mod imports;
mod memory;
mod shared;

use std::path::Path;

use crate::emulator::{Guest, HostSide, Module, Trap};
use wasmi::{Engine, Instance, Linker, Store, TypedFunc, WasmParams, WasmResults};

use memory::Access;

/// The state of the imports of an instance.
pub(crate) struct State {
    side: HostSide,
    /// The instance's memory; `None` while its start functions run.
    access: Option<Access>,
}

/// A compiled plugin.
pub struct WasmModule {
    engine: Engine,
    linker: Linker<State>,
    module: wasmi::Module,
}

impl WasmModule {
    /// Compiles the module in a file.
    pub fn load(path: impl AsRef<Path>) -> Result<Self, Trap> {
        let path = path.as_ref();
        let bytes = std::fs::read(path)
            .map_err(|error| Trap::new(format!("cannot read `{}`: {error}", path.display())))?;
        Self::new(&bytes)
    }

    /// Compiles a module.
    pub fn new(wasm: &[u8]) -> Result<Self, Trap> {
        let engine = Engine::default();
        let module = wasmi::Module::new(&engine, wasm).map_err(trap)?;
        let linker = imports::linker(&engine).map_err(trap)?;
        Ok(Self {
            engine,
            linker,
            module,
        })
    }

    /// The content of a custom section, the first of this name.
    pub fn section(&self, name: &str) -> Option<&[u8]> {
        let mut sections = self.module.custom_sections();
        let section = sections.find(|section| section.name() == name)?;
        Some(section.data())
    }
}

impl Module for WasmModule {
    type Guest = WasmGuest;

    fn instantiate(&self, side: HostSide) -> Result<WasmGuest, Trap> {
        let mut store = Store::new(&self.engine, State { side, access: None });
        let linked = self.linker.instantiate_and_start(&mut store, &self.module);
        let instance = linked.map_err(trap)?;
        let mut guest = WasmGuest { store, instance };
        guest.call::<(), ()>("_start", ())?;
        guest.store.data_mut().access = Some(Access::new(&guest.store, instance)?);
        guest.host().started();
        Ok(guest)
    }
}

/// An instance with a memory of its own.
pub struct WasmGuest {
    store: Store<State>,
    instance: Instance,
}

impl WasmGuest {
    /// Calls an export, which must have exactly this type.
    fn call<P: WasmParams, R: WasmResults>(&mut self, export: &str, params: P) -> Result<R, Trap> {
        let func: TypedFunc<P, R> = self
            .instance
            .get_typed_func(&self.store, export)
            .map_err(|error| Trap::new(format!("fail to get export func: {export}: {error}")))?;
        func.call(&mut self.store, params).map_err(trap)
    }

    /// Allocates memory in the instance and copies `input` there. The instance owns it from then on.
    fn give(&mut self, input: &[u8]) -> Result<(i32, i32), Trap> {
        let size = i32::try_from(input.len()).map_err(|_| Trap::new("the input is over 2 GiB"))?;
        let access = self.access()?;
        let at = access.give(&mut self.store, size, input)?;
        Ok((at, size))
    }

    /// Allocates memory in the instance, as the host does before every call that has an input.
    pub fn malloc(&mut self, size: i32) -> Result<i32, Trap> {
        let access = self.access()?;
        access.malloc(&mut self.store, size)
    }

    fn access(&self) -> Result<Access, Trap> {
        let access = self.store.data().access.clone();
        access.ok_or_else(|| Trap::new("the instance has not started"))
    }
}

impl Guest for WasmGuest {
    fn host(&self) -> &HostSide {
        &self.store.data().side
    }

    fn create(&mut self, context: u32, parent: u32) -> Result<(), Trap> {
        self.call("proxy_on_context_create", (context, parent))
    }

    fn start_vm(&mut self, root: u32, size: u32) -> Result<i32, Trap> {
        self.call("proxy_on_vm_start", (root, size))
    }

    fn configure(&mut self, root: u32, size: u32) -> Result<i32, Trap> {
        self.call("proxy_on_configure", (root, size))
    }

    fn delete(&mut self, context: u32) -> Result<(), Trap> {
        self.call("proxy_on_delete", context)
    }

    fn decode(&mut self, context: u32, input: &[u8]) -> Result<i32, Trap> {
        let (at, size) = self.give(input)?;
        self.call("proxy_decode_buffer_bytes", (context, at, size))
    }

    fn encode(&mut self, context: u32, input: &[u8]) -> Result<i32, Trap> {
        let (at, size) = self.give(input)?;
        self.call("proxy_encode_buffer_bytes", (context, at, size))
    }

    fn keep_alive(&mut self, context: u32, id: u64) -> Result<i32, Trap> {
        self.call("proxy_keepalive_buffer_bytes", (context, id))
    }

    fn reply_keep_alive(&mut self, context: u32) -> Result<i32, Trap> {
        self.call("proxy_reply_keepalive_buffer_bytes", (context, 0, 0))
    }

    fn hijack(&mut self, context: u32, status: u32, input: &[u8]) -> Result<i32, Trap> {
        let (at, size) = self.give(input)?;
        self.call("proxy_hijack_buffer_bytes", (context, status, at, size))
    }

    fn memory(&self) -> Option<usize> {
        let access = self.store.data().access.as_ref()?;
        Some(access.size(&self.store))
    }
}

fn trap(error: impl std::fmt::Display) -> Trap {
    Trap::new(error.to_string())
}
