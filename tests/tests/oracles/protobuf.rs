//! `RpcMeta` of brpc against `prost`.

use std::collections::BTreeMap;

use baidu_std::RpcMeta;
use meshwire::command::{PayloadCodec, PayloadId};
use meshwire::{HeaderMap, MessageKind};
use proptest::prelude::*;
use prost::Message;

use super::{pairs, rewritten};

// The fields and numbers of `baidu_rpc_meta.proto` of Apache brpc (2098dd3), and an unknown one in each message.

#[derive(Clone, PartialEq, Message)]
struct Meta {
    #[prost(message, tag = "1")]
    request: Option<Request>,
    #[prost(message, tag = "2")]
    response: Option<Response>,
    #[prost(int32, optional, tag = "3")]
    compress_type: Option<i32>,
    #[prost(int64, tag = "4")]
    correlation_id: i64,
    #[prost(bytes = "vec", optional, tag = "7")]
    authentication: Option<Vec<u8>>,
    #[prost(btree_map = "string, string", tag = "9")]
    user_fields: BTreeMap<String, String>,
    #[prost(fixed64, optional, tag = "1000")]
    unknown: Option<u64>,
}

#[derive(Clone, PartialEq, Message)]
struct Request {
    #[prost(string, tag = "1")]
    service: String,
    #[prost(string, tag = "2")]
    method: String,
    #[prost(int64, optional, tag = "3")]
    log_id: Option<i64>,
    #[prost(string, optional, tag = "7")]
    trace: Option<String>,
    #[prost(int32, optional, tag = "8")]
    timeout: Option<i32>,
    #[prost(double, repeated, tag = "600")]
    unknown: Vec<f64>,
}

#[derive(Clone, PartialEq, Message)]
struct Response {
    #[prost(int32, tag = "1")]
    code: i32,
    #[prost(string, optional, tag = "2")]
    text: Option<String>,
    #[prost(sint32, optional, tag = "16")]
    unknown: Option<i32>,
}

/// Names that no field has, so that they are headers.
fn user_fields() -> impl Strategy<Value = BTreeMap<String, String>> {
    prop::collection::btree_map("k[a-zé\u{0}]{0,3}", ".{0,8}", 0..4)
}

prop_compose! {
    fn request()(
        service in ".{0,9}",
        method in ".{0,9}",
        log_id in prop::option::of(any::<i64>()),
        trace in prop::option::of(".{0,5}"),
        timeout in prop::option::of(any::<i32>()),
        unknown in prop::collection::vec(any::<f64>(), 0..3),
    ) -> Request {
        Request { service, method, log_id, trace, timeout, unknown }
    }
}

prop_compose! {
    fn response()(
        code in any::<i32>(),
        text in prop::option::of(".{0,9}"),
        unknown in prop::option::of(any::<i32>()),
    ) -> Response {
        Response { code, text, unknown }
    }
}

prop_compose! {
    fn meta()(
        either in prop_oneof![
            request().prop_map(|request| (Some(request), None)),
            response().prop_map(|response| (None, Some(response))),
        ],
        compress_type in prop::option::of(any::<i32>()),
        correlation_id in any::<i64>(),
        authentication in prop::option::of(prop::collection::vec(any::<u8>(), 0..9)),
        user_fields in user_fields(),
        unknown in prop::option::of(any::<u64>()),
    ) -> Meta {
        let (request, response) = either;
        Meta { request, response, compress_type, correlation_id, authentication, user_fields, unknown }
    }
}

/// The headers that a meta has, by the table in the README of `baidu-std`.
fn headers(meta: &Meta) -> Vec<(String, String)> {
    let mut headers = Vec::new();
    let mut add = |name: &str, value: Option<String>| {
        headers.extend(value.map(|value| (name.to_owned(), value)));
    };
    if let Some(request) = &meta.request {
        add("service", Some(request.service.clone()));
        add("method", Some(request.method.clone()));
        add("log_id", request.log_id.map(|id| id.to_string()));
        add("request_id", request.trace.clone());
    }
    if let Some(response) = &meta.response {
        add("error_text", response.text.clone());
    }
    headers.extend(meta.user_fields.clone());
    headers
}

proptest! {
    #![proptest_config(super::repeatable())]

    #[test]
    fn a_message_of_prost_means_the_same(meta in meta()) {
        let region = meta.encode_to_vec();
        let facts = RpcMeta::metadata(&region, ()).unwrap();
        prop_assert_eq!(facts.id, PayloadId::Number(meta.correlation_id.cast_unsigned()));
        let (kind, status) = match &meta.response {
            Some(response) => (MessageKind::Response, response.code.into()),
            None => (MessageKind::Request, 0),
        };
        prop_assert_eq!((facts.kind, facts.status), (kind, status));
        prop_assert_eq!(pairs::<RpcMeta>(&region), headers(&meta));
    }

    #[test]
    fn prost_reads_what_was_changed_and_nothing_else(
        mut meta in meta(),
        id in any::<i64>(),
        code in any::<i32>(),
        service in ".{0,9}",
        log_id in prop::option::of(any::<i64>()),
        text in prop::option::of(".{0,9}"),
        user_fields in user_fields(),
    ) {
        let region = meta.encode_to_vec();
        let before = meta.clone();
        meta.correlation_id = id;
        meta.user_fields = user_fields;
        if let Some(request) = &mut meta.request {
            request.service = service;
            request.log_id = log_id;
        }
        let status = meta.response.as_mut().map(|response| {
            response.code = code;
            response.text = text;
            code.into()
        });
        let wanted: HeaderMap = headers(&meta).into_iter().collect();
        let id = meta.correlation_id.cast_unsigned();
        let out = rewritten::<RpcMeta>(&region, id, &wanted, status);
        prop_assert_eq!(Meta::decode(&out[..]).unwrap(), meta);

        let came: HeaderMap = headers(&before).into_iter().collect();
        let status = before.response.as_ref().map(|response| response.code.into());
        let id = before.correlation_id.cast_unsigned();
        let back = rewritten::<RpcMeta>(&out, id, &came, status);
        prop_assert_eq!(Meta::decode(&back[..]).unwrap(), before);
    }
}
