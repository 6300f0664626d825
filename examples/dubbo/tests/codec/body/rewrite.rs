//! What is written.

use dubbo::Body;
use meshwire::Timeout;
use meshwire::command::{IdEdit, MetadataEdits, PayloadCodec};
use meshwire::frame::FormatError;
use meshwire::record::hessian2::put_string;
use meshwire::wire::Reason;

use super::{
    FRONT, Pair, Region, bodies, body, call, changed, headers, pairs, request, timeout_of,
    with_headers,
};

/// The bytes with the one place where `old` is replaced.
pub(crate) fn replaced(body: &Region, old: &[u8], new: &[u8]) -> Region {
    let at = |window: &[u8]| window == old;
    let found: Vec<_> = (0..body.len())
        .filter(|start| body.get(*start..start + old.len()).is_some_and(at))
        .collect();
    let [start] = found[..] else {
        panic!("{found:?} are the places of {old:02x?}");
    };
    body.with(&[&body[..start], new, &body[start + old.len()..]].concat())
}

pub(crate) fn set(headers: &mut [Pair], key: &str, value: &str) {
    let pair = headers
        .iter_mut()
        .find(|(found, _)| found == key.as_bytes());
    pair.unwrap().1 = value.as_bytes().to_vec();
}

#[test]
fn a_body_that_nobody_changes_stays_as_it_came() {
    for (name, body) in bodies() {
        let came = headers(&body);
        for (wanted, other) in [
            (None, None),
            (Some(&came[..]), None),
            (None, Some(&body[..])),
            (Some(&came[..]), Some(&body[..])),
        ] {
            assert_eq!(changed(&body, wanted, other), Ok(body.clone()), "{name}");
        }
    }
}

#[test]
fn the_front_of_a_call_is_written_back() {
    let body = body("objects_request");
    let mut wanted = headers(&body);
    set(&mut wanted, "service", "other.Service");
    set(&mut wanted, "version", "");
    set(&mut wanted, "method", "\u{e9}lder");
    let old = b"\x0cEcho$Service\x031.0\x05older\x1e";
    let new = b"\x0dother.Service\x00\x05\xc3\xa9lder\x1e";
    assert_eq!(with_headers(&body, &wanted), Ok(replaced(&body, old, new)));
    // Without a version there is a null, which is shown as an empty one.
    wanted.retain(|(key, _)| key != b"version");
    let new = b"\x0dother.ServiceN\x05\xc3\xa9lder\x1e";
    let expected = replaced(&replaced(&body, old, new), b"\x07version\x031.0", b"");
    assert_eq!(with_headers(&body, &wanted), Ok(expected));
}

#[test]
fn attachments_are_changed_in_their_place() {
    let body = body("objects_request");
    for (key, value, old, new) in [
        (
            "group",
            "green",
            &b"\x05group\x04blue"[..],
            &b"\x05group\x05green"[..],
        ),
        ("x-after", "", b"\x07x-after\x011", b"\x07x-after\x00"),
        (
            "path",
            "\u{1f600}",
            b"\x04path\x0cEcho$Service",
            b"\x04path\x02\xed\xa0\xbd\xed\xb8\x80",
        ),
    ] {
        let mut wanted = headers(&body);
        set(&mut wanted, key, value);
        let out = with_headers(&body, &wanted).unwrap();
        assert_eq!(out, replaced(&body, old, new), "{key}");
        assert_eq!(headers(&out), wanted);
    }
}

