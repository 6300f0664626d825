//! Requests that the protocol has no answer to.

use super::{Answer, Ask, CALL, ONEWAY, run_with};
use crate::drive::input::Input;
use crate::drive::session::Session;
use crate::emulator::{MosnHost, Native, Options};
use crate::vectors::Vector;
use meshwire::command::{Command, HostStatus, Message};
use meshwire::frame::Template;
use meshwire::protocol;
use meshwire::protocol::{Codec, Hijacker, ProtocolContext};

/// Has no answer to the calls of one service.
#[protocol(name = "x-choosy", frames(Ask, Answer), hijacker = custom)]
struct Choosy;

impl Hijacker for Choosy {
    fn hijack(
        context: &ProtocolContext<'_, Self>,
        request: &ChoosyView<'_>,
        _: HostStatus,
    ) -> Option<ChoosyFrame> {
        let mut answer = Self::template_for(request, Template::Response)?;
        let status = match request.body() {
            b"hi" => return None,
            b"no" => 1000,
            _ => 1,
        };
        context.ok(answer.set_status(status))?;
        context.ok(answer.set_id(request.id()))?;
        Some(answer)
    }
}

#[test]
fn a_request_without_an_answer_is_no_one_way_call() {
    let (text, good) = run_with::<Choosy>(&[CALL, ONEWAY]);
    let lines = [
        "hex     request          id 9           1 header        2 bytes of body  timeout 3000 ms",
        "        hijacked 504     no response is sent for status 504",
        "hex     oneway           id 9           0 headers       0 bytes of body  timeout unset",
        "        hijacked 504     no response",
    ];
    for line in lines {
        assert!(text.lines().any(|found| found == line), "{line}\n{text}");
    }
    assert!(good, "{text}");
    let (json, _) = run_with::<Choosy>(&["--json", CALL]);
    let none = r#""bytes":"","none":"no response is sent for status 504"}"#;
    assert!(json.contains(none), "{json}");
}

#[test]
fn a_vector_says_whether_its_request_is_answered() {
    let says = |words: &str, call: &str| {
        let vector = format!("#= kind=request {words}\n{call}");
        let vector = Vector::parse("call.hex", &vector).unwrap();
        let emulator = MosnHost::start(Native::<Choosy>::new(), &Options::new()).unwrap();
        let mut session = Session::new(emulator, Choosy::LAYOUTS, None);
        let mut problems = Vec::new();
        _ = session.drive(&Input::from(vector), |seen| {
            problems.extend(seen.problems);
            Ok::<_, ()>(())
        });
        problems
    };
    let other = &CALL.replace("6869", "6f6b");
    assert_eq!(says("hijack=none", CALL), [""; 0]);
    assert_eq!(says("", other), [""; 0]);
    assert_eq!(
        says("", CALL),
        ["hijack: no answer; add `hijack=none` if the protocol has none"]
    );
    assert_eq!(
        says("hijack=none", other),
        ["hijack: expected none, got an answer"]
    );
    assert_eq!(
        says("hijack=504:status=1 hijack=404:status=3", other),
        [""; 0]
    );
    assert_eq!(
        says("hijack=504:status=8", other),
        ["hijack 504: expected status 8, got status 1"]
    );
    // An answer that cannot be built is not one that the protocol does not have.
    let failing = &CALL.replace("6869", "6e6f");
    assert_eq!(
        says("hijack=none", failing),
        [
            "cannot build the answer: Answer.status at byte 5: 1000 is out of range, the maximum is 255"
        ]
    );
}
