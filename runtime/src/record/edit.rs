//! What the host has changed, as values of rows.

use super::encoding::{Encoding, Entry, KeyChanges, Nesting, Order, Twice, Value};
use super::fault::{Fault, Result};
use super::features::Features;
use super::fill::{Want, wanted_by};
use super::found::{Found, Rows, Source, entry_at};
use super::roles::{Role, Roles};
use super::table::{Case, Row};
use super::template::Request;
use super::typed::{id_of, value};
use super::written::Seen;
use crate::command::{MessageKind, MetadataEdits};
use crate::frame::HeaderDiff;
use crate::frame::headers::{Pairs, Several};
use crate::wire::{Reason, decimal};

/// What happens to the entry of a row.
#[derive(Clone, Copy, Debug)]
pub(super) enum Edit<'c> {
    /// It is kept as it came.
    Keep,
    /// It gets this value.
    Set(Value<'c>),
    /// It is removed.
    Remove,
}

/// The headers that no field is.
#[derive(Clone, Debug)]
pub(super) struct Listed<'c> {
    pairs: Pairs<'c>,
    rows: Rows,
}

impl<'c> Iterator for Listed<'c> {
    type Item = (&'c [u8], &'c [u8]);

    fn next(&mut self) -> Option<Self::Item> {
        let rows = self.rows;
        self.pairs.find(|(name, _)| rows.lists(name))
    }
}

/// The changes of a record, and what the record holds now.
pub(super) struct Edits<'a, 'r, 'c, E: Encoding> {
    pub(super) source: Source<'r, E>,
    pub(super) rows: Rows,
    found: &'a Found<E::Key<'r>>,
    changes: &'a MetadataEdits<'c>,
    /// The roles that a change is about.
    pub(super) roles: Roles,
    /// The place that another status is written to, if there is one.
    status: usize,
    /// The headers that no field is, compared with the pairs of maps.
    pub(super) diff: Option<HeaderDiff<'c, Listed<'c>>>,
    /// The rows that an entry has been written for.
    pub(super) seen: Seen,
    /// The entries of the outermost record that are new or removed.
    pub(super) keys: KeyChanges,
    /// What a record that is made must be.
    case: Option<&'static Case>,
    /// A request that becomes an answer, of that case.
    pub(super) is_answer: bool,
    /// The answer has a status.
    has_status: bool,
    /// The request that an answer repeats values of.
    request: Option<&'a Request<'r, 'a, E>>,
    /// Lists by their place, each with the headers after its last text.
    lists: Vec<(usize, Pairs<'c>)>,
    /// The id as decimal digits, for a field that is a text.
    digits: &'c [u8],
}

/// No place.
const NOWHERE: usize = usize::MAX;

/// No change.
const UNCHANGED: &MetadataEdits<'static> = &MetadataEdits {
    id: None,
    status: None,
    headers: None,
    body: None,
    reason: None,
};

