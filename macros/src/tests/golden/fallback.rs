#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
struct PongView<'a>(&'a [::meshwire::__private::u8]);
const _: () = {
    use ::meshwire::__private as __mw;
    impl __mw::Command for Pong {
        fn kind(&self) -> __mw::MessageKind {
            ::core::unreachable!()
        }
        fn id(&self) -> __mw::u64 {
            ::core::unreachable!()
        }
        fn body(&self) -> &[__mw::u8] {
            ::core::unreachable!()
        }
        fn write_headers(&self, _: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            ::core::unreachable!()
        }
        fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
            ::core::unreachable!()
        }
        fn as_response(&self) -> __mw::Option<&dyn __mw::Response> {
            ::core::unreachable!()
        }
    }
    impl __mw::Response for Pong {
        fn status(&self) -> __mw::i64 {
            ::core::unreachable!()
        }
    }
    impl __mw::Command for PongView<'_> {
        fn kind(&self) -> __mw::MessageKind {
            ::core::unreachable!()
        }
        fn id(&self) -> __mw::u64 {
            ::core::unreachable!()
        }
        fn body(&self) -> &[__mw::u8] {
            ::core::unreachable!()
        }
        fn write_headers(&self, _: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            ::core::unreachable!()
        }
        fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
            ::core::unreachable!()
        }
        fn as_response(&self) -> __mw::Option<&dyn __mw::Response> {
            ::core::unreachable!()
        }
    }
    impl __mw::Response for PongView<'_> {
        fn status(&self) -> __mw::i64 {
            ::core::unreachable!()
        }
    }
    impl __mw::View for PongView<'_> {
        fn raw(&self) -> &[__mw::u8] {
            self.0
        }
        fn header_block(&self) -> __mw::Option<&[__mw::u8]> {
            __mw::None
        }
        fn rewrite(
            &self,
            _: &__mw::Edits<'_>,
            _: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::Result<()> {
            ::core::unreachable!()
        }
    }
    impl __mw::Default for Pong {
        fn default() -> Self {
            ::core::unreachable!()
        }
    }
    impl __mw::Message for Pong {
        fn set_id(&mut self, _: __mw::u64) -> __mw::Result<()> {
            ::core::unreachable!()
        }
        fn set_status(&mut self, _: __mw::i64) -> __mw::Result<()> {
            ::core::unreachable!()
        }
        fn set_headers(&mut self, _: __mw::HeaderMap) -> __mw::Result<()> {
            ::core::unreachable!()
        }
        fn set_body(&mut self, _: __mw::Bytes) -> __mw::Result<()> {
            ::core::unreachable!()
        }
        fn encoded_len(&self) -> __mw::Result<__mw::usize> {
            ::core::unreachable!()
        }
        fn encode(&self, _: &mut __mw::Vec<__mw::u8>) -> __mw::Result<()> {
            ::core::unreachable!()
        }
    }
    impl __mw::Frame for Pong {
        type View<'a> = PongView<'a>;
        const DIRECTION: __mw::Direction = __mw::Direction::Response;
        const LAYOUT: __mw::Layout = __mw::Layout::new(
            "",
            __mw::Direction::Response,
            0,
            0,
            &[],
        );
        const FIXED: __mw::usize = 0;
        const HEARTBEAT: __mw::bool = true;
        const HEARTBEAT_ACK: __mw::bool = true;
        const OPAQUE: __mw::bool = false;
        fn fits(_: &[__mw::u8]) -> __mw::bool {
            ::core::unreachable!()
        }
        fn detect(_: &[__mw::u8]) -> __mw::Detection {
            ::core::unreachable!()
        }
        fn scan(_: &[__mw::u8]) -> __mw::Result<PongView<'_>, __mw::Stop> {
            ::core::unreachable!()
        }
        fn from_view(_: &PongView<'_>, _: &__mw::Bytes) -> __mw::Result<Self> {
            ::core::unreachable!()
        }
        fn template(_: __mw::Template) -> __mw::Option<Self> {
            ::core::unreachable!()
        }
    }
};
