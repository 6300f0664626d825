//! What the records of a payload codec have. The code for what none of them has is left out of the plugin.

use core::ops::Range;

use super::encoding::{Encoding, Entry, Form, KeyChanges, Pair, Rules, Value};
use super::fault::{Fault, Result};
use super::roles::Roles;
use super::table::{Absent, Row, Table, Test, Ty};

/// A set of what records can have: the roles of their fields are the low eight bits.
#[derive(Clone, Copy, Debug)]
pub struct Features(u32);

impl Features {
    /// All of them.
    pub(super) const ALL: Self = Self(u32::MAX);
    /// Lists of texts.
    pub(super) const LISTS: Self = Self(1 << 8);
    /// Maps that are no headers.
    pub(super) const PLAIN_MAPS: Self = Self(1 << 9);
    /// A map of all names that no field has.
    pub(super) const REST: Self = Self(1 << 10);
    /// Records inside a record.
    pub(super) const RECORDS: Self = Self(1 << 11);
    /// Integers of which not all are allowed.
    pub(super) const VALUES: Self = Self(1 << 12);
    /// Fields that count in frames of one kind only.
    pub(super) const KINDS: Self = Self(1 << 13);
    /// Conditions that compare integers.
    pub(super) const INT_TESTS: Self = Self(1 << 14);
    /// Conditions that compare texts.
    pub(super) const TEXT_TESTS: Self = Self(1 << 15);
    /// Defaults that are not zero or empty.
    pub(super) const DEFAULTS: Self = Self(1 << 16);
    /// Fields that cannot be absent.
    pub(super) const REQUIRED: Self = Self(1 << 17);
    /// Texts that are a status without being a number.
    pub(super) const OTHER_STATUS: Self = Self(1 << 18);
    /// Correlation ids that are integers.
    pub(super) const INT_IDS: Self = Self(1 << 19);
    /// Correlation ids that are texts.
    pub(super) const TEXT_IDS: Self = Self(1 << 20);
    /// Several records that a region can be.
    pub(super) const VARIANTS: Self = Self(1 << 21);
    /// Answers that are their request with changes.
    pub(super) const REPEATED: Self = Self(1 << 22);
    /// Fields of which answers repeat the value of their request.
    pub(super) const ECHO: Self = Self(1 << 23);

    /// What a table has, as bits; `repeated` if answers are their request with changes.
    #[must_use]
    pub const fn of(table: &Table, repeated: bool) -> u32 {
        let mut bits = of_table(table);
        if repeated {
            bits |= Self::REPEATED.0;
        }
        bits
    }

    /// Whether one of these is among them.
    pub(super) const fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether a field has one of these roles.
    pub(super) const fn has(self, roles: Roles) -> bool {
        self.0 & roles.bits() as u32 != 0
    }
}

impl Table {
    /// Whether the correlation id of one of its variants is no number.
    #[must_use]
    pub const fn has_opaque_id(&self) -> bool {
        of_table(self) & Features::TEXT_IDS.0 != 0
    }
}

const fn of_table(table: &Table) -> u32 {
    let mut bits = table.roles().bits() as u32;
    let mut rest = table.rows;
    while let Some((row, others)) = rest.split_first() {
        bits |= of_row(row);
        rest = others;
    }
    let mut cases = table.cases;
    while let Some((case, others)) = cases.split_first() {
        let mut conditions = case.conditions;
        while let Some((condition, others)) = conditions.split_first() {
            bits |= match condition.test {
                Test::Present => 0,
                Test::Is { .. } => Features::INT_TESTS.0,
                Test::Text(_) => Features::TEXT_TESTS.0,
            };
            conditions = others;
        }
        cases = others;
    }
    let mut variants = table.variants;
    while let Some((variant, others)) = variants.split_first() {
        bits |= of_table(variant) | Features::VARIANTS.0;
        variants = others;
    }
    bits
}

const fn of_row(row: &Row) -> u32 {
    let is_id = row.role.as_set().meets(Roles::ID);
    let is_int = matches!(row.ty, Ty::Int { .. });
    let is_map = matches!(row.ty, Ty::Map);
    let is_headers = row.role.as_set().meets(Roles::HEADERS);
    let each = [
        (matches!(row.ty, Ty::Texts), Features::LISTS),
        (is_map && !is_headers, Features::PLAIN_MAPS),
        (row.is_rest(), Features::REST),
        (!row.values.is_empty(), Features::VALUES),
        (row.of.is_some(), Features::KINDS),
        (row.default.is_some(), Features::DEFAULTS),
        (matches!(row.absent, Absent::Malformed), Features::REQUIRED),
        (row.other.is_some(), Features::OTHER_STATUS),
        (row.echo, Features::ECHO),
        (is_id && is_int, Features::INT_IDS),
        (is_id && !is_int, Features::TEXT_IDS),
    ];
    let mut bits = match row.ty {
        Ty::Record(inner) => of_table(inner) | Features::RECORDS.0,
        _ => 0,
    };
    let mut rest: &[(bool, Features)] = &each;
    while let Some(((has, feature), others)) = rest.split_first() {
        if *has {
            bits |= feature.0;
        }
        rest = others;
    }
    bits
}

