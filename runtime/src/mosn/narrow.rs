//! Numbers of the host that are wider than the id field.
//!
//! MOSN numbers the calls of a connection 1, 2, 3, … and never wraps around, and an id field has 16 or 32 bits.
//! A number up to the middle of what the field holds is written as it is. A call with a larger one gets an id of
//! the upper half, and its number is kept in the data that all instances share: the answer may come through
//! another instance, which does not learn on which connection. So of all calls of the host that wait for an answer
//! each has an id of the upper half of its own.
//!
//! These ids are given in turn. One whose call was not answered is left out [`ROUNDS`] times, and then given
//! again: by then no client waits for the response.

use super::Host;
use super::shared::{ENTRIES, Purpose, TRIES, key, protocol};
use crate::command::MessageKind;
use crate::protocol::{Codec, Plugin};
use crate::wire::{Bits, Endian};

/// How often an id without an answer is left out.
const ROUNDS: u64 = 7;
/// How many ids are tried for a call.
const IDS: usize = 16;
/// The most ids that are given: so many calls can wait for answers.
const MOST: u64 = ENTRIES * WORDS as u64;

/// The largest number of the host that is written as it is.
pub(super) const fn largest_plain<C: Codec>() -> u64 {
    match C::LARGEST_ID {
        u64::MAX => u64::MAX,
        largest => largest / 2,
    }
}

/// The host's number of the call that a decoded frame is about.
#[inline]
pub(super) fn from_wire<P: Plugin>(host: &dyn Host, kind: MessageKind, id: u64) -> u64 {
    let plain = const { largest_plain::<P>() };
    if id <= plain || kind.is_request() {
        id
    } else {
        answered(host, const { protocol(P::NAME) }, plain, id)
    }
}

/// Whether the number of a frame of this kind is not written as it is. That of an answer is the id that its call
/// came with.
#[inline]
pub(super) fn is_beyond<C: Codec>(kind: MessageKind, number: u64) -> bool {
    number > const { largest_plain::<C>() } && kind.is_request()
}

/// The id with which a request goes out whose number is beyond those that are written as they are; `None` if no
/// id is free.
pub(super) fn to_wire<P: Plugin>(host: &dyn Host, one_way: bool, number: u64) -> Option<u64> {
    let plain = const { largest_plain::<P>() };
    if one_way {
        // There is no response to match.
        number.checked_rem(plain.wrapping_add(1))
    } else {
        given(
            host,
            const { protocol(P::NAME) },
            plain,
            P::LARGEST_ID,
            number,
        )
    }
}

/// The call with this id has not gone out: it is free again.
pub(super) fn release<P: Plugin>(host: &dyn Host, id: u64) {
    if let Some(index) = index(const { largest_plain::<P>() }, id) {
        update(host, const { protocol(P::NAME) }, index, Update::Answered);
    }
}

/// Gives a call an id of the upper half.
#[cold]
#[inline(never)]
fn given(host: &dyn Host, protocol: u64, plain: u64, largest: u64, number: u64) -> Option<u64> {
    (0..IDS).find_map(|_| {
        let turn = update(host, protocol, 0, Update::Turn)?;
        let index = turn.checked_rem(MOST.min(largest - plain))?;
        update(host, protocol, index, Update::Given { number })?;
        Some(plain + 1 + index)
    })
}

/// The host's number of the call that this id was given to. One that was given to none stays what it is: a server
/// has made it up, and the host drops the answer unless it knows a call of that number on the connection.
#[cold]
#[inline(never)]
fn answered(host: &dyn Host, protocol: u64, plain: u64, id: u64) -> u64 {
    let number = index(plain, id).and_then(|index| update(host, protocol, index, Update::Answered));
    number.unwrap_or(id)
}

/// Which of the ids that are given this one is.
fn index(plain: u64, id: u64) -> Option<u64> {
    let index = id.checked_sub(plain)?.checked_sub(1)?;
    (index < MOST).then_some(index)
}

/// What happens to an id.
#[derive(Clone, Copy)]
enum Update {
    /// None in particular: how many were given is counted.
    Turn,
    /// It is given to a call, unless an earlier call may still be answered with it.
    Given {
        /// The host's number of the call.
        number: u64,
    },
    /// Its call is answered. Its number stays, for an answer that comes twice.
    Answered,
}

/// Ids in an entry, a word for each.
const WORDS: usize = 8;
/// Bytes of a word: the number of the call that the id was given to, and below it how often the id is still left
/// out. 0 is an id that was not given.
const WORD: usize = size_of::<u64>();

/// Updates an id. Returns the number of its call, or how many ids were given before; `None` if the id cannot be
/// given, or was not.
#[inline(never)]
fn update(host: &dyn Host, protocol: u64, index: u64, update: Update) -> Option<u64> {
    let purpose = match update {
        Update::Turn => Purpose::Turns,
        Update::Given { .. } | Update::Answered => Purpose::Narrow,
    };
    let key = key(protocol, purpose, index);
    let at = (index / ENTRIES) as usize * WORD;
    let mut tries = TRIES;
    loop {
        let (mut entry, version) = host.shared(&key).unwrap_or_default();
        if entry.len() < WORDS * WORD {
            entry.extend_from_slice(&[0; WORDS * WORD]);
        }
        // Only instances of the same host read it.
        let word = u64::load(&entry, at, Endian::Little);
        let (word, number) = updated(word, update);
        word.store(&mut entry, at, Endian::Little);
        let kept = host.set_shared(&key, &entry, version);
        tries -= 1;
        // That another instance comes between each time does not change the number of an answer.
        if kept || tries == 0 {
            return number.filter(|_| kept || !matches!(update, Update::Given { .. }));
        }
    }
}

/// The word of an id after an update, and the number.
const fn updated(word: u64, update: Update) -> (u64, Option<u64>) {
    match update {
        Update::Turn => (word.wrapping_add(1), Some(word)),
        Update::Given { .. } if word & ROUNDS > 0 => (word - 1, None),
        Update::Given { number } => (number << ROUNDS.count_ones() | ROUNDS, Some(number)),
        Update::Answered if word > 0 => (word & !ROUNDS, Some(word >> ROUNDS.count_ones())),
        Update::Answered => (word, None),
    }
}

#[cfg(test)]
mod tests;
