//! Records that are made, not decoded.

use super::edit::Edits;
use super::encoding::{Encoding, KeyChanges, Value};
use super::fault::Result;
use super::fill::{Entries, Part, Want, Wants};
use super::found::{Found, Rows, Source, entry_at};
use super::metadata::ANY_KIND;
use super::roles::Roles;
use super::table::{Case, Row, Table, Test, is_among};
use crate::command::MessageKind;
use crate::frame::Template;

/// The region of a frame that is made: with what its case wants, and the defaults of all fields that cannot be
/// absent. `None` if no case is of this kind.
pub fn template<E: Encoding>(
    encoding: E,
    table: &'static Table,
    template: Template,
) -> Option<Vec<u8>> {
    let case = case(table, template)?;
    made(encoding, table, case.kind, &mut Conditions(case))
}

/// The same for an answer to the frame with the region `request`, whose values some fields repeat. `N` is the
/// [size](Table::size) of the table.
pub fn answer<E: Encoding, const N: usize>(
    encoding: E,
    table: &'static Table,
    template: Template,
    request: &[u8],
) -> Option<Vec<u8>> {
    let case = case(table, template)?;
    let source = Source {
        encoding,
        region: request,
    };
    let mut found = [const { None }; N];
    // A request that cannot be read is not repeated.
    let read = source.read(table, Roles::ALL, &mut found);
    let mut wants = Repeated {
        conditions: Conditions(case),
        region: request,
        found: if read.is_ok() { &found } else { &[] },
    };
    made(encoding, table, case.kind, &mut wants)
}

/// The same for a record of which answers are the request's own, with another kind and without its status and body.
/// `N` is the [size](Table::size) of the table.
pub fn repeated<E: Encoding, const N: usize>(
    encoding: E,
    table: &'static Table,
    template: Template,
    request: &[u8],
) -> Option<Vec<u8>> {
    let case = case(table, template)?;
    let source = Source {
        encoding,
        region: request,
    };
    let mut found = [const { None }; N];
    if source.read(table, Roles::ALL, &mut found).is_err() {
        return self::template(encoding, table, template);
    }
    let kind = case.kind;
    let mut region = Vec::new();
    Edits::answer(source, Rows { table, kind }, &found, case)
        .region(&mut region)
        .ok()?;
    Some(region)
}

/// Of a record whose frame knows its own kind.
static ANY_CASE: Case = Case {
    kind: ANY_KIND,
    conditions: &[],
};

fn case(table: &'static Table, template: Template) -> Option<&'static Case> {
    let kind = match template {
        Template::Request => MessageKind::Request,
        Template::Response => MessageKind::Response,
        Template::Heartbeat => MessageKind::Heartbeat,
        Template::HeartbeatAck => MessageKind::HeartbeatAck,
    };
    if table.cases.is_empty() {
        return Some(&ANY_CASE);
    }
    table.cases.iter().find(|case| case.kind == kind)
}

fn made<E: Encoding>(
    encoding: E,
    table: &'static Table,
    kind: MessageKind,
    wants: &mut dyn Wants<'_>,
) -> Option<Vec<u8>> {
    let part = Part {
        table,
        base: 0,
        made: true,
    };
    let mut region = Vec::new();
    region.extend_from_slice(E::RULES.begin);
    let mut entries = Entries::after(encoding, false, &mut region);
    let rows = Rows { table, kind };
    rows.fill(part, 0..table.rows.len(), wants, &mut entries)
        .ok()?;
    let added = entries.keys;
    region.extend_from_slice(E::RULES.end);
    let keys = KeyChanges { added, removed: 0 };
    encoding.seal(&[], &keys, 0, &mut region).ok()?;
    Some(region)
}

/// What the conditions of a case want.
pub(super) struct Conditions(pub(super) &'static Case);

impl<'v> Wants<'v> for Conditions {
    fn want(&mut self, row: &Row, place: usize, _: bool) -> Result<Want<'v>> {
        let (mut want, mut bits) = (Want::Usual, row.default_int_or_zero());
        let conditions = self.0.conditions.iter();
        for condition in conditions.filter(|condition| condition.place == place) {
            want = match condition.test {
                Test::Is { mask, values } => {
                    if let Some(value) = values.first().filter(|_| !is_among(values, bits & mask)) {
                        bits = value | bits & !mask;
                    }
                    Want::Value(Value::Int(bits))
                }
                Test::Text(texts) => match texts.first() {
                    Some(text) if !texts.contains(&row.default_text()) => {
                        Want::Value(Value::Bytes(text))
                    }
                    _ => Want::Present,
                },
                Test::Present => Want::Present,
            };
        }
        Ok(want)
    }

    fn next_pair(&mut self) -> Option<(&'v [u8], &'v [u8])> {
        None
    }
}

/// The same, and what a request has.
struct Repeated<'v, K> {
    conditions: Conditions,
    region: &'v [u8],
    found: &'v Found<K>,
}

impl<'v, K> Wants<'v> for Repeated<'v, K> {
    fn want(&mut self, row: &Row, place: usize, made: bool) -> Result<Want<'v>> {
        let entry = entry_at(self.found, place).filter(|_| row.echo);
        match entry.and_then(|entry| self.region.get(entry.range())) {
            Some(bytes) => Ok(Want::Value(Value::Entry(bytes))),
            None => self.conditions.want(row, place, made),
        }
    }

    fn next_pair(&mut self) -> Option<(&'v [u8], &'v [u8])> {
        None
    }
}
