//! The way to an instance's memory.

use crate::emulator::Trap;
use wasmi::{AsContext, AsContextMut, Instance, Memory, TypedFunc};

use super::trap;

/// The memory of an instance, and the function that the host gets room in it from.
#[derive(Clone)]
pub(super) struct Access {
    memory: Memory,
    malloc: TypedFunc<i32, i32>,
}

impl Access {
    pub(super) fn new(store: impl AsContext, instance: Instance) -> Result<Self, Trap> {
        let memory = instance.get_memory(&store, "memory");
        let memory = memory.ok_or_else(|| Trap::new("fail to get export memory: memory"))?;
        let malloc = instance.get_typed_func(&store, "malloc");
        let malloc = malloc
            .map_err(|error| Trap::new(format!("fail to get export func: malloc: {error}")))?;
        Ok(Self { memory, malloc })
    }

    /// Bytes of the memory.
    pub(super) fn size(&self, store: impl AsContext) -> usize {
        self.memory.data_size(store)
    }

    /// Room for `size` bytes. Null is not checked for: the host writes to the front of the memory.
    pub(super) fn malloc(&self, mut store: impl AsContextMut, size: i32) -> Result<i32, Trap> {
        let at = self.malloc.call(&mut store, size).map_err(trap)?;
        if at < 0 {
            return Err(Trap::new(
                "the host panics: an address beyond 2 GiB is negative to it",
            ));
        }
        Ok(at)
    }

    /// Puts `bytes` where the instance's `malloc` makes room for `size` of them.
    pub(super) fn give(
        &self,
        mut store: impl AsContextMut,
        size: i32,
        bytes: &[u8],
    ) -> Result<i32, Trap> {
        let at = self.malloc(&mut store, size)?;
        self.write(&mut store, at, bytes)?;
        Ok(at)
    }

    pub(super) fn read(&self, store: impl AsContext, at: i32, size: i32) -> Option<Vec<u8>> {
        let (at, size) = (usize::try_from(at).ok()?, usize::try_from(size).ok()?);
        let mut bytes = vec![0; size.min(self.size(&store))];
        self.memory.read(&store, at, &mut bytes).ok()?;
        (bytes.len() == size).then_some(bytes)
    }

    pub(super) fn write(
        &self,
        store: impl AsContextMut,
        at: i32,
        bytes: &[u8],
    ) -> Result<(), Trap> {
        let at = at.cast_unsigned() as usize;
        self.memory.write(store, at, bytes).map_err(trap)
    }

    /// Writes a pointer or a size where the instance wants it.
    pub(super) fn write_word(
        &self,
        store: impl AsContextMut,
        at: i32,
        word: i32,
    ) -> Result<(), Trap> {
        self.write(store, at, &word.to_le_bytes())
    }
}
