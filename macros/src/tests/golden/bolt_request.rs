///A [`BoltRequest`] over the bytes it came in.
#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
pub struct BoltRequestView<'a> {
    __raw: &'a [::meshwire::__private::u8],
    __head: &'a [::meshwire::__private::u8; <BoltRequest as ::meshwire::__private::Frame>::FIXED],
    class: &'a [::meshwire::__private::u8],
    headers: &'a [::meshwire::__private::u8],
    body: &'a [::meshwire::__private::u8],
}
const _: () = {
    use ::meshwire::__private as __mw;
    const __AT_PROTO: &__mw::Slot = &__mw::Slot::front::<u8>("BoltRequest", "proto");
    const __AT_CMD_TYPE: &__mw::Slot = &__AT_PROTO.next::<u8>("cmd_type");
    const __AT_CMD_CODE: &__mw::Slot = &__AT_CMD_TYPE.next::<u16>("cmd_code");
    const __AT_VERSION: &__mw::Slot = &__AT_CMD_CODE.next::<u8>("version");
    const __AT_REQUEST_ID: &__mw::Slot = &__AT_VERSION.next::<u32>("request_id");
    const __AT_CODEC: &__mw::Slot = &__AT_REQUEST_ID.next::<u8>("codec");
    const __AT_TIMEOUT: &__mw::Slot = &__AT_CODEC.next::<i32>("timeout");
    const __AT_CLASS_LEN: &__mw::Slot = &__AT_TIMEOUT.next::<u16>("class_len");
    const __AT_HEADERS_LEN: &__mw::Slot = &__AT_CLASS_LEN.next::<u16>("headers_len");
    const __AT_BODY_LEN: &__mw::Slot = &__AT_HEADERS_LEN.next::<u32>("body_len");
    const __FIXED: __mw::usize = __AT_BODY_LEN.end();
    const __AT_CLASS: &__mw::Slot = &__AT_BODY_LEN
        .part("class", __AT_CLASS_LEN, <Text as __mw::Part>::MAX);
    const __AT_HEADERS: &__mw::Slot = &__AT_BODY_LEN
        .part("headers", __AT_HEADERS_LEN, <HeaderMap as __mw::Part>::MAX);
    const __AT_BODY: &__mw::Slot = &__AT_BODY_LEN
        .part("body", __AT_BODY_LEN, <Bytes as __mw::Part>::MAX);
    const __MAX: __mw::usize = __mw::MAX_FRAME;
    const _: () = __mw::pin_at(__AT_REQUEST_ID, 5);
    const _: () = __mw::pin_size("BoltRequest", __FIXED, 22);
    const __PROTO_IS_0: u8 = 1;
    const __PROTO_IS: &[u8] = &[__PROTO_IS_0];
    const __CMD_TYPE_IS_0: u8 = 1;
    const __CMD_TYPE_IS_1: u8 = 2;
    const __CMD_TYPE_IS: &[u8] = &[__CMD_TYPE_IS_0, __CMD_TYPE_IS_1];
    const __CMD_CODE_IS_0: u16 = 1;
    const __CMD_CODE_IS_1: u16 = 0;
    const __VERSION_IS_0: u8 = 1;
    const __CODEC_IS_0: u8 = 1;
    const __TIMEOUT_IS_0: i32 = -1;
    const __SHAPE: &__mw::Shape = &__mw::Shape {
        max: __MAX,
        last: __AT_BODY,
        lengths: &[
            __mw::Length::of::<u16>(0, __AT_CLASS_LEN, __mw::Cover::of(1, 0, 1), 1),
            __mw::Length::of::<u16>(0, __AT_HEADERS_LEN, __mw::Cover::of(2, 0, 2), 1),
            __mw::Length::of::<u32>(0, __AT_BODY_LEN, __mw::Cover::of(3, 0, 3), 1),
        ],
        checks: &[],
        ids: &[__mw::IdPlace::of::<u32>(0, __AT_REQUEST_ID)],
    };
    #[automatically_derived]
    #[allow(dead_code)]
    impl<'a> BoltRequestView<'a> {
        /// Selects bolt v1 among the protocols of a connection.
        #[inline]
        pub fn proto(&self) -> u8 {
            __mw::get(self.__head, __AT_PROTO)
        }
        /// 1 call, 2 one-way call.
        #[inline]
        pub fn cmd_type(&self) -> u8 {
            __mw::get(self.__head, __AT_CMD_TYPE)
        }
        /// 0 heartbeat, 1 call.
        #[inline]
        pub fn cmd_code(&self) -> u16 {
            __mw::get(self.__head, __AT_CMD_CODE)
        }
        /// Version of the command layout.
        #[inline]
        pub fn version(&self) -> u8 {
            __mw::get(self.__head, __AT_VERSION)
        }
        /// Pairs the request with its response.
        #[inline]
        pub fn request_id(&self) -> u32 {
            __mw::get(self.__head, __AT_REQUEST_ID)
        }
        /// How the body is serialised: 1 hessian2, 2 java, 11 protobuf, 12 json.
        #[inline]
        pub fn codec(&self) -> u8 {
            __mw::get(self.__head, __AT_CODEC)
        }
        /// Milliseconds; −1 is "no timeout", the default of Java clients.
        #[inline]
        pub fn timeout(&self) -> i32 {
            __mw::get(self.__head, __AT_TIMEOUT)
        }
        ///Length `class_len`.
        #[inline]
        pub fn class_len(&self) -> u16 {
            __mw::get(self.__head, __AT_CLASS_LEN)
        }
        ///Length `headers_len`.
        #[inline]
        pub fn headers_len(&self) -> u16 {
            __mw::get(self.__head, __AT_HEADERS_LEN)
        }
        ///Length `body_len`.
        #[inline]
        pub fn body_len(&self) -> u32 {
            __mw::get(self.__head, __AT_BODY_LEN)
        }
        /// Name of the class that the body holds.
        #[inline]
        pub fn class(&self) -> &'a [__mw::u8] {
            self.class
        }
        /// Where to route the call; `service` by convention.
        ///
        /// Fails if it is not a run of whole pairs.
        pub fn headers(&self) -> __mw::Result<__mw::Headers<'a>, __mw::Error> {
            __mw::headers(self.__raw, self.headers, __AT_HEADERS)
        }
        /// The serialised call.
        #[inline]
        pub fn body(&self) -> &'a [__mw::u8] {
            self.body
        }
    }
    #[automatically_derived]
    impl __mw::Command for BoltRequestView<'_> {
        #[inline]
        fn kind(&self) -> __mw::MessageKind {
            __mw::kind_of::<
                BoltRequest,
            >(
                __mw::Wire::is(self.__head, __AT_CMD_CODE, &__CMD_CODE_IS_1),
                __mw::Wire::is(self.__head, __AT_CMD_TYPE, &__CMD_TYPE_IS_1),
            )
        }
        #[inline]
        fn id(&self) -> __mw::u64 {
            __mw::Int::pattern(self.request_id())
        }
        #[inline]
        fn body(&self) -> &[__mw::u8] {
            self.body
        }
        #[inline]
        fn write_headers(&self, __out: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            __out.all(self.headers()?);
            __mw::Ok(())
        }
        #[inline]
        fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
            __mw::Some(self)
        }
    }
    #[automatically_derived]
    impl __mw::Request for BoltRequestView<'_> {
        #[inline]
        fn timeout(&self) -> __mw::Timeout {
            __mw::timeout(self.timeout())
        }
    }
    #[automatically_derived]
    impl BoltRequestView<'_> {
        fn __edited(
            &self,
            __edits: &__mw::Edits<'_>,
            __unseen: __mw::usize,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::Result<()> {
            let __view = self;
            let __headers_region = __mw::header_edit(
                __view.headers,
                __AT_HEADERS,
                __edits.headers,
            );
            let __body_region = __edits.body;
            if __headers_region.is_none() {
                __mw::Tail::of(__view.__raw, __view.body, __AT_REQUEST_ID, __SHAPE)
                    .before(__unseen)
                    .write::<u32, u32>(__edits.id, __body_region, __out)
            } else {
                __mw::Rewrite::of(
                        __SHAPE,
                        &[
                            __mw::Item::run(__view.__head),
                            __mw::Item::part(__AT_CLASS, __view.class),
                            __mw::Item::part(
                                __AT_HEADERS,
                                __headers_region.as_deref().unwrap_or(__view.headers),
                            ),
                            __mw::Item::part(
                                __AT_BODY,
                                __body_region.as_deref().unwrap_or(__view.body),
                            ),
                        ],
                        __edits.id,
                        &[],
                    )
                    .before(__unseen)
                    .write(__out)
            }
        }
    }
    #[automatically_derived]
    impl __mw::View for BoltRequestView<'_> {
        #[inline]
        fn raw(&self) -> &[__mw::u8] {
            self.__raw
        }
        fn id_places(
            &self,
            __place: &mut dyn __mw::FnMut(__mw::usize, &'static __mw::Slot),
        ) {
            if <BoltRequest as __mw::Frame>::PATCHED {
                __place(
                    __mw::place_in(self.__raw, &self.__head[..], __AT_REQUEST_ID),
                    __AT_REQUEST_ID,
                );
            }
        }
        #[inline]
        fn header_block(&self) -> __mw::Option<&[__mw::u8]> {
            __mw::Some(self.headers)
        }
        #[inline]
        fn rewrite(
            &self,
            __edits: &__mw::Edits<'_>,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::Result<()> {
            if __mw::is_id_only(__edits) {
                return __mw::pass_on::<u32>(self.__raw, __AT_REQUEST_ID, __edits, __out);
            }
            self.__edited(__edits, 0, __out)
        }
        fn rewrite_head(
            &self,
            __edits: &__mw::Edits<'_>,
            __body: __mw::usize,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::bool {
            self.__edited(__edits, __body, __out).is_ok()
        }
    }
    #[automatically_derived]
    impl __mw::Command for BoltRequest {
        #[inline]
        fn kind(&self) -> __mw::MessageKind {
            __mw::kind_of::<
                BoltRequest,
            >(
                __mw::Wire::same(&self.cmd_code, &__CMD_CODE_IS_1),
                __mw::Wire::same(&self.cmd_type, &__CMD_TYPE_IS_1),
            )
        }
        #[inline]
        fn id(&self) -> __mw::u64 {
            __mw::Int::pattern(self.request_id)
        }
        #[inline]
        fn body(&self) -> &[__mw::u8] {
            __mw::Part::region(&self.body)
        }
        #[inline]
        fn write_headers(&self, __out: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            __out.all(self.headers.as_headers());
            __mw::Ok(())
        }
        #[inline]
        fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
            __mw::Some(self)
        }
    }
    #[automatically_derived]
    impl __mw::Request for BoltRequest {
        #[inline]
        fn timeout(&self) -> __mw::Timeout {
            __mw::timeout(self.timeout)
        }
    }
    #[inline]
    fn __put_values(__frame: &BoltRequest, __head: &mut [__mw::u8; __FIXED]) {
        __mw::Wire::put(__head, __AT_PROTO, &__frame.proto);
        __mw::Wire::put(__head, __AT_CMD_TYPE, &__frame.cmd_type);
        __mw::Wire::put(__head, __AT_CMD_CODE, &__frame.cmd_code);
        __mw::Wire::put(__head, __AT_VERSION, &__frame.version);
        __mw::Wire::put(__head, __AT_REQUEST_ID, &__frame.request_id);
        __mw::Wire::put(__head, __AT_CODEC, &__frame.codec);
        __mw::Wire::put(__head, __AT_TIMEOUT, &__frame.timeout);
    }
    #[inline]
    fn __kept_to<__T>(
        __frame: &BoltRequest,
        __then: impl ::core::ops::FnOnce() -> __mw::Result<__T>,
    ) -> __mw::Result<__T> {
        if __mw::Wire::is_none_of(&__frame.proto, __PROTO_IS) {
            return __mw::Err(
                __mw::Wire::wrong_magic(__AT_PROTO, &__frame.proto, __PROTO_IS),
            );
        }
        if __mw::Wire::is_none_of(&__frame.cmd_type, __CMD_TYPE_IS) {
            return __mw::Err(
                __mw::Wire::wrong_tag(__AT_CMD_TYPE, &__frame.cmd_type, __CMD_TYPE_IS),
            );
        }
        __then()
    }
    fn __assembled<__T>(
        __frame: &BoltRequest,
        __then: impl ::core::ops::FnOnce(&__mw::Rewrite<'_>) -> __mw::Result<__T>,
    ) -> __mw::Result<__T> {
        __kept_to(
            __frame,
            || {
                let __class_region = __mw::Part::region(&__frame.class);
                let __headers_region = __mw::Part::region(&__frame.headers);
                let __body_region = __mw::Part::region(&__frame.body);
                let mut __head = [0; __FIXED];
                __put_values(__frame, &mut __head);
                let _: __mw::Len<u16> = __frame.class_len;
                let _: __mw::Len<u16> = __frame.headers_len;
                let _: __mw::Len<u32> = __frame.body_len;
                __then(
                    &__mw::Rewrite::of(
                        __SHAPE,
                        &[
                            __mw::Item::run(&__head[..]),
                            __mw::Item::part(__AT_CLASS, __class_region),
                            __mw::Item::part(__AT_HEADERS, __headers_region),
                            __mw::Item::part(__AT_BODY, __body_region),
                        ],
                        __mw::None,
                        &[],
                    ),
                )
            },
        )
    }
    #[automatically_derived]
    impl __mw::Message for BoltRequest {
        fn set_id(&mut self, __id: __mw::u64) -> __mw::Result<()> {
            self.request_id = __mw::narrow_id(__AT_REQUEST_ID, __id)?;
            __mw::Ok(())
        }
        fn set_headers(&mut self, __headers: __mw::HeaderMap) -> __mw::Result<()> {
            self.headers.replace(__headers);
            __mw::Ok(())
        }
        fn set_body(&mut self, __body: __mw::Bytes) -> __mw::Result<()> {
            self.body = __body;
            __mw::Ok(())
        }
        #[cfg_attr(not(target_family = "wasm"), inline)]
        fn encoded_len(&self) -> __mw::Result<__mw::usize> {
            if __mw::IS_MODULE {
                return __assembled(self, |__pieces| __pieces.measure());
            }
            __kept_to(
                self,
                || {
                    let __class_region = __mw::Part::region(&self.class);
                    let __headers_region = __mw::Part::region(&self.headers);
                    let __body_region = __mw::Part::region(&self.body);
                    match __mw::Total::new(__FIXED)
                        .add::<u16>(__AT_CLASS, __class_region)
                        .add::<u16>(__AT_HEADERS, __headers_region)
                        .add::<u32>(__AT_BODY, __body_region)
                        .within(__MAX)
                    {
                        __mw::Some(__total) => __mw::Ok(__total),
                        __mw::None => __assembled(self, |__pieces| __pieces.misfit()),
                    }
                },
            )
        }
        #[cfg_attr(not(target_family = "wasm"), inline)]
        fn encode(&self, __out: &mut __mw::Vec<__mw::u8>) -> __mw::Result<()> {
            if __mw::IS_MODULE {
                return __assembled(self, |__pieces| __pieces.write(__out));
            }
            __out.reserve(__mw::Message::encoded_len(self)?);
            let __class_region = __mw::Part::region(&self.class);
            let __headers_region = __mw::Part::region(&self.headers);
            let __body_region = __mw::Part::region(&self.body);
            if let __mw::Some(__head) = __mw::head::<__FIXED>(__out) {
                __put_values(self, __head);
                __mw::put_len::<u16>(__head, __AT_CLASS, __class_region);
                __mw::put_len::<u16>(__head, __AT_HEADERS, __headers_region);
                __mw::put_len::<u32>(__head, __AT_BODY, __body_region);
            }
            __out.extend_from_slice(__class_region);
            __out.extend_from_slice(__headers_region);
            __out.extend_from_slice(__body_region);
            __mw::Ok(())
        }
    }
    #[automatically_derived]
    impl __mw::Default for BoltRequest {
        fn default() -> Self {
            Self {
                proto: __PROTO_IS_0,
                cmd_type: __CMD_TYPE_IS_0,
                cmd_code: __CMD_CODE_IS_0,
                version: __VERSION_IS_0,
                request_id: __mw::Bits::ZERO,
                codec: __CODEC_IS_0,
                timeout: __TIMEOUT_IS_0,
                class_len: __mw::Len::COMPUTED,
                headers_len: __mw::Len::COMPUTED,
                body_len: __mw::Len::COMPUTED,
                class: __mw::Default::default(),
                headers: __mw::Default::default(),
                body: __mw::Default::default(),
            }
        }
    }
    #[automatically_derived]
    impl __mw::Frame for BoltRequest {
        type View<'a> = BoltRequestView<'a>;
        const DIRECTION: __mw::Direction = __mw::Direction::Request;
        const LAYOUT: __mw::Layout = __mw::Layout::new(
                "BoltRequest",
                Self::DIRECTION,
                __FIXED,
                __MAX,
                &[
                    __mw::fixed_field(__AT_PROTO).magic(&[1]),
                    __mw::fixed_field(__AT_CMD_TYPE).tag(&[1, 2]),
                    __mw::fixed_field(__AT_CMD_CODE),
                    __mw::fixed_field(__AT_VERSION),
                    __mw::fixed_field(__AT_REQUEST_ID).id(),
                    __mw::fixed_field(__AT_CODEC),
                    __mw::fixed_field(__AT_TIMEOUT).timeout(),
                    __mw::fixed_field(__AT_CLASS_LEN).length(),
                    __mw::fixed_field(__AT_HEADERS_LEN).length(),
                    __mw::fixed_field(__AT_BODY_LEN).length(),
                    __mw::part_field(__AT_CLASS),
                    __mw::part_field(__AT_HEADERS).headers(),
                    __mw::part_field(__AT_BODY).body(),
                ],
            )
            .lean(Self::LEAN);
        const FIXED: __mw::usize = __FIXED;
        const HEARTBEAT: __mw::bool = true;
        #[inline]
        fn fits(__bytes: &[__mw::u8]) -> __mw::bool {
            __mw::Wire::holds(__bytes, __AT_PROTO, __PROTO_IS)
                && __mw::Wire::holds(__bytes, __AT_CMD_TYPE, __CMD_TYPE_IS)
        }
        fn detect(__bytes: &[__mw::u8]) -> __mw::Detection {
            let __seen = __mw::Detection::START;
            let __seen = __mw::Wire::magic(__seen, __bytes, __AT_PROTO, &__PROTO_IS_0);
            __mw::Wire::tag(__seen, __bytes, __AT_CMD_TYPE, __CMD_TYPE_IS)
        }
        #[cfg_attr(not(target_family = "wasm"), inline(always))]
        #[cfg_attr(target_family = "wasm", inline)]
        fn scan(__bytes: &[__mw::u8]) -> __mw::Result<BoltRequestView<'_>, __mw::Stop> {
            let mut __scan = __mw::Scan::new(__bytes, __MAX);
            let __head = __scan.head::<__FIXED>()?;
            let __class_region = __scan.part::<u16>(0, __AT_CLASS);
            let __headers_region = __scan.part::<u16>(0, __AT_HEADERS);
            let __body_region = __scan.part::<u32>(0, __AT_BODY);
            let __raw = __scan.settle()?;
            __mw::Ok(BoltRequestView {
                __raw,
                __head,
                class: __mw::region(__raw, __class_region),
                headers: __mw::region(__raw, __headers_region),
                body: __mw::region(__raw, __body_region),
            })
        }
        const LEAN: __mw::bool = true;
        const PATCHED: __mw::bool = __mw::IdPlace::are_binary(__SHAPE.ids);
        const REWRITTEN: __mw::bool = true;
        #[inline]
        fn scan_head(
            __bytes: &[__mw::u8],
        ) -> __mw::Result<__mw::Head<BoltRequestView<'_>>, __mw::Stop> {
            let mut __scan = __mw::Scan::of_head(__bytes, __MAX);
            let __head = __scan.head::<__FIXED>()?;
            let __class_region = __scan.part::<u16>(0, __AT_CLASS);
            let __headers_region = __scan.part::<u16>(0, __AT_HEADERS);
            let __body_region = __scan.part::<u32>(0, __AT_BODY);
            let __body = __body_region.start;
            let __raw = __scan.settle_head(__body)?;
            __mw::Ok(
                __scan
                    .front(
                        BoltRequestView {
                            __raw,
                            __head,
                            class: __mw::region(__raw, __class_region),
                            headers: __mw::region(__raw, __headers_region),
                            body: __mw::region(__raw, __body_region),
                        },
                        __body,
                    ),
            )
        }
        fn from_view(
            __view: &BoltRequestView<'_>,
            __bytes: &__mw::Bytes,
        ) -> __mw::Result<Self> {
            __mw::Ok(Self {
                proto: __view.proto(),
                cmd_type: __view.cmd_type(),
                cmd_code: __view.cmd_code(),
                version: __view.version(),
                request_id: __view.request_id(),
                codec: __view.codec(),
                timeout: __view.timeout(),
                class_len: __mw::Len::COMPUTED,
                headers_len: __mw::Len::COMPUTED,
                body_len: __mw::Len::COMPUTED,
                class: __mw::Part::from_region(__view.class, __bytes, __AT_CLASS)?,
                headers: __mw::Part::from_region(__view.headers, __bytes, __AT_HEADERS)?,
                body: __mw::Part::from_region(__view.body, __bytes, __AT_BODY)?,
            })
        }
        fn template(__template: __mw::Template) -> __mw::Option<Self> {
            let mut __frame = <Self as __mw::Default>::default();
            if __mw::serves::<Self>(__template)? {
                __frame.cmd_code = __CMD_CODE_IS_1;
            }
            __mw::Some(__frame)
        }
    }
};