/// An encoding of records with these [features](Features).
#[derive(Clone, Copy, Debug)]
pub struct Fitted<E, const HAS: u32>(E);

impl<E, const HAS: u32> Fitted<E, HAS> {
    /// The encoding, for a codec.
    pub const fn new(encoding: E) -> Self {
        Self(encoding)
    }
}

impl<E: Encoding, const HAS: u32> Encoding for Fitted<E, HAS> {
    type Key<'r> = E::Key<'r>;
    type Walk<'r> = E::Walk<'r>;

    const RULES: Rules = E::RULES;
    const HAS: Features = Features(HAS);

    #[inline]
    fn open(self, region: &[u8], range: Range<usize>) -> Result<Self::Walk<'_>> {
        self.0.open(region, range)
    }

    #[inline]
    fn inside<'r>(self, region: &'r [u8], entry: &Entry<Self::Key<'_>>) -> Result<Self::Walk<'r>> {
        self.0.inside(region, entry)
    }

    #[inline]
    fn at(self, walk: &Self::Walk<'_>) -> usize {
        self.0.at(walk)
    }

    #[allow(
        clippy::inline_always,
        reason = "the reader of an encoding decides whether it is inlined"
    )]
    #[inline(always)]
    fn next<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        self.0.next(walk)
    }

    #[inline]
    fn step<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        self.0.step(walk)
    }

    #[allow(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn next_outermost<'r>(self, walk: &mut Self::Walk<'r>) -> Result<Option<Entry<Self::Key<'r>>>> {
        self.0.next_outermost(walk)
    }

    #[inline]
    fn is(self, key: Self::Key<'_>, row: &Row) -> bool {
        self.0.is(key, row)
    }

    #[inline]
    fn is_late(self, key: Self::Key<'_>) -> bool {
        self.0.is_late(key)
    }

    #[inline]
    fn mistyped(self, entry: &Entry<Self::Key<'_>>) -> Fault {
        self.0.mistyped(entry)
    }

    #[inline]
    fn holds(self, form: Form, ty: &Ty) -> bool {
        self.0.holds(form, ty)
    }

    #[inline]
    fn int(self, region: &[u8], entry: &Entry<Self::Key<'_>>, ty: &Ty) -> Result<u64> {
        self.0.int(region, entry, ty)
    }

    #[inline]
    fn quick_int(self, region: &[u8], entry: &Entry<Self::Key<'_>>, ty: &Ty) -> Option<u64> {
        self.0.quick_int(region, entry, ty)
    }

    #[inline]
    fn text<'s>(
        self,
        region: &'s [u8],
        entry: &Entry<Self::Key<'_>>,
        room: &'s mut Vec<u8>,
    ) -> Result<&'s [u8]> {
        self.0.text(region, entry, room)
    }

    fn bytes<'s>(
        self,
        region: &'s [u8],
        entry: &Entry<Self::Key<'_>>,
        room: &'s mut Vec<u8>,
    ) -> Result<&'s [u8]> {
        self.0.bytes(region, entry, room)
    }

    #[inline]
    fn content(self, entry: &Entry<Self::Key<'_>>) -> Range<usize> {
        self.0.content(entry)
    }

    #[inline]
    fn id(self, region: &[u8], entry: &Entry<Self::Key<'_>>) -> Result<Range<usize>> {
        self.0.id(region, entry)
    }

    #[inline]
    fn pair<'r: 's, 's>(
        self,
        region: &'r [u8],
        entry: &Entry<Self::Key<'r>>,
        room: &'s mut Vec<u8>,
    ) -> Result<Option<Pair<'s>>> {
        self.0.pair(region, entry, room)
    }

    #[inline]
    fn replaced(self, entry: &Entry<Self::Key<'_>>) -> Range<usize> {
        self.0.replaced(entry)
    }

    #[inline]
    fn removed(self, entry: &Entry<Self::Key<'_>>) -> Range<usize> {
        self.0.removed(entry)
    }

    #[inline]
    fn is_before(self, row: &Row, key: Self::Key<'_>) -> bool {
        self.0.is_before(row, key)
    }

    #[allow(clippy::inline_always, reason = "as above")]
    #[inline(always)]
    fn put_id(self, row: &Row, value: Value<'_>, out: &mut Vec<u8>) -> Result<()> {
        self.0.put_id(row, value, out)
    }

    #[inline]
    fn put(
        self,
        row: &Row,
        value: Value<'_>,
        came: Option<&Entry<Self::Key<'_>>>,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        self.0.put(row, value, came, out)
    }

    fn ahead<'r>(self, walk: &Self::Walk<'r>) -> Option<Entry<Self::Key<'r>>> {
        self.0.ahead(walk)
    }

    fn key_text(self, key: Self::Key<'_>) -> String {
        self.0.key_text(key)
    }

    #[inline]
    fn seal(self, region: &[u8], keys: &KeyChanges, start: usize, out: &mut Vec<u8>) -> Result<()> {
        self.0.seal(region, keys, start, out)
    }
}