/// A row, what happens to its entry, and that entry.
pub(super) type InPlace<'a, 'c, K> = (&'static Row, Edit<'c>, &'a Entry<K>);

/// The roles that changes are about.
pub(super) fn roles_of(changes: &MetadataEdits<'_>) -> Roles {
    let mut roles = Roles::NONE;
    let each = [
        (changes.id.is_some(), Roles::ID),
        (changes.status.is_some(), Roles::STATUS),
        (changes.headers.is_some(), Roles::OF_HEADERS),
        (changes.body.is_some(), Roles::BODY),
        (changes.reason.is_some(), Roles::REASON),
    ];
    for (is_changed, role) in each {
        if is_changed {
            roles = roles.and(role);
        }
    }
    roles
}

impl<'a, 'r: 'c, 'c, E: Encoding> Edits<'a, 'r, 'c, E> {
    /// No changes of a record with these entries.
    #[inline(never)]
    fn of(source: Source<'r, E>, rows: Rows, found: &'a Found<E::Key<'r>>) -> Self {
        Self {
            source,
            rows,
            found,
            changes: UNCHANGED,
            roles: Roles::ALL,
            status: NOWHERE,
            diff: None,
            seen: Seen::default(),
            keys: KeyChanges::default(),
            case: None,
            is_answer: false,
            has_status: false,
            request: None,
            lists: Vec::new(),
            digits: &[],
        }
    }

    /// The changes of a record with these entries.
    pub(super) fn new(
        source: Source<'r, E>,
        rows: Rows,
        found: &'a Found<E::Key<'r>>,
        changes: &'a MetadataEdits<'c>,
        digits: &'c [u8],
    ) -> Self {
        let mut edits = Self::of(source, rows, found);
        edits.changes = changes;
        edits.digits = digits;
        edits.roles = roles_of(changes);
        if let Some(headers) = changes.headers {
            let pairs = headers.pairs();
            edits.diff = Some(HeaderDiff::new(Listed { pairs, rows }));
        }
        edits
    }

    /// A request that becomes an answer.
    pub(super) fn answer(
        source: Source<'r, E>,
        rows: Rows,
        found: &'a Found<E::Key<'r>>,
        case: &'static Case,
    ) -> Self {
        let mut edits = Self::of(source, rows, found);
        edits.case = Some(case);
        edits.is_answer = true;
        edits
    }

    /// A record that is made.
    pub(super) fn made(
        source: Source<'r, E>,
        rows: Rows,
        case: &'static Case,
        request: Option<&'a Request<'r, 'a, E>>,
    ) -> Self {
        let mut edits = Self::of(source, rows, &[]);
        edits.case = Some(case);
        edits.request = request;
        edits
    }

    /// That there is a place for what has changed.
    pub(super) fn find_places(&mut self) -> Result<()> {
        if let Some(status) = self.changes.status {
            let is_response = self.rows.kind == MessageKind::Response;
            let place = (E::HAS.has(Roles::STATUS) && is_response)
                .then(|| self.rows.first_of(Roles::STATUS, self.found))
                .flatten();
            let came = match place {
                Some((place, row)) => self.source.status_in(row, entry_at(self.found, place))?,
                None => 0,
            };
            if status != came {
                let (place, _) = place.ok_or_else(no_place)?;
                self.status = place;
            }
        }
        let has_body = self.changes.body.is_some_and(|body| !body.is_empty());
        if has_body && !(E::HAS.has(Roles::BODY) && self.rows.table.has(Roles::BODY)) {
            return Err(no_place());
        }
        Ok(())
    }

    /// The entry whose value becomes the id, and that value, if nothing else changes and nothing around it depends on it.
    pub(super) fn id_in_place(&self) -> Result<Option<InPlace<'a, 'c, E::Key<'r>>>> {
        if !E::HAS.has(Roles::ID) || self.roles != Roles::ID {
            return Ok(None);
        }
        let Some((place, row)) = self.rows.first_of(Roles::ID, self.found) else {
            return Ok(None);
        };
        let is_outermost = !E::HAS.meets(Features::RECORDS) || place < self.rows.table.rows.len();
        if !(is_outermost || E::RULES.nesting == Nesting::Delimited) {
            return Ok(None);
        }
        let Some(entry) = entry_at(self.found, place) else {
            return Ok(None);
        };
        // Of entries that are there several times, all but one go.
        if E::RULES.twice == Twice::Merge && self.is_second(row, entry)? {
            return Ok(None);
        }
        Ok(Some((row, self.edit(row, place, false)?, entry)))
    }

    /// Whether an entry of the outermost record comes after another one of its row.
    fn is_second(&self, row: &Row, entry: &Entry<E::Key<'r>>) -> Result<bool> {
        let Source { encoding, region } = self.source;
        let mut walk = encoding.open(region, 0..entry.start as usize)?;
        while let Some(other) = encoding.step(&mut walk)? {
            if encoding.is(other.key, row) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What happens to a row at this place; `absent` if the record that it is in is.
    pub(super) fn edit(&self, row: &Row, place: usize, absent: bool) -> Result<Edit<'c>> {
        if let Some(case) = self.case.filter(|_| E::HAS.meets(Features::REPEATED)) {
            return Ok(answered::<E>(case, row, place));
        }
        let changes = self.changes;
        let value = match row.role {
            Role::Id if E::HAS.has(Roles::ID) => match changes.id {
                Some(id) => Some(id_of::<E>(row, id, self.digits)?),
                None => None,
            },
            Role::Body if E::HAS.has(Roles::BODY) => changes.body.map(Value::Bytes),
            Role::Status if E::HAS.has(Roles::STATUS) => match changes.status {
                Some(_) if place == self.status => {
                    return value::<E>(row, changes.status, b"").map(Edit::Set);
                }
                _ => return self.header(row, place, absent),
            },
            _ => match changes.reason {
                Some(reason) if E::HAS.has(Roles::REASON) && row.reason => {
                    Some(Value::Bytes(reason))
                }
                _ => return self.header(row, place, absent),
            },
        };
        match value {
            Some(value) => self.changed(row, place, value),
            None => Ok(Edit::Keep),
        }
    }

    /// What happens to a row that shall have this value: its entry stays as it came if it has it.
    fn changed(&self, row: &Row, place: usize, value: Value<'c>) -> Result<Edit<'c>> {
        let Source { encoding, region } = self.source;
        let entry = entry_at(self.found, place);
        let is_same = match (value, entry) {
            (Value::Int(number), _) => self.source.int_in(row, entry)? == number,
            (Value::Bytes(bytes), Some(entry)) => {
                region.get(encoding.content(entry)) == Some(bytes)
            }
            (Value::Bytes(bytes), None) => bytes.is_empty(),
            _ => false,
        };
        Ok(if is_same {
            Edit::Keep
        } else {
            Edit::Set(value)
        })
    }

    /// What happens to an entry with this text in a list.
    pub(super) fn text(&mut self, row: &Row, place: usize, text: &[u8]) -> Edit<'c> {
        if self.changes.headers.is_none() || row.header.is_none() {
            return Edit::Keep;
        }
        match self.next_text(row, place) {
            Some(wanted) if wanted == text => Edit::Keep,
            Some(wanted) => Edit::Set(Value::Bytes(wanted)),
            None => Edit::Remove,
        }
    }

    /// What happens to a field that is a header.
    fn header(&self, row: &Row, place: usize, absent: bool) -> Result<Edit<'c>> {
        let (Some(name), Some(headers)) = (row.header, self.changes.headers) else {
            return Ok(Edit::Keep);
        };
        let wanted = headers
            .single(name.as_bytes())
            .map_err(|Several| no_place())?;
        let mut room = Vec::new();
        let entry = entry_at(self.found, place);
        if self.source.header_value(row, entry, &mut room)? == wanted {
            return Ok(Edit::Keep);
        }
        match wanted {
            Some(text) => value::<E>(row, decimal::read(text), text).map(Edit::Set),
            None if row.is_optional() => Ok(Edit::Remove),
            None if absent => Ok(Edit::Keep),
            // Such a field reads as its default, so it is always a header.
            None => Err(Fault::cannot(Reason::ReadOnly)),
        }
    }

    /// What a row at this place shall hold that has no entry yet; `made` if the record that it is in is made.
    pub(super) fn want(&mut self, row: &Row, place: usize, made: bool) -> Result<Want<'c>> {
        // An answer says how the call ended, in the first field for that.
        if E::HAS.meets(Features::REPEATED) && self.is_answer {
            if let Some(want) = self.outcome(row) {
                return Ok(want);
            }
        }
        let is_found = || E::RULES.order != Order::End && entry_at(self.found, place).is_some();
        if !made && (self.seen.has(place) || is_found()) {
            return Ok(Want::Nothing);
        }
        if let (true, Some(request)) = (E::HAS.meets(Features::ECHO) && row.echo, self.request) {
            if let Some(value) = request.repeated(self.rows.table, row, place) {
                return Ok(Want::Value(value));
            }
        }
        if let Some(case) = self.case {
            return Ok(wanted_by::<E>(case, row, place));
        }
        Ok(match self.edit(row, place, made)? {
            Edit::Set(value) => Want::Value(value),
            Edit::Keep | Edit::Remove => Want::Usual,
        })
    }

    /// What an optional row with a status shall hold in an answer.
    fn outcome(&mut self, row: &Row) -> Option<Want<'c>> {
        if !row.role.as_set().and(row.inner).meets(Roles::STATUS) {
            return None;
        }
        let has_status = self.has_status;
        self.has_status |= row.role == Role::Status;
        let want = if has_status {
            Want::Nothing
        } else {
            Want::Present
        };
        row.is_optional().then_some(want)
    }

    /// The next pair that no map has.
    pub(super) fn next_pair(&mut self) -> Option<(&'c [u8], &'c [u8])> {
        self.diff.as_mut()?.next_new()
    }

    /// The next text of the list at this place.
    pub(super) fn next_text(&mut self, row: &Row, place: usize) -> Option<&'c [u8]> {
        let (name, headers) = (row.header?, self.changes.headers?);
        if self.lists.iter().all(|(other, _)| *other != place) {
            self.lists.push((place, headers.pairs()));
        }
        let mut lists = self.lists.iter_mut();
        let (_, pairs) = lists.find(|(other, _)| *other == place)?;
        let mut texts = pairs.filter(|(other, _)| *other == name.as_bytes());
        texts.next().map(|(_, text)| text)
    }
}

/// What happens to a field of a request that becomes an answer: its status and its body are not those of the answer.
fn answered<E: Encoding>(case: &'static Case, row: &Row, place: usize) -> Edit<'static> {
    match wanted_by::<E>(case, row, place) {
        Want::Value(value) => Edit::Set(value),
        _ if row.role == Role::Body => Edit::Set(Value::Bytes(b"")),
        _ if !(row.reason || row.role == Role::Status) => Edit::Keep,
        _ if row.is_optional() => Edit::Remove,
        _ => Edit::Set(row.usual::<E>()),
    }
}

/// A change that the region has no place for.
#[cold]
pub(super) fn no_place() -> Fault {
    Fault::cannot(Reason::NoPlace)
}
