//! What every codec must do, tried on the frames of its [vectors](crate::vectors).
//!
//! One line in a file of an example's `tests/` makes a set of tests:
//!
//! ```
//! # use meshwire::{Frame, protocol};
//! # #[derive(Frame, Clone, Debug, PartialEq)]
//! # #[frame(request)]
//! # pub struct Ask { #[frame(tag = 1)] pub kind: u8, #[frame(id)] pub id: u32 }
//! # #[derive(Frame, Clone, Debug, PartialEq)]
//! # #[frame(response)]
//! # pub struct Answer { #[frame(tag = 2)] pub kind: u8, #[frame(id)] pub id: u32 }
//! # #[protocol(name = "x-acme", frames(Ask, Answer), status(_ => 0), keep_alive = none)]
//! # pub struct Acme;
//! meshwire_testing::conformance!(Acme, "vectors");
//! ```
//!
//! Each of the functions here is one of these tests. They ask for nothing but the vectors: what they
//! compare with comes from the vectors' own `#=` lines, from the
//! [layout as data](crate::dissect), or from asking the codec the same in another way. A failure
//! names the vector, and shows what differs in hex.
//!
//! # Payload codecs
//!
//! A part with a payload codec is tried in its frames by all of these tests, as far as they come: where
//! such a part is cut or wrong, the frame is mostly refused. So [`damaged_parts_are_survived`] asks the
//! [`PayloadCodec`](meshwire::command::PayloadCodec) of every part without the frame around it. For tests of one that go
//! further there are [`payload_codec_survives_damage`], for regions that no vector has, [`facts_of`] and
//! [`headers_of`].

mod allocator;
mod answer;
mod bodies;
mod callers;
mod damage;
mod describe;
mod edits;
mod envoy;
mod fronts;
mod headers;
mod heartbeats;
mod hijacks;
mod host;
mod lengths;
mod limits;
mod owned;
mod paths;
mod payload_codecs;
mod random;
mod samples;
mod splits;
mod stated;
#[cfg(test)]
mod tests;
mod together;
mod unknown;
mod written;

use meshwire::protocol::Plugin;

pub use allocator::Allocator;
pub use bodies::a_replaced_body_arrives;
pub use callers::two_callers_with_equal_ids_get_their_own_answers;
pub use damage::{flipped_bits_are_survived, random_bytes_are_survived};
pub use edits::{a_new_id_changes_nothing_else, an_unedited_frame_is_unchanged};
pub use envoy::{
    the_envoy_filter_counts_every_frame, the_envoy_filter_denies_calls,
    the_envoy_filter_passes_bad_frames, the_envoy_filter_passes_only_checked_calls,
};
#[doc(hidden)]
pub use fronts::Fronts;
pub use fronts::fronts_agree_with_whole_frames;
pub use headers::edited_headers_arrive;
pub use heartbeats::{heartbeats_are_answered, idle_connections_get_heartbeats};
pub use hijacks::requests_are_answered_for_every_reason;
pub use host::the_host_forwards_every_frame;
pub use lengths::wrong_lengths_are_never_accepted;
pub use limits::limits_apply_from_the_fixed_part_on;
pub use owned::owned_frames_keep_every_byte;
pub use paths::errors_in_records_name_the_field;
pub use payload_codecs::{
    damaged_parts_are_survived, facts_of, headers_of, payload_codec_survives_damage,
};
pub use splits::{
    a_wrong_magic_is_rejected_at_its_first_byte, back_to_back_frames_are_decoded_one_by_one,
    bytes_after_a_frame_are_ignored, every_prefix_reports_what_is_missing,
};
pub use stated::{bad_vectors_are_rejected_as_stated, vectors_match_their_expectations};
pub use together::combined_edits_equal_single_edits;
pub use unknown::unknown_bytes_survive_edits;

