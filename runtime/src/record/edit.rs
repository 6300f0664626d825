//! What the host has changed, as values of rows.

use super::encoding::{Encoding, Entry, KeyChanges, Nesting, Order, Twice, Value};
use super::fault::{Fault, Result};
use super::fill::{Want, Wants};
use super::found::{Found, Rows, Source, entry_at};
use super::rewrite::Seen;
use super::roles::{Role, Roles};
use super::sign::{extended, signed};
use super::table::{Case, Row, Ty};
use super::template::Conditions;
use crate::command::{IdEdit, MessageKind, MetadataEdits, PayloadId, PayloadMetadata};
use crate::frame::headers::{Pairs, Several};
use crate::frame::{HeaderDiff, Headers};
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
    /// The roles that a change is about.
    pub(super) roles: Roles,
    /// The id as a number, if it is one, and as a text.
    id: Option<(Option<u64>, &'c [u8])>,
    /// The status, and the place that it is written to.
    status: Option<(i64, usize)>,
    headers: Option<Headers<'c>>,
    body: Option<&'c [u8]>,
    reason: Option<&'c [u8]>,
    /// The headers that no field is, compared with the pairs of maps.
    pub(super) diff: Option<HeaderDiff<'c, Listed<'c>>>,
    /// The rows that an entry has been written for.
    pub(super) seen: Seen,
    /// The entries of the outermost record that are new or removed.
    pub(super) keys: KeyChanges,
    /// It becomes an answer to the frame that it is of: one of this kind.
    pub(super) answer: Option<&'static Case>,
    /// Lists by their place, each with the headers after its last text.
    lists: Vec<(usize, Pairs<'c>)>,
    /// The answer has a status.
    has_status: bool,
}

/// A row, its new value, and the entry that has the old one.
pub(super) type InPlace<'a, 'c, K> = (&'static Row, Value<'c>, &'a Entry<K>);

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

impl<'a, 'r, 'c, E: Encoding> Edits<'a, 'r, 'c, E> {
    /// The changes of a record that `metadata` have been read from.
    pub(super) fn new(
        source: Source<'r, E>,
        rows: Rows,
        found: &'a Found<E::Key<'r>>,
        metadata: &PayloadMetadata,
        changes: &MetadataEdits<'c>,
        text: &'c mut Vec<u8>,
    ) -> Result<Self> {
        let status = match changes.status.filter(|status| *status != metadata.status) {
            None => None,
            Some(status) => {
                let place = (rows.kind == MessageKind::Response)
                    .then(|| rows.first_of(Roles::STATUS, found))
                    .flatten();
                let (place, _) = place.ok_or_else(|| Fault::cannot(Reason::NoPlace))?;
                Some((status, place))
            }
        };
        let has_body = changes.body.is_some_and(|body| !body.is_empty());
        if has_body && !rows.table.has(Roles::BODY) {
            return Err(Fault::cannot(Reason::NoPlace));
        }
        let id = match changes.id {
            Some(IdEdit::Number(id)) if metadata.id == PayloadId::Number(id) => None,
            Some(IdEdit::Number(id)) => {
                decimal::write(signed(id), text);
                Some((Some(id), &text[..]))
            }
            Some(IdEdit::Opaque(id)) => Some((None, id)),
            None => None,
        };
        let diff = changes.headers.map(|headers| {
            let pairs = headers.pairs();
            HeaderDiff::new(Listed { pairs, rows })
        });
        Ok(Self {
            source,
            rows,
            found,
            roles: roles_of(changes),
            id,
            status,
            headers: changes.headers,
            body: changes.body.filter(|body| {
                let came = source.region.get(metadata.body.clone());
                came != Some(*body)
            }),
            reason: changes.reason,
            diff,
            seen: Seen::default(),
            keys: KeyChanges::default(),
            answer: None,
            lists: Vec::new(),
            has_status: false,
        })
    }

    /// A request that becomes an answer.
    pub(super) fn answer(
        source: Source<'r, E>,
        rows: Rows,
        found: &'a Found<E::Key<'r>>,
        case: &'static Case,
    ) -> Self {
        Self {
            source,
            rows,
            found,
            roles: Roles::ALL,
            id: None,
            status: None,
            headers: None,
            body: None,
            reason: None,
            diff: None,
            seen: Seen::default(),
            keys: KeyChanges::default(),
            lists: Vec::new(),
            answer: Some(case),
            has_status: false,
        }
    }

    /// The entry whose value becomes the id, if nothing else changes and nothing around it depends on it.
    pub(super) fn id_in_place(
        &self,
        changes: &MetadataEdits<'_>,
    ) -> Result<Option<InPlace<'a, 'c, E::Key<'r>>>> {
        let others = changes.status.is_some()
            || changes.headers.is_some()
            || changes.body.is_some()
            || changes.reason.is_some();
        let (false, Some((number, text))) = (others, self.id) else {
            return Ok(None);
        };
        let Some((place, row)) = self.rows.first_of(Roles::ID, self.found) else {
            return Ok(None);
        };
        let is_outermost = place < self.rows.table.rows.len();
        // Of entries that are there several times, all but one would go.
        let is_alone = E::RULES.twice != Twice::Merge
            && (is_outermost || E::RULES.nesting == Nesting::Delimited);
        match entry_at(self.found, place).filter(|_| is_alone) {
            Some(entry) => Ok(Some((row, id(row, number, text)?, entry))),
            None => Ok(None),
        }
    }

    /// What happens to a row at this place; `absent` if the record that it is in is.
    pub(super) fn edit(&self, row: &Row, place: usize, absent: bool) -> Result<Edit<'c>> {
        if let Some(case) = self.answer {
            return answered(case, row, place);
        }
        if let Some(reason) = self.reason.filter(|_| row.reason) {
            return Ok(Edit::Set(Value::Bytes(reason)));
        }
        match row.role {
            Role::Id => match self.id {
                Some((number, text)) => id(row, number, text).map(Edit::Set),
                None => Ok(Edit::Keep),
            },
            Role::Body => Ok(match self.body {
                Some(body) => Edit::Set(Value::Bytes(body)),
                None => Edit::Keep,
            }),
            Role::Status if self.status.is_some_and(|(_, at)| at == place) => {
                let status = self.status.map(|(status, _)| status);
                value(row, status, b"").map(Edit::Set)
            }
            _ => self.header(row, place, absent),
        }
    }

    /// Whether the region has an entry for the row at a place.
    fn is_found(&self, place: usize) -> bool {
        entry_at(self.found, place).is_some()
    }

    /// What happens to an entry with this text in a list.
    pub(super) fn text(&mut self, row: &Row, place: usize, text: &[u8]) -> Edit<'c> {
        if self.headers.is_none() || row.header.is_none() {
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
        let (Some(name), Some(headers)) = (row.header, self.headers) else {
            return Ok(Edit::Keep);
        };
        let wanted = headers
            .single(name.as_bytes())
            .map_err(|Several| Fault::cannot(Reason::NoPlace))?;
        let mut room = Vec::new();
        let entry = entry_at(self.found, place);
        if self.source.header_value(row, entry, &mut room)? == wanted {
            return Ok(Edit::Keep);
        }
        match wanted {
            Some(text) => value(row, decimal::read(text), text).map(Edit::Set),
            None if row.is_optional() => Ok(Edit::Remove),
            None if absent => Ok(Edit::Keep),
            // Such a field reads as its default, so it is always a header.
            None => Err(Fault::cannot(Reason::ReadOnly)),
        }
    }
}

