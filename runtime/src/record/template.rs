//! Records that are made, not decoded.

use super::edit::Edits;
use super::encoding::{Encoding, Value};
use super::fill::Part;
use super::found::{Found, Rows, Source, entry_at};
use super::metadata::ANY_KIND;
use super::roles::Roles;
use super::sign::signed;
use super::table::{Case, Row, Table, Ty};
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
    let kind = case.kind;
    let source = Source {
        encoding,
        region: &[],
    };
    Edits::made(source, Rows { table, kind }, case, None).whole()
}

/// The same for an answer to the frame with the region `request`, whose values some fields repeat; of several
/// records, and of several cases, the first that what is repeated fits. `N` is the [size](Table::size) of the table, `V`
/// whether it has variants.
pub fn answer<E: Encoding, const N: usize, const V: bool>(
    encoding: E,
    table: &'static Table,
    template: Template,
    request: &[u8],
) -> Option<Vec<u8>> {
    let source = Source {
        encoding,
        region: request,
    };
    let mut found = [const { None }; N];
    // A request that cannot be read is not repeated.
    let came = source.variant::<V>(table).ok();
    let came = came.filter(|came| source.read_kind(came, Roles::ALL, &mut found).is_ok());
    let request = Request {
        source,
        table: came,
        found: if came.is_some() { &found } else { &[] },
    };
    request.answer(table, template)
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
    if source.read_kind(table, Roles::ALL, &mut found).is_err() {
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
    if table.cases.is_empty() {
        return Some(&ANY_CASE);
    }
    let kind = kind_of(template);
    table.cases.iter().find(|case| case.kind == kind)
}

const fn kind_of(template: Template) -> MessageKind {
    match template {
        Template::Request => MessageKind::Request,
        Template::Response => MessageKind::Response,
        Template::Heartbeat => MessageKind::Heartbeat,
        Template::HeartbeatAck => MessageKind::HeartbeatAck,
    }
}

impl<'r: 'c, 'c, E: Encoding> Edits<'_, 'r, 'c, E> {
    /// The whole region of a record that is made.
    fn whole(&mut self) -> Option<Vec<u8>> {
        let part = Part {
            table: self.rows.table,
            base: 0,
            made: true,
        };
        let mut region = Vec::new();
        self.record_in(part, &mut region).ok()?;
        let encoding = self.source.encoding;
        encoding.seal(&[], &self.keys, 0, &mut region).ok()?;
        Some(region)
    }
}

/// What a request holds that is answered.
pub(super) struct Request<'v, 'f, E: Encoding> {
    source: Source<'v, E>,
    /// Its record; `None` if it cannot be read, or there is no request.
    table: Option<&'static Table>,
    found: &'f Found<E::Key<'v>>,
}

impl<'v, E: Encoding> Request<'v, '_, E> {
    /// The first case of the kind that is possible, made.
    fn answer(&self, table: &'static Table, template: Template) -> Option<Vec<u8>> {
        let kind = kind_of(template);
        let mut itself = [table];
        let mut records = table.records(&mut itself).iter();
        let (table, case) = records.find_map(|table| {
            if table.cases.is_empty() {
                return Some((*table, &ANY_CASE));
            }
            let mut cases = table.cases.iter().filter(|case| case.kind == kind);
            let case = cases.find(|case| self.can_be(table, case))?;
            Some((*table, case))
        })?;
        let kind = case.kind;
        Edits::made(self.source, Rows { table, kind }, case, Some(self)).whole()
    }

    /// Whether what is repeated is as the case wants it.
    fn can_be(&self, table: &'static Table, case: &Case) -> bool {
        case.conditions.iter().all(|condition| {
            let row = table.row_at(condition.place).filter(|row| row.echo);
            let Some(row) = row else {
                return true;
            };
            let request = self.row(table, row, condition.place);
            let entry = request.and_then(|(place, _)| entry_at(self.found, place));
            let row = request.map_or(row, |(_, row)| row);
            let holds = self.source.holds(condition.test, row, entry);
            holds.unwrap_or(false)
        })
    }

    /// The row of the request that a row of an answer repeats: itself, or in another record the one of its name.
    fn row(&self, table: &'static Table, row: &Row, place: usize) -> Option<(usize, &'static Row)> {
        let came = self.table?;
        if core::ptr::eq(came, table) {
            return came.row_at(place).map(|row| (place, row));
        }
        let mut rows = came.rows.iter().enumerate();
        rows.find(|(_, other)| other.name == row.name)
    }

    /// What a row of an answer repeats; under another key that is a number.
    pub(super) fn repeated(
        &self,
        table: &'static Table,
        row: &Row,
        place: usize,
    ) -> Option<Value<'v>> {
        let (place, came) = self.row(table, row, place)?;
        let entry = entry_at(self.found, place)?;
        if came.key == row.key {
            return self.source.region.get(entry.range()).map(Value::Entry);
        }
        let (Ty::Int { .. }, Ty::Int { .. }) = (came.ty, row.ty) else {
            return None;
        };
        let number = self.source.int_in(came, Some(entry)).ok()?;
        row.ty.integer(signed(number)).ok().map(Value::Int)
    }
}
