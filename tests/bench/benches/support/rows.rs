//! A row for each protocol: what its frames cost, and what they cost who reads them by hand.

use std::hint::black_box;

use meshwire::wire::offset_in;
use meshwire::{Bytes, Codec, Command, Edits, Message, View};
use meshwire_testing::vectors::Vector;
use meshwire_tests::vectors;

use crate::by_hand::Facts;
use crate::turns::{Medians, medians};

/// An id that no frame has.
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
    ) {
        if !row.is_wanted(&self.filters) {
            return;
        }
        for vector in row.vectors() {
            agree::<P>(vector.name(), &vector.bytes, by_hand);
        }
        let frame = vectors::vector(row.example(), row.vector);
        assert!(
            (row.of)(&frame),
            "{}: {} is another frame",
            row.name,
            row.vector
        );
        let large = large::<P>(row, &frame);
        agree::<P>("the large frame", &large, by_hand);
        if self.measuring {
            let costs = [&frame, &large].map(|frame| Costs::of::<P>(frame, by_hand));
            self.lines
                .push(row_text(row.name, [&frame, &large], &costs));
        }
    }

    /// Prints what was found, as a table in Markdown.
    pub(crate) fn finish(self) -> anyhow::Result<()> {
        if self.lines.is_empty() {
            return Ok(());
        }
        let head = "| protocol | frame | parse | by hand | ratio | serialise | id pass-through \
             | parse, per KiB | by hand | serialise, per KiB | id pass-through, per KiB |";
        let rule = format!("|{}", " --- |".repeat(11));
        let table = [&[head.to_owned(), rule], &self.lines[..]].concat();
        if self.sizes {
            return meshwire_bench::protocols::finish(&table, self.write);
        }
        println!("\n{}", table.join("\n"));
        Ok(())
    }
}

/// What generated code reports of a frame.
#[inline(never)]
fn generated<P: Codec>(bytes: &[u8]) -> Option<Facts> {
    let view = P::parse(bytes).frame()?;
    let body = view.body();
    let start = offset_in(bytes, body);
    Some(Facts {
        length: view.raw().len(),
        kind: view.kind(),
        id: view.id(),
        body: start..start.wrapping_add(body.len()),
    })
}

/// The same by hand, which is not inlined either.
#[inline(never)]
fn called(by_hand: impl Fn(&[u8]) -> Option<Facts>, bytes: &[u8]) -> Option<Facts> {
    by_hand(bytes)
}

/// Both sides say the same of the frame at the front of some bytes.
fn agree<P: Codec>(name: &str, bytes: &[u8], by_hand: impl Fn(&[u8]) -> Option<Facts>) {
    let sides = [generated::<P>(bytes), called(by_hand, bytes)];
    let [ours, theirs] = sides.map(|facts| {
        let facts = facts.unwrap_or_else(|| panic!("{name} is no frame to one side"));
        let body = bytes.get(facts.body).unwrap_or_default();
        (facts.length, facts.kind, facts.id, body)
    });
    assert_eq!(ours, theirs, "{name}");
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
    serialise: f64,
    pass_on: f64,
}

impl Costs {
    fn of<P: Codec>(bytes: &[u8], by_hand: impl Fn(&[u8]) -> Option<Facts> + Copy) -> Self {
        let parse = medians(
            &mut (),
            |()| _ = black_box(generated::<P>(black_box(bytes))),
            |()| _ = black_box(called(by_hand, black_box(bytes))),
        );
        let view = &P::parse(bytes).frame().expect("a vector is a frame");
        let owned = P::decode(&Bytes::copy_from_slice(bytes)).frame();
        let owned = &owned.expect("a vector is a frame");
        let written = medians(
            &mut Vec::with_capacity(2 * bytes.len()),
            |out| {
                out.clear();
                black_box(owned)
                    .encode(black_box(out))
                    .expect("it can be encoded");
            },
            |out| {
                out.clear();
                let edits = Edits::id(black_box(ID));
                let written = black_box(view).rewrite(&edits, black_box(out));
                written.expect("the id fits");
            },
        );
        Self {
            parse,
            serialise: written.ours,
            pass_on: written.theirs,
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
        frame.serialise,
        frame.pass_on,
        large.parse.ours / kib,
        large.parse.theirs / kib,
        large.serialise / kib,
        large.pass_on / kib,
    ];
    let [parse, by_hand, serialise, pass_on, rest @ ..] = times.map(|time| format!("{time:.1} ns"));
    format!(
        "| {name} | {} B | {parse} | {by_hand} | {:.2} | {serialise} | {pass_on} | {} |",
        frames[0].len(),
        frame.parse.ratio,
        rest.join(" | ")
    )
}
