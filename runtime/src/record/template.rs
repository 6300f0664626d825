//! Records that are made, not decoded.

use super::encoding::{Encoding, Value};
use super::fault::Result;
use super::fill::{Part, Want, Wants};
use super::found::{Found, Rows, Source, entry_at};
use super::roles::Roles;
use super::table::{Case, Row, Table, Test};
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
    made(encoding, table, case, &mut Conditions(case))
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
    made(encoding, table, case, &mut wants)
}

fn case(table: &'static Table, template: Template) -> Option<&'static Case> {
    let kind = match template {
        Template::Request => MessageKind::Request,
        Template::Response => MessageKind::Response,
        Template::Heartbeat => MessageKind::Heartbeat,
        Template::HeartbeatAck => MessageKind::HeartbeatAck,
    };
    table.cases.iter().find(|case| case.kind == kind)
}

fn made<E: Encoding>(
    encoding: E,
    table: &'static Table,
    case: &Case,
    wants: &mut dyn Wants<'_>,
) -> Option<Vec<u8>> {
    let part = Part {
        table,
        base: 0,
        made: true,
    };
    let kind = case.kind;
    let mut region = Vec::new();
    Rows { table, kind }
        .record(encoding, part, wants, &mut region)
        .ok()?;
    Some(region)
}

/// What the conditions of a case want.
struct Conditions(&'static Case);

impl<'v> Wants<'v> for Conditions {
    fn want(&mut self, row: &Row, place: usize, _: bool) -> Result<Want<'v>> {
        let (mut want, mut bits) = (Want::Usual, row.default_int_or_zero());
        let conditions = self.0.conditions.iter();
        for condition in conditions.filter(|condition| condition.place == place) {
            want = match condition.test {
                Test::Is { mask, values } => {
                    if let Some(value) = values.first().filter(|_| !values.contains(&(bits & mask)))
                    {
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
