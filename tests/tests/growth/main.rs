//! The time that a frame takes, by how much is in it: what a peer can put into a frame in numbers takes time by its
//! bytes, never by their square.
//!
//! Header maps that are a block or have one of the runtime's formats are read and written in one walk; so are those of
//! bcbc, bolt, motan2 and memcached. Those of crpc have at most 255 pairs.

mod baidu_std;
mod connection;
mod diameter;
mod dubbo;
mod formats;
mod iso8583;
mod kafka;
mod rocketmq;
mod smpp;
mod someip;
mod tars;
mod trpc;
mod ttheader;
mod xml8;

use std::hint::black_box;
use std::time::Duration;

use meshwire::{Bytes, Codec, Command, Edits, HeaderMap, Message, Request, View};
use rustix::time::{ClockId, clock_gettime};

/// How many times as many items the large frame has.
const TIMES: usize = 8;
/// How many times as long it may take, for each of its items.
const SLACK: u32 = 3;
/// What takes no longer is fast enough.
const SHORT: Duration = Duration::from_millis(5);

/// What a host does with a frame takes time by its size, whatever is in it: `frame` makes a frame with so many
/// items of one sort. One with eight times as many takes about eight times as long to be read, and to be written with
/// another id, other headers and another body.
#[track_caller]
fn grows_with_the_frame<C: Codec>(items: usize, frame: impl Fn(usize) -> Vec<u8>) {
    let small = Work::on::<C>(frame(items));
    let large = Work::on::<C>(frame(items * TIMES));
    let slow: Vec<_> = Step::all()
        .filter_map(|step| {
            let at_once = timed(|| large.does::<C>(step));
            if at_once <= SHORT {
                return None;
            }
            let one_by_one = timed(|| (0..TIMES).for_each(|_| small.does::<C>(step)));
            let slow = at_once > one_by_one * SLACK;
            slow.then(|| format!("{step:?}: {one_by_one:?} and {at_once:?}"))
        })
        .collect();
    assert!(
        slow.is_empty(),
        "{TIMES} frames with {items} items each, and one with {}, take: {}",
        items * TIMES,
        slow.join("; ")
    );
}

/// The time of this thread alone, whatever else runs on the machine.
fn timed(work: impl FnOnce()) -> Duration {
    let now = || {
        let time = clock_gettime(ClockId::ThreadCPUTime);
        Duration::new(
            time.tv_sec.unsigned_abs(),
            u32::try_from(time.tv_nsec).unwrap(),
        )
    };
    let start = now();
    work();
    now().saturating_sub(start)
}

/// Something that a host does with a frame.
#[derive(Clone, Copy, Debug)]
enum Step {
    Parse,
    Timeout,
    Headers,
    OtherId,
    OtherBody,
    /// One of [`edited`], by the view.
    OtherHeaders(usize),
    /// The same by the owned frame.
    OtherHeadersOwned(usize),
}

impl Step {
    fn all() -> impl Iterator<Item = Self> {
        let edits =
            (0..EDITED).flat_map(|at| [Self::OtherHeaders(at), Self::OtherHeadersOwned(at)]);
        [
            Self::Parse,
            Self::Timeout,
            Self::Headers,
            Self::OtherId,
            Self::OtherBody,
        ]
        .into_iter()
        .chain(edits)
    }
}

/// A frame, and what it becomes.
struct Work {
    bytes: Bytes,
    body: Vec<u8>,
    /// None, if the headers cannot be read.
    headers: Option<[HeaderMap; EDITED]>,
}

impl Work {
    fn on<C: Codec>(frame: Vec<u8>) -> Self {
        let bytes = Bytes::from(frame);
        let Some(view) = C::parse(&bytes).frame() else {
            panic!("no frame: {:?}", C::measure(&bytes));
        };
        assert_eq!(view.raw().len(), bytes.len(), "bytes follow the frame");
        let headers = view.header_map().ok();
        Self {
            body: [view.body(), b"x"].concat(),
            headers: headers.map(|came| edited(&came)),
            bytes: bytes.clone(),
        }
    }

    fn does<C: Codec>(&self, step: Step) {
        let Some(view) = black_box(C::parse(&self.bytes)).frame() else {
            return;
        };
        // What a codec refuses takes its time too.
        let rewritten = |edits: &Edits<'_>| {
            let mut out = Vec::new();
            let _refused = black_box(view.rewrite(edits, &mut out));
        };
        let other = |at: usize| self.headers.as_ref().and_then(|headers| headers.get(at));
        match step {
            Step::Parse => {}
            Step::Timeout => drop(black_box(view.as_request().map(Request::timeout))),
            Step::Headers => drop(black_box(view.header_map())),
            Step::OtherId => rewritten(&Edits::id(!view.id() & 0x7f)),
            Step::OtherBody => rewritten(&Edits {
                body: Some(&self.body),
                ..Edits::default()
            }),
            Step::OtherHeaders(at) => rewritten(&Edits {
                headers: other(at).map(HeaderMap::as_headers),
                ..Edits::default()
            }),
            Step::OtherHeadersOwned(at) => {
                if let (Some(mut owned), Some(headers)) =
                    (C::decode(&self.bytes).frame(), other(at))
                {
                    let _refused = black_box(owned.set_headers(headers.clone()));
                    let _refused = black_box(owned.to_bytes());
                }
            }
        }
    }
}

/// How many lists [`edited`] makes.
const EDITED: usize = 5;

/// Other headers than those that came: one more, one more before them, without the first, from the last to the
/// first, with other values.
fn edited(came: &HeaderMap) -> [HeaderMap; EDITED] {
    let pairs: Vec<_> = came.iter().collect();
    let added: (&[u8], &[u8]) = (b"x-added", b"1");
    let map = |pairs: &mut dyn Iterator<Item = (&[u8], &[u8])>| pairs.collect::<HeaderMap>();
    let all = || pairs.iter().copied();
    [
        map(&mut all().chain([added])),
        map(&mut [added].into_iter().chain(all())),
        map(&mut all().skip(1)),
        map(&mut all().rev()),
        map(&mut all().map(|(key, _)| (key, added.1))),
    ]
}

#[test]
#[should_panic(
    expected = "8 frames with 100 items each, and one with 800, take: OtherHeaders(0): "
)]
fn a_search_for_each_item_is_found_out() {
    grows_with_the_frame::<formats::Slow>(100, formats::text_pairs);
}
