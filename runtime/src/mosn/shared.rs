//! Entries in the data that all instances of a host share. None can be removed, so there is a fixed number of
//! them for each purpose.

use crate::wire::{Bits, Endian};

/// Entries that a protocol may have for one purpose.
pub(super) const ENTRIES: u64 = 8192;
/// How often another instance may come between a look and a change.
pub(super) const TRIES: usize = 8;

/// What a protocol keeps entries for. All plugins of the host share its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Non-numeric ids, by the host's numbers.
    Opaque,
    /// The host's numbers, by the ids that represent them.
    Narrow,
    /// How many of these ids were given.
    Turns,
}

/// The key of an entry.
pub(super) type Key = [u8; 20];

/// A protocol as a number, in keys: FNV-1a of its name, by Fowler, Noll and Vo.
pub(super) const fn protocol(name: &str) -> u64 {
    let (mut hash, mut at) = (0xcbf2_9ce4_8422_2325_u64, 0);
    while at < name.len() {
        hash = (hash ^ name.as_bytes()[at] as u64).wrapping_mul(0x0100_0000_01b3);
        at += 1;
    }
    hash
}

/// The entry of a protocol that a number falls on.
pub(super) fn key(protocol: u64, purpose: Purpose, number: u64) -> Key {
    let mut key = *b"meshwire............";
    protocol.store(&mut key, 8, Endian::Little);
    let entry = (purpose as u32) << 16 | (number % ENTRIES) as u32;
    entry.store(&mut key, 16, Endian::Little);
    key
}

#[cfg(test)]
pub(super) mod tests {
    use core::cell::RefCell;
    use std::collections::HashMap;

    use super::*;
    use crate::mosn::{Buffer, Host};
    use crate::protocol::{Level, Log};

    /// Values by their key, each with its version.
    type Values = HashMap<Vec<u8>, (Vec<u8>, u32)>;

    /// Data as the host shares it; so many changes come too late.
    #[derive(Default)]
    pub(in crate::mosn) struct Shared {
        pub(in crate::mosn) data: RefCell<Values>,
        pub(in crate::mosn) late: RefCell<usize>,
        pub(in crate::mosn) log: RefCell<Vec<String>>,
    }

    impl Log for Shared {
        fn log(&self, _: Level, line: &str) {
            self.log.borrow_mut().push(line.to_owned());
        }
    }

    impl Host for Shared {
        fn buffer(&self, _: Buffer, _: usize) -> Option<Vec<u8>> {
            None
        }

        fn set_buffer(&self, _: Buffer, _: &[u8]) -> bool {
            false
        }

        fn shared(&self, key: &[u8]) -> Option<(Vec<u8>, u32)> {
            self.data.borrow().get(key).cloned()
        }

        fn set_shared(&self, key: &[u8], value: &[u8], version: u32) -> bool {
            let mut late = self.late.borrow_mut();
            if *late > 0 {
                *late -= 1;
                return false;
            }
            let value = (value.to_vec(), version + 1);
            self.data.borrow_mut().insert(key.to_vec(), value);
            true
        }
    }

    #[test]
    fn purposes_and_protocols_have_entries_of_their_own() {
        let keys = [
            key(protocol("x"), Purpose::Opaque, 7),
            key(protocol("x"), Purpose::Narrow, 7),
            key(protocol("y"), Purpose::Narrow, 7),
            key(protocol("y"), Purpose::Narrow, 8),
        ];
        for (at, one) in keys.iter().enumerate() {
            assert!(!keys[..at].contains(one), "{one:?}");
        }
        assert_eq!(keys[0], key(protocol("x"), Purpose::Opaque, 7 + ENTRIES));
    }
}
