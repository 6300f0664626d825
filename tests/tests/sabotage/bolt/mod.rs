//! Saboteurs over bolt.

mod answer;
mod meaning;
mod read;
mod write;

use std::cell::{Cell, RefCell};
use std::thread::LocalKey;

use ::bolt::Bolt;

use crate::group::Group;
use crate::wrapper::{Base, Hooks};

thread_local! {
    static HOOKS: Cell<&'static Hooks<Bolt>> = const { Cell::new(&Hooks::HONEST) };
    /// Something that a codec keeps from one frame to the next.
    static KEPT: RefCell<Option<Vec<u8>>> = const { RefCell::new(None) };
}

impl Base for Bolt {
    fn hooks() -> &'static LocalKey<Cell<&'static Hooks<Self>>> {
        &HOOKS
    }
}

pub(crate) const GROUP: Group<Bolt> = Group {
    over: "bolt",
    vectors: concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sabotage/vectors/bolt"),
    saboteurs: &[
        read::SABOTEURS,
        meaning::SABOTEURS,
        write::SABOTEURS,
        answer::SABOTEURS,
    ],
};

const HONEST: Hooks<Bolt> = Hooks::HONEST;
