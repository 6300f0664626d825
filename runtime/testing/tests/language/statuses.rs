//! Statuses that hosts' own answers are given, by `status(…)`.

use meshwire::{
    Codec, Command, Frame, Hijacker, HostStatus, Message, Protocol, ProtocolContext, Template,
    View, protocol,
};

/// The status that the caller gets. Servers may have codes of their own.
#[derive(Frame, Clone, Copy, Debug, PartialEq)]
#[repr(i8)]
pub enum ReplyStatus {
    Fine = 0,
    Late = -2,
    #[frame(other)]
    Other(i8),
}

pub const BUSY: u8 = 3;

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(request)]
pub struct Ask {
    #[frame(tag = 1)]
    pub kind: u8,
    #[frame(id)]
    pub id: u8,
}

#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
pub struct Answer {
    #[frame(tag = 2)]
    pub kind: u8,
    #[frame(id)]
    pub id: u8,
    #[frame(status, default = ReplyStatus::Fine)]
    pub outcome: ReplyStatus,
}

/// Never instead of a server's answer: [`Answer`] is declared before it.
#[derive(Frame, Clone, Debug, PartialEq)]
#[frame(response)]
pub struct Bare {
    #[frame(tag = 3)]
    pub kind: u8,
    #[frame(id)]
    pub id: u8,
    #[frame(status, tag(0, 1))]
    pub outcome: u8,
}

#[protocol(
    name = "x-statuses",
    frames(Ask, Answer, Bare),
    keep_alive = none,
    status(200 => ReplyStatus::Fine, 502 => -128, 503 => BUSY, 504 => ReplyStatus::Late, _ => 1 + 1)
)]
pub struct Statuses;

/// The same table beside a hijacker of the author's own.
#[protocol(
    name = "x-own-statuses",
    frames(Ask, Answer),
    keep_alive = none,
    hijacker = custom,
    status(200 => ReplyStatus::Fine, 504 => ReplyStatus::Late, _ => BUSY)
)]
pub struct OwnStatuses;

/// The host's own numbers, but for one.
#[protocol(
    name = "x-same-statuses",
    frames(Ask, Answer),
    keep_alive = none,
    status(200 => ReplyStatus::Fine, _ => same)
)]
pub struct SameStatuses;

impl Hijacker for OwnStatuses {
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        ask: &OwnStatusesView<'_>,
        reason: HostStatus,
    ) -> Option<OwnStatusesFrame> {
        let mut answer = Self::template_for(ask, Template::Response)?;
        context.ok(answer.set_id(ask.id()))?;
        context.ok(answer.set_status(Self::status(reason)))?;
        Some(answer)
    }
}

#[test]
fn a_hijacker_of_the_authors_own_has_the_table() {
    let reasons = [200, 504, 404];
    let statuses = reasons.map(|reason| OwnStatuses::status(HostStatus(reason)));
    assert_eq!(statuses, [0, -2, 3]);
}

#[test]
fn a_status_can_be_the_hosts_own_number() {
    let reasons = [200, 0, 404, u32::MAX];
    let statuses = reasons.map(|reason| SameStatuses::status(HostStatus(reason)));
    assert_eq!(statuses, [0, 0, 404, 4_294_967_295]);
}

#[test]
fn a_status_is_a_number_a_constant_or_a_code() {
    let reasons = [200, 502, 503, 504, 404];
    let statuses = reasons.map(|reason| Statuses::status(HostStatus(reason)));
    assert_eq!(statuses, [0, -128, 3, -2, 2]);
    let request = Statuses::parse(&[1, 7]).frame().unwrap();
    for status in statuses {
        let mut answer = Statuses::template_for(&request, Template::Response).unwrap();
        answer.set_id(request.id()).unwrap();
        answer.set_status(status).unwrap();
        let bytes = answer.to_bytes().unwrap();
        let view = Statuses::parse(&bytes).frame().unwrap();
        assert_eq!(view.as_response().unwrap().status(), status);
        assert_eq!(view.raw()[..2], [2, 7]);
    }
}
