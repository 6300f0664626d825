//! Ids of a small field, without a protocol.

use super::*;
use crate::mosn::shared::tests::Shared;
use crate::mosn::shared::{self, ENTRIES};

/// The largest id of a field of 16 bits.
const LARGEST: u64 = 0xffff;
const X: u64 = protocol("x");
/// Ids of the upper half.
const UPPER: u64 = 0x8000;

fn given(host: &Shared, number: u64) -> Option<u64> {
    super::given(host, X, UPPER - 1, LARGEST, number)
}

#[test]
fn ids_are_given_in_turn_and_begin_again() {
    let host = Shared::default();
    let ids: Vec<_> = (0..2 * UPPER)
        .map(|number| {
            let id = given(&host, UPPER + number).unwrap();
            assert_eq!(answered(&host, X, UPPER - 1, id), UPPER + number);
            id
        })
        .collect();
    let (first, second) = ids.split_at(0x8000);
    assert!(first.iter().copied().eq(UPPER..=LARGEST));
    assert_eq!(first, second);
}

#[test]
fn calls_that_wait_have_ids_of_their_own() {
    let host = Shared::default();
    let mut ids: Vec<_> = (0..UPPER).map(|_| given(&host, UPPER).unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 0x8000);
    assert_eq!(given(&host, UPPER), None, "all wait");
    assert_eq!(answered(&host, X, UPPER - 1, ids[IDS + 5]), UPPER);
    assert_eq!(given(&host, UPPER), Some(ids[IDS + 5]));
}

#[test]
fn an_id_without_an_answer_is_left_out_for_some_rounds() {
    let host = Shared::default();
    let lost = given(&host, 0xa_0000).unwrap();
    let mut left_out = 0;
    loop {
        let id = given(&host, 0xb_0000).unwrap();
        if id == lost {
            break;
        }
        assert_eq!(answered(&host, X, UPPER - 1, id), 0xb_0000);
        left_out += u64::from(id == LARGEST);
    }
    assert_eq!(left_out, ROUNDS + 1);
    assert_eq!(answered(&host, X, UPPER - 1, lost), 0xb_0000);
}

#[test]
fn an_answer_may_come_twice_until_its_id_is_given_again() {
    let host = Shared::default();
    let id = given(&host, 0xa_0000).unwrap();
    assert_eq!(answered(&host, X, UPPER - 1, id), 0xa_0000);
    assert_eq!(answered(&host, X, UPPER - 1, id), 0xa_0000);
}

#[test]
fn an_id_that_was_not_given_is_what_it_is() {
    let host = Shared::default();
    given(&host, 0xa_0000).unwrap();
    assert_eq!(answered(&host, X, UPPER - 1, LARGEST), LARGEST);
}

#[test]
fn other_instances_may_come_between() {
    let host = Shared::default();
    // The turn is not counted, so the next call finds the same one.
    *host.late.borrow_mut() = shared::TRIES;
    let first = given(&host, 0xa_0000).unwrap();
    let second = given(&host, 0xb_0000).unwrap();
    assert_ne!(first, second);
    *host.late.borrow_mut() = shared::TRIES;
    assert_eq!(
        answered(&host, X, UPPER - 1, first),
        0xa_0000,
        "only its mark is late"
    );
    *host.late.borrow_mut() = 2 * shared::TRIES;
    let third = given(&host, 0xc_0000).unwrap();
    assert_eq!(answered(&host, X, UPPER - 1, third), 0xc_0000);
}

/// Of a wide field as many ids are given as there are entries for.
#[test]
fn calls_of_a_wide_field_are_bounded_too() {
    let host = Shared::default();
    let (plain, largest) = (0x7fff_ffff, 0xffff_ffff);
    let given = |number| super::given(&host, X, plain, largest, number);
    for call in 0..MOST {
        assert_eq!(given(largest + call), Some(plain + 1 + call));
    }
    assert_eq!(given(largest), None);
    assert_eq!(host.data.borrow().len() as u64, ENTRIES + 1);
    let last = plain + MOST;
    assert_eq!(super::answered(&host, X, plain, last), largest + MOST - 1);
    for unknown in [last + 1, largest] {
        assert_eq!(super::answered(&host, X, plain, unknown), unknown);
    }
}

#[test]
fn what_somebody_else_has_written_is_survived() {
    for junk in [&[0xff; 100][..], b"junk", b""] {
        let host = Shared::default();
        host.set_shared(&key(X, Purpose::Narrow, 0), junk, 0);
        let id = given(&host, 0xa_0000).unwrap();
        assert_eq!(answered(&host, X, UPPER - 1, id), 0xa_0000, "{junk:?}");
    }
}
