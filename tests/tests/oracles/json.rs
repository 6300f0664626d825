//! The JSON header of `rocketmq` against `serde_json`.

use meshwire::HeaderMap;
use meshwire::MessageKind;
use meshwire::command::{PayloadCodec, PayloadId};
use proptest::prelude::*;
use rocketmq::RemotingCommand;
use serde_json::{Map, Value, json};

use super::{pairs, rewritten};

/// Any value, nested a few levels deep.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        // Quarters have a short decimal form, which comes back as it was.
        any::<i32>().prop_map(|number| Value::from(f64::from(number) / 4.0)),
        ".{0,6}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 16, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(".{0,4}", inner, 0..4)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

/// Extension fields whose names are those of no member.
fn ext_fields() -> impl Strategy<Value = Map<String, Value>> {
    let fields = prop::collection::btree_map("k.{0,3}", value(), 0..4);
    fields.prop_map(|map| map.into_iter().collect())
}

prop_compose! {
    fn header()(
        code in any::<i32>(),
        opaque in any::<i32>(),
        flag in any::<i32>(),
        remark in prop_oneof![Just(Value::Null), ".{0,9}".prop_map(Value::from)],
        ext_fields in ext_fields(),
        unknown in value(),
    ) -> Value {
        json!({
            "code": code,
            "opaque": opaque,
            "flag": flag,
            "remark": remark,
            "extFields": ext_fields,
            "x-unknown": unknown,
        })
    }
}

/// The headers that a header region has, by the README of `rocketmq`.
fn headers(header: &Value) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    let mut headers = vec![
        ("code".to_owned(), header["code"].to_string()),
        (
            "remark".to_owned(),
            text(&header["remark"]).unwrap_or_default(),
        ),
    ];
    let fields = header["extFields"].as_object().into_iter().flatten();
    headers.extend(fields.filter_map(|(name, value)| Some((name.clone(), text(value)?))));
    headers
}

fn id(header: &Value) -> u64 {
    let opaque = header["opaque"].as_i64().unwrap();
    u64::from(i32::try_from(opaque).unwrap().cast_unsigned())
}

proptest! {
    #![proptest_config(super::repeatable())]

    #[test]
    fn an_object_of_serde_means_the_same(header in header(), pretty in any::<bool>()) {
        let region = if pretty { serde_json::to_vec_pretty(&header) } else { serde_json::to_vec(&header) };
        let region = region.unwrap();
        let facts = RemotingCommand::metadata(&region, ()).unwrap();
        prop_assert_eq!(facts.id, PayloadId::Number(id(&header)));
        let kind = match header["flag"].as_i64().unwrap() & 3 {
            0 => MessageKind::Request,
            2 => MessageKind::OneWay,
            _ => MessageKind::Response,
        };
        prop_assert_eq!(facts.kind, kind);
        prop_assert_eq!(pairs::<RemotingCommand>(&region), headers(&header));
    }

    #[test]
    fn serde_reads_what_was_changed_and_nothing_else(
        mut header in header(),
        opaque in any::<i32>(),
        remark in ".{1,9}",
        new in prop::collection::btree_map("n.{0,3}", ".{0,6}", 0..3),
        removed in any::<prop::sample::Index>(),
        pretty in any::<bool>(),
    ) {
        let region = if pretty { serde_json::to_vec_pretty(&header) } else { serde_json::to_vec(&header) };
        let region = region.unwrap();
        let before = header.clone();
        header["opaque"] = opaque.into();
        header["remark"] = remark.into();
        let fields = header["extFields"].as_object_mut().unwrap();
        // Only what is a header can be removed.
        let names: Vec<String> = headers(&before).into_iter().skip(2).map(|(name, _)| name).collect();
        if !names.is_empty() {
            fields.remove(removed.get(&names));
        }
        let mut wanted: HeaderMap = headers(&header).into_iter().collect();
        for (name, value) in new {
            wanted.append(&name, &value);
            header["extFields"][name] = value.into();
        }
        let out = rewritten::<RemotingCommand>(&region, id(&header), &wanted, None);
        prop_assert_eq!(serde_json::from_slice::<Value>(&out).unwrap(), header);
    }

    /// Text that is no JSON is refused here as it is there, and text that is JSON is not.
    #[test]
    fn damage_is_what_serde_calls_damage(header in header(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
        let mut region = serde_json::to_vec(&header).unwrap();
        let at = at.index(region.len());
        region[at] = byte;
        // Declared members have types here; those there are any values.
        let read = RemotingCommand::metadata(&region, ());
        if serde_json::from_slice::<Value>(&region).is_err() {
            prop_assert!(read.is_err(), "{}", String::from_utf8_lossy(&region));
        }
    }
}