#[test]
fn attachments_come_and_go() {
    let body = body("objects_request");
    let came = headers(&body);
    let mut added = came.clone();
    added.extend(pairs(&[("x-new", "1"), ("x-after", "2")]));
    let expected = replaced(
        &body,
        b"\x05group\x04blueZ",
        b"\x05group\x04blue\x05x-new\x011\x07x-after\x012Z",
    );
    assert_eq!(with_headers(&body, &added), Ok(expected));
    let removed: Vec<_> = came
        .iter()
        .filter(|(key, _)| key != b"x-after")
        .cloned()
        .collect();
    let expected = replaced(&body, b"\x07x-after\x011", b"");
    assert_eq!(with_headers(&body, &removed), Ok(expected));
    // What is not a string stays when all that are strings go.
    let out = with_headers(&body, &came[..4]).unwrap();
    assert!(
        out.ends_with(b"H\x08x-object`N\x93\x08attachedZ"),
        "{out:02x?}"
    );
    assert_eq!(headers(&out), &came[..4]);
}

#[test]
fn every_list_of_attachments_arrives() {
    for (name, body) in bodies() {
        let came = headers(&body);
        let is_call = body.head.request == 1 && body.head.event == 0;
        let (front, attachments) = came.split_at(if is_call { 4 } else { 0 });
        if attachments.is_empty() {
            continue;
        }
        let mut reversed = attachments.to_vec();
        reversed.reverse();
        let doubled = [attachments, attachments].concat();
        let long = [attachments, &[(b"x-long".to_vec(), vec![b'x'; 70_000])]].concat();
        let without_first = attachments[1..].to_vec();
        let with_first = [&pairs(&[("x-first", "1")]), attachments].concat();
        for wanted in [
            reversed,
            doubled,
            long,
            without_first,
            with_first,
            Vec::new(),
        ] {
            let wanted = [front, &wanted].concat();
            let out = with_headers(&body, &wanted).unwrap();
            assert_eq!(headers(&out), wanted, "{name}");
            let back = with_headers(&out, &came).unwrap();
            assert_eq!(headers(&back), came, "{name}");
            // Of these texts, two came as Latin-1 and UTF-16, and are UTF-8 now.
            let longer = if name == "fastjson2_objects_request" {
                5
            } else {
                0
            };
            assert!(back.len() <= body.len() + longer, "{name}");
        }
    }
}

#[test]
fn unusual_spellings_of_what_stays_are_kept() {
    // Chunks, lengths with more bytes than they need, a map of a named type, entries that are no
    // headers, bytes after the end.
    let map = b"M\x03a.MS\x00\x01aR\x00\x01b\x01c\x00\x01x\x01n\x91\x01dS\x00\x01eZ\x01N";
    let body = call("I", &[b"I\0\0\0\x01", &map[..]].concat());
    let came = headers(&body);
    assert_eq!(came[4..], pairs(&[("a", "bc"), ("d", "e")]));
    let mut wanted = came.clone();
    wanted[4].1 = b"new".to_vec();
    wanted.extend(pairs(&[("f", "g")]));
    let expected = replaced(&body, b"S\x00\x01aR\x00\x01b\x01c", b"\x01a\x03new");
    let expected = replaced(&expected, b"S\x00\x01eZ", b"S\x00\x01e\x01f\x01gZ");
    assert_eq!(with_headers(&body, &wanted), Ok(expected));
}

#[test]
fn a_call_without_attachments_gets_them() {
    let wanted = pairs(&[&FRONT[..], &[("k", "v")]].concat());
    for (before, after) in [
        (&b"\x91"[..], &b"\x91H\x01k\x01vZ"[..]),
        (b"\x91N", b"\x91H\x01k\x01vZ"),
        // Whatever is after a null stays there.
        (b"\x91N\x01x", b"\x91H\x01k\x01vZ\x01x"),
        (b"\x91HZ", b"\x91H\x01k\x01vZ"),
    ] {
        let body = call("I", before);
        assert_eq!(headers(&body), pairs(&FRONT));
        assert_eq!(with_headers(&body, &wanted), Ok(call("I", after)));
        let mut other = pairs(&FRONT);
        set(&mut other, "method", "n");
        let expected = replaced(&body, b"\x01m", b"\x01n");
        assert_eq!(with_headers(&body, &other), Ok(expected));
    }
}

