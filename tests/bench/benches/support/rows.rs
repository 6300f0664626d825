//! A row for each protocol: what its frames cost, and what they cost who reads them by hand.

use std::hint::black_box;

use meshwire::wire::offset_in;
use meshwire::{Bytes, Codec, Command, Edits, Message, MessageKind, View};
use meshwire_testing::vectors::Vector;
use meshwire_tests::vectors;

use crate::by_hand::{Facts, PassOn};
use crate::turns::{Medians, medians};

/// An id that no frame has, and most protocols can write.
const ID: u64 = 0x0102_0304;
/// The body of a large frame, in bytes.
const BODY: usize = 16 * 1024;

/// What is measured.
pub(crate) struct Row {
    /// The name of the example, and after a comma which of its frames.
    name: &'static str,
    /// A frame of its vectors.
    vector: &'static str,
    /// Which of the good vectors the parser by hand is for.
    of: fn(&[u8]) -> bool,
    /// Another way to make a frame large than to give it another body.
    grow: Option<Grow>,
    /// The id with which the frame is passed on.
    id: u64,
}

/// Makes a frame with much of a body in it.
type Grow = fn(frame: &[u8], body: &[u8]) -> Vec<u8>;

impl Row {
    /// A row of one of an example's vectors; its parser by hand is for all good ones.
    pub(crate) fn new(name: &'static str, vector: &'static str) -> Self {
        Self {
            name,
            vector,
            of: |_| true,
            grow: None,
            id: ID,
        }
    }

    /// The same row, whose parser by hand is for some frames only.
    pub(crate) fn of_frames(self, of: fn(&[u8]) -> bool) -> Self {
        Self { of, ..self }
    }

    /// The same row with a large frame of another make.
    pub(crate) fn grown_by(self, grow: Grow) -> Self {
        Self {
            grow: Some(grow),
            ..self
        }
    }

    /// The same row of a protocol that cannot write the usual id.
    pub(crate) fn with_id(self, id: u64) -> Self {
        Self { id, ..self }
    }

    fn example(&self) -> &'static str {
        self.name.split(',').next().unwrap_or_default()
    }

    fn is_wanted(&self, filters: &[String]) -> bool {
        filters.is_empty() || filters.iter().any(|filter| self.name.contains(&**filter))
    }

    /// The vectors that both sides must agree about.
    fn vectors(&self) -> impl Iterator<Item = Vector> {
        let all = vectors::good(self.example()).into_iter();
        all.filter(|vector| (self.of)(&vector.bytes))
    }
}

/// The rows of one run.
pub(crate) struct Rows {
    /// Only rows that have one of these in their names; all if there is none.
    filters: Vec<String>,
    /// Without that, both sides are held against each other and nothing else is done.
    measuring: bool,
    /// The sizes of the plugins belong to the table.
    sizes: bool,
    /// The table belongs into docs/benchmarks.md.
    write: bool,
    lines: Vec<String>,
}

impl Rows {
    /// A run as the command line wants it.
    pub(crate) fn new() -> Self {
        let (flags, filters): (Vec<_>, Vec<_>) = std::env::args()
            .skip(1)
            .partition(|argument| argument.starts_with('-'));
        let is_set = |name: &str| flags.iter().any(|flag| flag == name);
        Self {
            filters,
            measuring: is_set("--bench"),
            sizes: is_set("--sizes") || is_set("--write"),
            write: is_set("--write"),
            lines: Vec::new(),
        }
    }

    /// Measures the frames of a protocol, once both sides say the same of all its good vectors.
    pub(crate) fn add<P: Codec>(
        &mut self,
        row: &Row,
        by_hand: impl Fn(&[u8]) -> Option<Facts> + Copy,
        pass_on: PassOn,
    ) {
        if !row.is_wanted(&self.filters) {
            return;
        }
        for vector in row.vectors() {
            agree::<P>(vector.name(), &vector.bytes, by_hand);
            agree_on_ids::<P>(row, &vector.bytes, by_hand, pass_on);
        }
        let frame = vectors::vector(row.example(), row.vector);
        assert!(
            (row.of)(&frame),
            "{}: {} is another frame",
            row.name,
            row.vector
        );
        assert!(
            by_hand(&frame).is_some_and(|facts| facts.status == 0),
            "{}: the status would be left out of one side only",
            row.name
        );
        let large = large::<P>(row, &frame);
        agree::<P>("the large frame", &large, by_hand);
        agree_on_ids::<P>(row, &large, by_hand, pass_on);
        if self.measuring {
            let costs = [&frame, &large].map(|frame| Costs::of::<P>(row, frame, by_hand, pass_on));
            self.lines
                .push(row_text(row.name, [&frame, &large], &costs));
        }
    }

    /// Prints what was found, as a table in Markdown.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let head = "| protocol | frame | parse | by hand | ratio | id pass-through | by hand | ratio | serialise \
             | parse, per KiB | by hand | serialise, per KiB | id pass-through, per KiB |";
        let rule = format!("|{}", " --- |".repeat(13));
        let table = [&[head.to_owned(), rule], &self.lines[..]].concat();
        meshwire_bench::protocols::finish(&table, self.sizes, self.write)
    }
}

/// What generated code reports of a frame; the status, which a request has not, is left out:
/// to ask for it takes a trait object, for which the view would be in memory.
#[inline(never)]
fn generated<P: Codec>(bytes: &[u8]) -> Option<Facts> {
    P::parse(bytes).frame().map(|view| facts(bytes, &view))
}

