//! Where the parts of a body are, by what the header of its frame says that it is.

use meshwire::record::values::{Cursor, MapValue, Serialization, TextName, TextValue, Texts};

use super::Head;
use super::descriptor::parameters;

/// The headers of a call that are not in its attachments, in their order.
pub(super) const NAMES: [TextName; 4] = [
    name("dubbo", false),
    name("service", false),
    name("version", true),
    name("method", false),
];

const fn name(name: &'static str, nullable: bool) -> TextName {
    TextName { name, nullable }
}

/// A body.
pub(super) enum Parts<'r> {
    /// A call.
    Call(Call<'r>),
    /// A result with attachments.
    Result(MapValue<'r>),
    /// Anything else.
    Other,
}

/// A call, as far as it can be read.
pub(super) struct Call<'r> {
    /// The values that are headers, in the order of [`NAMES`].
    pub(super) head: Texts<'r, 4>,
    /// What is after the arguments; `None` if that is unknown.
    pub(super) attachments: Option<MapValue<'r>>,
}

impl<'r> Parts<'r> {
    /// The parts of a body.
    pub(super) fn of(region: &'r [u8], head: Head) -> Self {
        let serialization = Serialization::of(head.serialization);
        let Some(serialization) = serialization.filter(|_| head.event == 0) else {
            return Self::Other;
        };
        let values = Cursor::new(serialization, region);
        if head.request == 0 {
            result(values).map_or(Self::Other, Self::Result)
        } else {
            Self::Call(Call::read(values))
        }
    }
}

impl<'r> Call<'r> {
    /// Reads a call as `DubboCodec.encodeRequestData` writes it. What its version says does not matter:
    /// Dubbo 2.5 takes it from the name of a jar, and a provider reads any string.
    fn read(mut values: Cursor<'r>) -> Self {
        let head = Texts::read(&mut values);
        let attachments = head.are_there().then(|| after_arguments(values)).flatten();
        Self { head, attachments }
    }

    /// Whether all that a provider believes has been read.
    pub(super) fn is_whole(&self) -> bool {
        self.head.are_read() && self.attachments.as_ref().is_some_and(MapValue::is_whole)
    }
}

fn after_arguments(mut values: Cursor<'_>) -> Option<MapValue<'_>> {
    for _ in 0..arguments(&mut values)? {
        values.pass()?;
    }
    MapValue::find(values)
}

/// How many arguments there are: as many as the descriptor has parameters. dubbox 2.8 writes a number before
/// it: −1, or how many there are, and then no descriptor (`DubboCodec.encodeRequestData` of dubbox).
fn arguments(values: &mut Cursor<'_>) -> Option<u64> {
    let mut after = values.clone();
    if let Some(number) = after.value(Cursor::integer) {
        *values = after;
        if let Ok(number) = u64::try_from(number) {
            return Some(number);
        }
    }
    let descriptor = TextValue::read(values)?.text?;
    parameters(&descriptor)
}

/// The attachments of a result as `DubboCodec.encodeResponseData` writes it: a tag, then, unless the
/// value is null, the value or the exception, and where the tag says so attachments.
fn result(mut values: Cursor<'_>) -> Option<MapValue<'_>> {
    const EXCEPTION: i64 = 3;
    const VALUE: i64 = 4;
    const NULL_VALUE: i64 = 5;
    match values.value(Cursor::integer)? {
        EXCEPTION | VALUE => values.pass()?,
        NULL_VALUE => {}
        _ => return None,
    }
    MapValue::find(values)
}