#[test]
fn a_header_without_a_place_is_refused() {
    let no_place = |offset| {
        Err(FormatError {
            offset,
            reason: Reason::NoPlace,
        })
    };
    let added = pairs(&[("k", "v")]);
    for name in [
        "echo_response",
        "heartbeat",
        "readonly_event",
        "fastjson2_heartbeat",
    ] {
        assert_eq!(with_headers(&body(name), &added), no_place(0), "{name}");
    }
    // A call whose arguments are not understood: its front can be changed all the same.
    let body = call("X", b"\x91");
    let wanted = [pairs(&FRONT), added].concat();
    assert_eq!(with_headers(&body, &wanted), no_place(16));
    let mut wanted = pairs(&FRONT);
    set(&mut wanted, "method", "n");
    let expected = replaced(&body, b"\x01m", b"\x01n");
    assert_eq!(with_headers(&body, &wanted), Ok(expected));
}

#[test]
fn a_call_needs_its_front() {
    let body = call("", b"H\x01k\x01vZ");
    for (name, offset) in [("dubbo", 0), ("service", 6), ("method", 14)] {
        let mut wanted = headers(&body);
        wanted.retain(|(key, _)| key != name.as_bytes());
        let reason = Reason::Missing;
        let error = FormatError { offset, reason };
        assert_eq!(with_headers(&body, &wanted), Err(error), "{name}");
    }
}

/// Nothing but the header of its frame makes a body a call.
#[test]
fn any_version_is_written() {
    let body = call("", b"H\x01k\x01vZ");
    for (version, written) in [
        ("client", &b"\x06client"[..]),
        ("", b"\x00"),
        ("\u{e9}", b"\x01\xc3\xa9"),
    ] {
        let mut wanted = headers(&body);
        set(&mut wanted, "dubbo", version);
        let out = with_headers(&body, &wanted).unwrap();
        assert_eq!(out, replaced(&body, b"\x052.0.2", written), "{version}");
        assert_eq!(headers(&out), wanted);
    }
}

/// What is null, or no string at all, stays so when others are changed.
#[test]
fn what_is_no_string_stays_at_the_front() {
    for front in [
        &b"N\x03a.B\x031.0\x01m"[..],
        b"\x052.0.2N\x031.0\x01m",
        b"\x052.0.2\x91\x031.0\x01m",
        b"\x91\x91\x91\x01m",
    ] {
        let body = request(&[front, b"\x00HZ"].concat());
        let mut wanted = headers(&body);
        wanted.extend(pairs(&[("k", "v")]));
        let expected = request(&[front, b"\x00H\x01k\x01vZ"].concat());
        assert_eq!(with_headers(&body, &wanted), Ok(expected), "{front:02x?}");
    }
}

#[test]
fn what_is_no_text_is_refused() {
    let body = call("", b"H\x01k\x01vZ");
    let mut wanted = headers(&body);
    wanted.push((b"x-binary".to_vec(), vec![0, 0xff, b'%']));
    let reason = Reason::NotUtf8;
    let at = |offset| Err(FormatError { offset, reason });
    assert_eq!(with_headers(&body, &wanted), at(22));
    wanted.pop();
    wanted[1].1 = vec![0xff];
    assert_eq!(with_headers(&body, &wanted), at(6));
}

#[test]
fn another_body_takes_the_place_of_the_old_one() {
    let body = body("java_echo_request");
    let other = b"whatever";
    let expected = Ok(body.with(other));
    assert_eq!(changed(&body, None, Some(other)), expected);
    // The host sends the old headers along.
    let came = headers(&body);
    assert_eq!(changed(&body, Some(&came), Some(other)), expected);
    // Headers and body of another call.
    let other = call("", b"H\x01k\x01vZ");
    let wanted = [pairs(&FRONT), pairs(&[("k", "w")])].concat();
    let out = changed(&body, Some(&wanted), Some(&other)).unwrap();
    assert_eq!(out, call("", b"H\x01k\x01wZ"));
}