/// What a view says of its frame, but for the status of an answer.
#[allow(
    clippy::inline_always,
    reason = "called, it would have the view in memory"
)]
#[inline(always)]
fn facts(bytes: &[u8], view: &(impl View + Command)) -> Facts {
    let body = view.body();
    let start = offset_in(bytes, body);
    Facts {
        length: view.raw().len(),
        kind: view.kind(),
        id: view.id(),
        status: 0,
        body: start..start.wrapping_add(body.len()),
        id_at: 0..0,
    }
}

/// The same with the status.
fn complete<P: Codec>(bytes: &[u8]) -> Option<Facts> {
    let view = P::parse(bytes).frame()?;
    let mut facts = facts(bytes, &view);
    if let (MessageKind::Response, Some(response)) = (facts.kind, view.as_response()) {
        facts.status = response.status();
    }
    Some(facts)
}

/// The same by hand, which is not inlined either.
#[inline(never)]
fn called(by_hand: impl Fn(&[u8]) -> Option<Facts>, bytes: &[u8]) -> Option<Facts> {
    by_hand(bytes)
}

/// Both sides say the same of the frame at the front of some bytes.
fn agree<P: Codec>(name: &str, bytes: &[u8], by_hand: impl Fn(&[u8]) -> Option<Facts>) {
    let sides = [complete::<P>(bytes), called(by_hand, bytes)];
    let [ours, theirs] = sides.map(|facts| {
        let facts = facts.unwrap_or_else(|| panic!("{name} is no frame to one side"));
        let body = bytes.get(facts.body).unwrap_or_default();
        (facts.length, facts.kind, facts.id, facts.status, body)
    });
    assert_eq!(ours, theirs, "{name}");
}

/// Both sides write the same frame with another id.
fn agree_on_ids<P: Codec>(
    row: &Row,
    bytes: &[u8],
    by_hand: impl Fn(&[u8]) -> Option<Facts>,
    pass_on: PassOn,
) {
    let view = P::parse(bytes).frame().expect("a vector is a frame");
    let facts = by_hand(bytes).expect("a vector is a frame");
    let wide = if row.id == ID { ID + (ID >> 8) } else { 7 };
    for id in [row.id, 7, view.id(), wide] {
        let (mut ours, mut theirs) = (b"before".to_vec(), b"before".to_vec());
        let edits = Edits::id(id);
        view.rewrite(&edits, &mut ours).expect("the id fits");
        pass_on(view.raw(), &facts, id, &mut theirs).expect("the id fits");
        assert_eq!(
            ours,
            theirs,
            "{}: {id} in the place of {}",
            row.name,
            view.id()
        );
    }
}

/// The frame with a large body.
fn large<P: Codec>(row: &Row, frame: &[u8]) -> Vec<u8> {
    let body = vec![b'x'; BODY];
    if let Some(grow) = row.grow {
        return grow(frame, &body);
    }
    let frame = Bytes::copy_from_slice(frame);
    let mut frame = P::decode(&frame).frame().expect("a vector is a frame");
    frame.set_body(body.into()).expect("the body fits");
    frame
        .to_bytes()
        .expect("a decoded frame can be encoded")
        .into()
}

/// What one frame costs, in nanoseconds.
struct Costs {
    parse: Medians,
    pass_on: Medians,
    serialise: f64,
}

impl Costs {
    fn of<P: Codec>(
        row: &Row,
        bytes: &[u8],
        by_hand: impl Fn(&[u8]) -> Option<Facts> + Copy,
        pass_on: PassOn,
    ) -> Self {
        let parse = medians(
            &mut (),
            |()| _ = black_box(generated::<P>(black_box(bytes))),
            |()| _ = black_box(called(by_hand, black_box(bytes))),
        );
        let view = &P::parse(bytes).frame().expect("a vector is a frame");
        let facts = &by_hand(bytes).expect("a vector is a frame");
        let id = row.id;
        let mut out = Vec::with_capacity(2 * bytes.len());
        let passed_on = medians(
            &mut out,
            |out| {
                out.clear();
                let edits = Edits::id(black_box(id));
                let written = black_box(view).rewrite(&edits, black_box(out));
                written.expect("the id fits");
            },
            |out| {
                out.clear();
                let written =
                    black_box(pass_on)(view.raw(), black_box(facts), black_box(id), black_box(out));
                written.expect("the id fits");
            },
        );
        let owned = P::decode(&Bytes::copy_from_slice(bytes)).frame();
        let owned = &owned.expect("a vector is a frame");
        let encode = |out: &mut Vec<u8>| {
            out.clear();
            black_box(owned)
                .encode(black_box(out))
                .expect("it can be encoded");
        };
        Self {
            parse,
            pass_on: passed_on,
            serialise: medians(&mut out, encode, encode).ours,
        }
    }
}

/// A row of the table.
fn row_text(name: &str, frames: [&Vec<u8>; 2], costs: &[Costs; 2]) -> String {
    let [frame, large] = costs;
    let kib = f64::from(frames[1].len() as u32) / 1024.0;
    let times = [
        frame.parse.ours,
        frame.parse.theirs,
        frame.pass_on.ours,
        frame.pass_on.theirs,
        frame.serialise,
        large.parse.ours / kib,
        large.parse.theirs / kib,
        large.serialise / kib,
        large.pass_on.ours / kib,
    ];
    let [parse, by_hand, pass_on, passed_by_hand, rest @ ..] =
        times.map(|time| format!("{time:.1} ns"));
    format!(
        "| {name} | {} B | {parse} | {by_hand} | {:.2} | {pass_on} | {passed_by_hand} | {:.2} | {} |",
        frames[0].len(),
        frame.parse.ratio,
        frame.pass_on.ratio,
        rest.join(" | ")
    )
}
