//! Headers with much in them: each takes time by its bytes.

use rocketmq::RocketMq;

use super::grows_with_the_frame;

/// A command whose header is JSON, with these members.
fn json(members: &str) -> Vec<u8> {
    let header = format!("{{\"code\":1,\"flag\":0,\"opaque\":7{members}}}");
    frame(0, header.as_bytes())
}

fn frame(serialize_type: u8, header: &[u8]) -> Vec<u8> {
    let total = u32::try_from(header.len() + 4).unwrap().to_be_bytes();
    let len = u32::try_from(header.len()).unwrap().to_be_bytes();
    [&total[..], &[serialize_type], &len[1..], header].concat()
}

fn listed(items: usize, item: impl Fn(usize) -> String) -> String {
    let all: Vec<_> = (0..items).map(item).collect();
    all.join(",")
}

#[test]
fn extension_fields() {
    grows_with_the_frame::<RocketMq>(600, |items| {
        let fields = listed(items, |item| format!("\"{item:04}\":\"v\""));
        json(&format!(",\"extFields\":{{{fields}}}"))
    });
    grows_with_the_frame::<RocketMq>(600, |items| {
        let pair = |item| {
            [
                &b"\0\x04"[..],
                format!("{item:04}").as_bytes(),
                b"\0\0\0\x01v",
            ]
            .concat()
        };
        let pairs: Vec<_> = (0..items).map(pair).collect();
        let pairs = pairs.concat();
        let front = b"\0\x01\x07\0\0\0\0\0\x07\0\0\0\0\0\0\0\0";
        let len = u32::try_from(pairs.len()).unwrap().to_be_bytes();
        frame(1, &[&front[..], &len, &pairs].concat())
    });
}

#[test]
fn values_that_nobody_knows() {
    for (count, item) in [(1000, "\"x\":1"), (1000, "\"\\u0041\":[]")] {
        grows_with_the_frame::<RocketMq>(count, |items| {
            json(&format!(",{}", listed(items, |_| item.to_owned())))
        });
    }
    grows_with_the_frame::<RocketMq>(2500, |items| {
        json(&format!(",\"x\":[{}]", listed(items, |_| "[]".to_owned())))
    });
}

#[test]
fn escapes() {
    grows_with_the_frame::<RocketMq>(1200, |items| {
        json(&format!(",\"remark\":\"{}\"", "\\u00e9".repeat(items)))
    });
}