#[test]
fn a_frame_without_a_body_gets_headers_and_body() {
    // What the host does with a request that it has kept and the plugin has not.
    let body = body("java_echo_request");
    let wanted = headers(&body);
    let empty = body.with(b"");
    assert_eq!(changed(&empty, Some(&wanted), Some(&body)), Ok(body));
}

#[test]
fn id_and_status_are_the_frames() {
    let id = Some(IdEdit::Number(1));
    for changes in [
        MetadataEdits {
            id,
            ..MetadataEdits::default()
        },
        MetadataEdits {
            status: Some(20),
            ..MetadataEdits::default()
        },
    ] {
        let body = request(b"N");
        let error = Body::rewrite(&body, body.head, &changes, &mut Vec::new()).unwrap_err();
        assert_eq!(error.reason, Reason::NoPlace);
    }
}

#[test]
fn a_long_chain_of_edits_ends_where_it_began() {
    let mut text = Vec::new();
    put_string(&[b'x'; 3000], &mut text).unwrap();
    let body = call("", &[b"H\x01k", &text[..], b"Z"].concat());
    let came = headers(&body);
    let mut now = body.clone();
    for round in 0..100 {
        let mut wanted = headers(&now);
        wanted.push((format!("k{round}").into_bytes(), vec![b'y'; round]));
        now = with_headers(&now, &wanted).unwrap();
        assert_eq!(headers(&now), wanted);
    }
    assert_eq!(with_headers(&now, &came), Ok(body));
}

/// A Java map keeps the entry that is put last, whatever its type is.
#[test]
fn the_entry_that_counts_is_the_same_after_an_edit() {
    let millis = Timeout::Millis;
    let (text, number) = (b"\x07timeout\x042500", b"\x07timeout\xb4");
    let other = b"\x05group\x04blue";
    for (attachments, came) in [
        (&[&text[..], &number[..], &other[..]], millis(36)),
        (&[&other[..], &number[..], &text[..]], millis(2500)),
        (&[&other[..], &text[..], &number[..]], millis(36)),
    ] {
        let body = call("", &[b"H", &attachments.concat()[..], b"Z"].concat());
        assert_eq!(timeout_of(&body), came);
        for (key, value) in [("group", "green"), ("timeout", "2400")] {
            let mut wanted = headers(&body);
            set(&mut wanted, key, value);
            let edited = if key == "timeout" && came == millis(2500) {
                millis(2400)
            } else {
                came
            };
            // A host may hand them back in any order.
            for _ in 4..wanted.len() {
                wanted[4..].rotate_left(1);
                let out = with_headers(&body, &wanted).unwrap();
                assert_eq!(headers(&out), wanted);
                assert_eq!(timeout_of(&out), edited, "{out:02x?}");
                let back = with_headers(&out, &headers(&body)).unwrap();
                assert_eq!(timeout_of(&back), came, "{back:02x?}");
            }
        }
    }
}

/// A header that a host adds counts, wherever it is among the others.
#[test]
fn a_header_counts_that_takes_the_place_of_a_number() {
    let body = call("", b"H\x05group\x04blue\x07timeout\xb4Z");
    let came = headers(&body);
    for at in [4, 5] {
        let mut wanted = came.clone();
        wanted.insert(at, pairs(&[("timeout", "2500")])[0].clone());
        let out = with_headers(&body, &wanted).unwrap();
        assert_eq!(headers(&out), wanted);
        assert_eq!(timeout_of(&out), Timeout::Millis(2500));
    }
}

/// What later values may refer to is not moved.
#[test]
fn a_key_of_a_string_and_of_an_object_is_not_written() {
    let body = call("", b"H\x04_TO_\x011\x04_TO_H\x01a\x01bZ\x05group\x04blueZ");
    let mut wanted = headers(&body);
    set(&mut wanted, "group", "green");
    let error = with_headers(&body, &wanted).unwrap_err();
    assert_eq!(error.reason, Reason::NoPlace);
}