impl<'c, E: Encoding> Wants<'c> for Edits<'_, '_, 'c, E> {
    fn want(&mut self, row: &Row, place: usize, made: bool) -> Result<Want<'c>> {
        // An answer says how the call ended, in the first field for that.
        let is_status = row.role.as_set().and(row.inner).meets(Roles::STATUS);
        if self.answer.is_some() && is_status {
            let has_status = self.has_status;
            self.has_status |= row.role == Role::Status;
            if row.is_optional() {
                return Ok(if has_status {
                    Want::Nothing
                } else {
                    Want::Present
                });
            }
        }
        let is_there = self.seen.has(place) || E::RULES.order != Order::End && self.is_found(place);
        if is_there && !made {
            return Ok(Want::Nothing);
        }
        if let Some(case) = self.answer {
            return Conditions(case).want(row, place, made);
        }
        Ok(match self.edit(row, place, made)? {
            Edit::Set(value) => Want::Value(value),
            Edit::Keep | Edit::Remove => Want::Usual,
        })
    }

    fn next_pair(&mut self) -> Option<(&'c [u8], &'c [u8])> {
        self.diff.as_mut()?.next_new()
    }

    fn next_text(&mut self, row: &Row, place: usize) -> Option<&'c [u8]> {
        if !E::RULES.lists {
            return None;
        }
        let (name, headers) = (row.header?, self.headers?);
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
fn answered(case: &'static Case, row: &Row, place: usize) -> Result<Edit<'static>> {
    Ok(match Conditions(case).want(row, place, false)? {
        Want::Value(value) => Edit::Set(value),
        _ if row.role == Role::Body => Edit::Set(Value::Bytes(b"")),
        _ if !(row.reason || row.role == Role::Status) => Edit::Keep,
        _ if row.is_optional() => Edit::Remove,
        _ => Edit::Set(row.usual()),
    })
}

/// The id in the type of its row: the bit pattern of a number.
fn id<'c>(row: &Row, number: Option<u64>, text: &'c [u8]) -> Result<Value<'c>> {
    let (
        Ty::Int {
            bits,
            signed: is_signed,
        },
        Some(got),
    ) = (row.ty, number)
    else {
        return value(row, None, text);
    };
    let unused = 64 - u32::from(bits);
    let max = u64::MAX >> unused;
    if got > max {
        return Err(Fault::cannot(Reason::OutOfRange { max, got }));
    }
    Ok(Value::Int(extended(got, bits, is_signed)))
}

/// A value in the type of its row: the number for an integer, else the text.
fn value<'c>(row: &Row, number: Option<i64>, text: &'c [u8]) -> Result<Value<'c>> {
    if !matches!(row.ty, Ty::Int { .. }) {
        return Ok(Value::Bytes(text));
    }
    let number = number.ok_or_else(|| Fault::cannot(Reason::NoPlace))?;
    let got = row.ty.integer(number).map_err(Fault::cannot)?;
    if !row.allows(got) {
        return Err(Fault::cannot(Reason::UnknownValue { got }));
    }
    Ok(Value::Int(got))
}