/// Makes the conformance tests of a protocol, over the vectors in a folder of the package.
///
/// See [the module of the same name](mod@crate::conformance) for what the tests do.
///
/// It also makes [`Allocator`](crate::conformance::Allocator) the global allocator of the test binary, so that a
/// codec fails that sizes an allocation by a number in a frame. A binary has one: where there is another one, or a
/// second line, `allocator = none` leaves it out.
///
/// ```
/// # use meshwire::{Frame, protocol};
/// # #[derive(Frame, Clone, Debug, PartialEq)]
/// # #[frame(request)]
/// # pub struct Ask { #[frame(tag = 1)] pub kind: u8, #[frame(id)] pub id: u32 }
/// # #[derive(Frame, Clone, Debug, PartialEq)]
/// # #[frame(response)]
/// # pub struct Answer { #[frame(tag = 2)] pub kind: u8, #[frame(id)] pub id: u32 }
/// # #[protocol(name = "x-acme", frames(Ask, Answer), status(_ => 0), keep_alive = none)]
/// # pub struct Acme;
/// meshwire_testing::conformance!(Acme, "vectors", allocator = none);
/// ```
#[macro_export]
macro_rules! conformance {
    ($protocol:ty, $vectors:literal $(,)?) => {
        #[global_allocator]
        static ALLOCATOR: $crate::conformance::Allocator = $crate::conformance::Allocator;

        $crate::conformance! { $protocol, $vectors, allocator = none }
    };
    ($protocol:ty, $vectors:literal, allocator = none $(,)?) => {
        $crate::__conformance_tests! { __conformance $protocol, $vectors; }
    };
}

/// Gives the names of all tests to another macro.
#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_tests {
    ($to:ident $($with:tt)*) => {
        $crate::$to! {
            $($with)*
            vectors_match_their_expectations
            bad_vectors_are_rejected_as_stated
            every_prefix_reports_what_is_missing
            a_wrong_magic_is_rejected_at_its_first_byte
            bytes_after_a_frame_are_ignored
            back_to_back_frames_are_decoded_one_by_one
            an_unedited_frame_is_unchanged
            a_new_id_changes_nothing_else
            edited_headers_arrive
            a_replaced_body_arrives
            combined_edits_equal_single_edits
            unknown_bytes_survive_edits
            owned_frames_keep_every_byte
            wrong_lengths_are_never_accepted
            limits_apply_from_the_fixed_part_on
            flipped_bits_are_survived
            random_bytes_are_survived
            damaged_parts_are_survived
            errors_in_records_name_the_field
            the_host_forwards_every_frame
            fronts_agree_with_whole_frames
            heartbeats_are_answered
            idle_connections_get_heartbeats
            requests_are_answered_for_every_reason
            two_callers_with_equal_ids_get_their_own_answers
            the_envoy_filter_counts_every_frame
            the_envoy_filter_passes_bad_frames
            the_envoy_filter_denies_calls
            the_envoy_filter_passes_only_checked_calls
        }
    };
}

#[doc(hidden)]
#[macro_export]
macro_rules! __conformance {
    ($protocol:ty, $vectors:literal; $($test:ident)+) => {$(
        #[test]
        fn $test() {
            $crate::conformance::$test::<$protocol>(::core::concat!(
                ::core::env!("CARGO_MANIFEST_DIR"), "/", $vectors
            ));
        }
    )+};
}

#[doc(hidden)]
#[macro_export]
macro_rules! __conformance_list {
    ($($test:ident)+) => {
        vec![$(Test { name: stringify!($test), run: $test::<P> },)+]
    };
}

/// A test of the suite.
#[derive(Clone, Copy, Debug)]
pub struct Test {
    /// Its name.
    pub name: &'static str,
    /// Runs it over the vectors of a folder; panics if it fails.
    pub run: fn(&str),
}

/// All tests that [`conformance!`](crate::conformance!) makes, for those who run them themselves.
pub fn tests<P: Plugin<Frame: PartialEq>>() -> Vec<Test> {
    __conformance_tests! { __conformance_list }
}
