//! Connections with many frames, under the filter of Envoy: a frame takes as long as the one before, and leaves
//! nothing.

use meshwire::protocol::Plugin;
use meshwire_testing::emulator::envoy::Envoy;
use meshwire_tests::alloc::{Counting, live, peak};
use meshwire_tests::vectors::vector;

use super::{SHORT, SLACK, TIMES, timed};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Frames of a short connection.
const FRAMES: usize = 1500;
/// Frames that come at once.
const AT_ONCE: usize = 100;
/// What a connection may hold more after [`TIMES`] times as many frames: room that was made for the largest read.
const HELD: isize = 64 * 1024;

/// A filter, and frames that its clients send at once.
struct Connection<P: Plugin> {
    envoy: Envoy<P>,
    frames: Vec<u8>,
}

impl<P: Plugin> Connection<P> {
    fn of(frame: &[u8]) -> Self {
        Self {
            envoy: Envoy::start("{}").unwrap(),
            frames: frame.repeat(AT_ONCE),
        }
    }

    /// Passes frames on, and asserts that each was counted.
    fn pass(&mut self, frames: usize) {
        let client = self.envoy.client();
        let server = self.envoy.server(client).unwrap();
        let before = self.counted();
        for _ in 0..frames / AT_ONCE {
            self.envoy.send(client, &self.frames);
            assert_eq!(self.envoy.received(server).len(), self.frames.len());
        }
        self.envoy.close(client);
        let counted = self.counted() - before;
        assert_eq!(counted, frames as u64, "frames that were seen");
    }

    fn counted(&self) -> u64 {
        let kinds = ["frames.request", "frames.oneway"];
        kinds.map(|kind| self.envoy.counter(kind)).into_iter().sum()
    }
}

/// One connection with eight times as many frames takes as long as eight connections, and holds no more.
#[track_caller]
fn grows_with_the_connection<P: Plugin>(frame: &[u8]) {
    let mut connection = Connection::<P>::of(frame);
    connection.pass(FRAMES);
    let before = live();
    let one_by_one = timed(|| (0..TIMES).for_each(|_| connection.pass(FRAMES)));
    let at_once = timed(|| connection.pass(FRAMES * TIMES));
    let held = live() - before;
    assert!(
        at_once <= SHORT.max(one_by_one * SLACK),
        "{TIMES} connections take {one_by_one:?}, one with as many frames {at_once:?}"
    );
    assert!(held < HELD, "{held} bytes are held more");
}

#[test]
fn many_frames() {
    grows_with_the_connection::<smpp::Smpp>(&vector("smpp", "node_submit"));
    grows_with_the_connection::<diameter::Diameter>(&vector("diameter", "captured_acr"));
    grows_with_the_connection::<someip::SomeIp>(&vector("someip", "call"));
    grows_with_the_connection::<trpc::Trpc>(&vector("trpc", "request"));
    grows_with_the_connection::<iso8583::Iso8583>(&vector("iso8583", "request"));
    grows_with_the_connection::<kafka::Kafka>(&vector("kafka", "metadata_v1"));
}

/// A large frame in small reads is put together once, and not in each of them.
#[track_caller]
fn grows_with_the_reads<P: Plugin>(frame: impl Fn(usize) -> Vec<u8>) {
    const SIZE: usize = 128 * 1024;
    const READ: usize = 512;
    let pass = |frame: &[u8]| {
        let mut envoy = Envoy::<P>::start("{}").unwrap();
        let client = envoy.client();
        let server = envoy.server(client).unwrap();
        envoy.send_in_chunks(client, frame, READ);
        assert_eq!(envoy.received(server).len(), frame.len());
        assert_eq!(envoy.counter("frames.request"), 1);
    };
    let (small, large) = (frame(SIZE), frame(SIZE * TIMES));
    let one_by_one = timed(|| (0..TIMES).for_each(|_| pass(&small)));
    let (at_once, most) = peak(|| timed(|| pass(&large)));
    assert!(
        at_once <= SHORT.max(one_by_one * SLACK),
        "{TIMES} frames take {one_by_one:?}, one as large as all {at_once:?}"
    );
    // What the server has received, and what is put together, in buffers that double.
    let most_allowed = 8 * large.len();
    assert!(
        most < most_allowed,
        "{most} bytes for a frame of {}",
        large.len()
    );
}

#[test]
fn a_large_frame_in_small_reads() {
    grows_with_the_reads::<someip::SomeIp>(super::someip::frame);
    grows_with_the_reads::<kafka::Kafka>(|size| super::kafka::frame(b"shop", &vec![7; size]));
    grows_with_the_reads::<diameter::Diameter>(|size| {
        super::diameter::frame(&b"\0\0\x01\0\x40\0\0\x08".repeat(size / 8))
    });
    grows_with_the_reads::<smpp::Smpp>(|size| super::smpp::frame(&b"\x14\0\0\0".repeat(size / 4)));
    grows_with_the_reads::<trpc::Trpc>(|size| super::trpc::with_body(&vec![7; size]));
}
