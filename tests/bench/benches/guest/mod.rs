//! The host of a codec, with a compiler for an engine: it does what MOSN does around each call, and
//! nothing else. Both sides of the comparison go through it.

use std::path::Path;

use wasmtime::{Caller, Engine, Instance, Linker, Memory, Module, Result, Store, TypedFunc};

/// The root context.
const ROOT: u32 = 1;
/// The buffers that take results.
const DECODE_DATA: i32 = 13;
const ENCODE_DATA: i32 = 14;

/// More instructions than are ever executed.
const FULL: u64 = u64::MAX;

/// What the guest is given and gives.
#[derive(Default)]
struct Buffers {
    memory: Option<Memory>,
    decoded: Vec<u8>,
    encoded: Vec<u8>,
}

/// An instance of a plugin.
pub(crate) struct PluginInstance {
    store: Store<Buffers>,
    memory: Memory,
    malloc: TypedFunc<u32, u32>,
    create: TypedFunc<(u32, u32), ()>,
    decode: TypedFunc<(u32, u32, u32), i32>,
    encode: TypedFunc<(u32, u32, u32), i32>,
    delete: TypedFunc<u32, ()>,
    /// The context of the frame at hand.
    context: u32,
}

impl PluginInstance {
    /// Compiles, links and starts the module in a file.
    pub(crate) fn start(engine: &Engine, wasm: &Path) -> Result<Self> {
        let module = Module::from_file(engine, wasm)?;
        let mut store = Store::new(engine, Buffers::default());
        // Only an engine that counts has fuel.
        _ = store.set_fuel(FULL);
        let instance = linker(engine)?.instantiate(&mut store, &module)?;
        let memory = instance.get_memory(&mut store, "memory");
        let memory = memory.expect("a plugin exports its memory");
        let mut guest = Self {
            malloc: instance.get_typed_func(&mut store, "malloc")?,
            create: instance.get_typed_func(&mut store, "proxy_on_context_create")?,
            decode: instance.get_typed_func(&mut store, "proxy_decode_buffer_bytes")?,
            encode: instance.get_typed_func(&mut store, "proxy_encode_buffer_bytes")?,
            delete: instance.get_typed_func(&mut store, "proxy_on_delete")?,
            context: ROOT,
            memory,
            store,
        };
        guest.start_plugin(instance)?;
        Ok(guest)
    }

    fn start_plugin(&mut self, instance: Instance) -> Result<()> {
        let store = &mut self.store;
        let start = instance.get_typed_func::<(), ()>(&mut *store, "_start")?;
        start.call(&mut *store, ())?;
        store.data_mut().memory = Some(self.memory);
        self.create.call(&mut *store, (ROOT, 0))?;
        for callback in ["proxy_on_vm_start", "proxy_on_configure"] {
            let callback = instance.get_typed_func::<(u32, u32), i32>(&mut *store, callback)?;
            assert_eq!(callback.call(&mut *store, (ROOT, 0))?, 1);
        }
        Ok(())
    }

    /// A frame comes in on a context of its own; what is reported to the host about it.
    pub(crate) fn decode(&mut self, frame: &[u8]) -> Result<&[u8]> {
        self.context += 1;
        self.create.call(&mut self.store, (self.context, ROOT))?;
        let data = self.give(frame)?;
        let call = (self.context, data, frame.len() as u32);
        let status = self.decode.call(&mut self.store, call)?;
        assert_eq!(status, 0, "the frame is refused");
        Ok(&self.store.data().decoded)
    }

    /// The host's message about that frame; the bytes that go to the peer, after 21 others.
    pub(crate) fn encode(&mut self, message: &[u8]) -> Result<&[u8]> {
        let data = self.give(message)?;
        let call = (self.context, data, message.len() as u32);
        let status = self.encode.call(&mut self.store, call)?;
        assert_eq!(status, 0, "the message is refused");
        Ok(&self.store.data().encoded)
    }

    /// The host is done with the frame.
    pub(crate) fn delete(&mut self) -> Result<()> {
        self.delete.call(&mut self.store, self.context)
    }

    /// How many instructions the guest has executed, on an engine that counts them.
    pub(crate) fn executed(&self) -> Result<u64> {
        Ok(FULL - self.store.get_fuel()?)
    }

    /// Bytes of the guest's memory.
    pub(crate) fn memory_size(&self) -> usize {
        self.memory.data_size(&self.store)
    }

    /// Copies bytes into memory that the guest allocates.
    fn give(&mut self, bytes: &[u8]) -> Result<u32> {
        let data = self.malloc.call(&mut self.store, bytes.len() as u32)?;
        self.memory.write(&mut self.store, data as usize, bytes)?;
        Ok(data)
    }
}

/// The status of a host that has no such thing.
const NOT_FOUND: i32 = 1;

/// The imports of a codec. The log is not read.
fn linker(engine: &Engine) -> Result<Linker<Buffers>> {
    let mut linker = Linker::new(engine);
    linker.func_wrap("env", "proxy_set_buffer_bytes", set_buffer)?;
    linker.func_wrap("env", "proxy_log", |_: i32, _: u32, _: u32| 0)?;
    // No frame here needs what these have: a configuration, numbers of calls that an id field cannot hold.
    for absent in [
        "proxy_get_buffer_bytes",
        "proxy_get_shared_data",
        "proxy_set_shared_data",
    ] {
        linker.func_wrap("env", absent, |_: u32, _: u32, _: u32, _: u32, _: u32| {
            NOT_FOUND
        })?;
    }
    Ok(linker)
}

/// Copies a result out of the guest's memory, as MOSN does into a fresh buffer.
fn set_buffer(
    mut caller: Caller<'_, Buffers>,
    buffer: i32,
    _start: u32,
    _len: u32,
    data: u32,
    size: u32,
) -> i32 {
    let Some(memory) = caller.data().memory else {
        return 6;
    };
    let (memory, buffers) = memory.data_and_store_mut(&mut caller);
    let end = data as usize + size as usize;
    let (Some(data), Some(to)) = (memory.get(data as usize..end), buffers.of(buffer)) else {
        return 6;
    };
    to.clear();
    to.extend_from_slice(data);
    0
}

impl Buffers {
    fn of(&mut self, buffer: i32) -> Option<&mut Vec<u8>> {
        match buffer {
            DECODE_DATA => Some(&mut self.decoded),
            ENCODE_DATA => Some(&mut self.encoded),
            _ => None,
        }
    }
}

/// What the host sends back of a decoded request, for the peer to see with another id, and `more` headers.
pub(crate) fn message(decoded: &[u8], id: u64, more: &[u8]) -> Vec<u8> {
    let word = |at: usize| u32::from_be_bytes([0, 1, 2, 3].map(|byte| decoded[at + byte]));
    // After the headers is a word that keeps the host's header parser from reading on.
    let section = word(0) as usize;
    let headers = &decoded[4..section];
    let rest = &decoded[4 + section..];
    let (client_id, timeout) = (&rest[1..9], &rest[9..13]);
    let body = &rest[21..][..word(4 + section + 17) as usize];
    let mut message = ((headers.len() + more.len()) as u32).to_be_bytes().to_vec();
    message.extend_from_slice(headers);
    message.extend_from_slice(more);
    message.push(0x40);
    message.extend_from_slice(&id.to_be_bytes());
    message.extend_from_slice(client_id);
    message.extend_from_slice(timeout);
    message.extend_from_slice(&(body.len() as u32).to_be_bytes());
    message.extend_from_slice(body);
    message
}
