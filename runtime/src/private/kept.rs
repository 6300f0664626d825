//! An edit never makes a frame of another one of the protocol's structs, where their heads overlap.

use super::distinct::can_refuse;
use super::overlap::{apart, fields_overlap, in_head};
use crate::command::Command;
use crate::frame::{Field, FieldRole, Layout, Place, Verdict, View};
use crate::wire::{Endian, Error, Reason, Slot};

/// Whether another id can make a frame of another struct: some struct has its id where another one, which
/// nothing in the head excludes, has a value that decides whether bytes are its frames.
pub const fn ids_overlap(layouts: &[Layout]) -> bool {
    let mut at = 0;
    while at < layouts.len() {
        let fields = layouts[at].fields;
        let mut index = 0;
        while index < fields.len() {
            let is_id = matches!(fields[index].role, FieldRole::Id | FieldRole::IdCopy);
            if is_id && decides(layouts, at, &fields[index]) {
                return true;
            }
            index += 1;
        }
        at += 1;
    }
    false
}

/// For each layout, the field that an error names when its frame would be taken for one of another struct: the
/// first one where that struct has a value which decides, else the first part.
pub const fn deciding<const N: usize>(layouts: &[Layout]) -> [Slot; N] {
    let mut slots = [const { Slot::first("", "", 0, Endian::Big) }; N];
    let mut at = 0;
    while at < N {
        slots[at] = named(layouts, at);
        at += 1;
    }
    slots
}

const fn named(layouts: &[Layout], layout: usize) -> Slot {
    let (frame, fields) = (layouts[layout].frame, layouts[layout].fields);
    let mut part = Slot::first(frame, "", 0, Endian::Big);
    part.at = layouts[layout].fixed;
    let mut index = 0;
    while index < fields.len() {
        let field = &fields[index];
        match field.place {
            Place::Fixed { at, size, endian }
                if !field.checked && decides(layouts, layout, field) =>
            {
                let mut slot = Slot::first(frame, field.name, size, endian);
                slot.at = at;
                return slot;
            }
            _ => {}
        }
        if part.field.is_empty() && !in_head(field) {
            part.field = field.name;
        }
        index += 1;
    }
    part
}

/// Whether another layout has a value that decides in the place of a field of this one.
const fn decides(layouts: &[Layout], layout: usize, field: &Field) -> bool {
    let mut at = 0;
    while at < layouts.len() {
        let others = layouts[at].fields;
        let same_side = layouts[at].from_server == layouts[layout].from_server;
        if at != layout && same_side && !apart(layouts[layout].fields, others) {
            let mut index = 0;
            while index < others.len() {
                let other = &others[index];
                let is_length = matches!(other.role, FieldRole::Length);
                if (is_length || can_refuse(other)) && fields_overlap(field, other) {
                    return true;
                }
                index += 1;
            }
        }
        at += 1;
    }
    false
}

/// Refuses bytes that are read as a frame of another struct or kind than that of `came`, or as a shorter one.
/// What is not read at all is an error of another kind.
#[inline(never)]
pub fn keep<V: View + Command>(
    came: &impl Command,
    index: usize,
    read: &Verdict<(V, usize)>,
    written: usize,
    slots: &'static [Slot],
) -> Result<(), Error> {
    let Verdict::Frame((view, read_index)) = read else {
        return Ok(());
    };
    let is_same = view.raw().len() == written && view.kind() == came.kind() && *read_index == index;
    match slots.get(index) {
        Some(slot) if !is_same => Err(slot.error(Reason::OtherKind)),
        _ => Ok(()),
    }
}
