///A [`Pong`] over the bytes it came in.
#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
pub struct PongView<'a> {
    __raw: &'a [::meshwire::__private::u8],
    __head: &'a [::meshwire::__private::u8; <Pong as ::meshwire::__private::Frame>::FIXED],
    headers: &'a [::meshwire::__private::u8],
}
const _: () = {
    use ::meshwire::__private as __mw;
    const __AT_ID: &__mw::Slot = &__mw::Slot::front::<u32>("Pong", "id");
    const __AT_HEADERS_LEN: &__mw::Slot = &__AT_ID.next::<u16>("headers_len");
    const __FIXED: __mw::usize = __AT_HEADERS_LEN.end();
    const __AT_HEADERS: &__mw::Slot = &__AT_HEADERS_LEN
        .part("headers", __AT_HEADERS_LEN, <HeaderMap as __mw::Part>::MAX);
    const __HEADERS_FORMAT: &__mw::Format = &__mw::Format::of::<TextPairs<'&', '='>>();
    const __MAX: __mw::usize = __mw::MAX_FRAME;
    const __SHAPE: &__mw::Shape = &__mw::Shape {
        max: __MAX,
        last: __AT_HEADERS,
        lengths: &[
            __mw::Length::of::<u16>(0, __AT_HEADERS_LEN, __mw::Cover::of(1, 0, 1), 1),
        ],
        checks: &[],
        ids: &[__mw::IdPlace::of::<u32>(0, __AT_ID)],
    };
    #[automatically_derived]
    #[allow(dead_code)]
    impl<'a> PongView<'a> {
        ///Field `id`.
        #[inline]
        pub fn id(&self) -> u32 {
            __mw::get(self.__head, __AT_ID)
        }
        ///Length `headers_len`.
        #[inline]
        pub fn headers_len(&self) -> u16 {
            __mw::get(self.__head, __AT_HEADERS_LEN)
        }
        ///Part `headers`.
        ///
        /// Fails if it is not in its format.
        pub fn headers(&self) -> __mw::Result<__mw::HeaderMap, __mw::Error> {
            __HEADERS_FORMAT.map(self.__raw, self.headers, __AT_HEADERS)
        }
    }
    #[automatically_derived]
    impl __mw::Command for PongView<'_> {
        #[inline]
        fn kind(&self) -> __mw::MessageKind {
            __mw::kind_of::<Pong>(false, false)
        }
        #[inline]
        fn id(&self) -> __mw::u64 {
            __mw::Int::pattern(self.id())
        }
        #[inline]
        fn body(&self) -> &[__mw::u8] {
            &[]
        }
        #[inline]
        fn write_headers(&self, __out: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            __HEADERS_FORMAT.read(self.__raw, self.headers, __AT_HEADERS, __out)?;
            __mw::Ok(())
        }
        #[inline]
        fn as_response(&self) -> __mw::Option<&dyn __mw::Response> {
            __mw::Some(self)
        }
    }
    #[automatically_derived]
    impl __mw::Response for PongView<'_> {
        #[inline]
        fn status(&self) -> __mw::i64 {
            0
        }
    }
    #[automatically_derived]
    impl PongView<'_> {
        fn __edited(
            &self,
            __edits: &__mw::Edits<'_>,
            __unseen: __mw::usize,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::Result<()> {
            let __view = self;
            let __headers_region = __HEADERS_FORMAT
                .edit(__view.__raw, __view.headers, __AT_HEADERS, __edits.headers)?;
            __mw::Rewrite::of(
                    __SHAPE,
                    &[
                        __mw::Item::run(__view.__head),
                        __mw::Item::part(
                            __AT_HEADERS,
                            __headers_region.as_deref().unwrap_or(__view.headers),
                        ),
                    ],
                    __edits.id,
                    &[],
                )
                .before(__unseen)
                .write(__out)
        }
    }
    #[automatically_derived]
    impl __mw::View for PongView<'_> {
        #[inline]
        fn raw(&self) -> &[__mw::u8] {
            self.__raw
        }
        fn id_places(
            &self,
            __place: &mut dyn __mw::FnMut(__mw::usize, &'static __mw::Slot),
        ) {
            if <Pong as __mw::Frame>::PATCHED {
                __place(__mw::place_in(self.__raw, &self.__head[..], __AT_ID), __AT_ID);
            }
        }
        #[inline]
        fn header_block(&self) -> __mw::Option<&[__mw::u8]> {
            __mw::None
        }
        #[inline]
        fn rewrite(
            &self,
            __edits: &__mw::Edits<'_>,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::Result<()> {
            if __mw::is_id_only(__edits) {
                return __mw::pass_on::<u32>(self.__raw, __AT_ID, __edits, __out);
            }
            self.__edited(__edits, 0, __out)
        }
        fn rewrite_head(
            &self,
            __edits: &__mw::Edits<'_>,
            __body: __mw::usize,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::bool {
            __body == 0 && self.__edited(__edits, __body, __out).is_ok()
        }
    }
    #[automatically_derived]
    impl __mw::Command for Pong {
        #[inline]
        fn kind(&self) -> __mw::MessageKind {
            __mw::kind_of::<Pong>(false, false)
        }
        #[inline]
        fn id(&self) -> __mw::u64 {
            __mw::Int::pattern(self.id)
        }
        #[inline]
        fn body(&self) -> &[__mw::u8] {
            &[]
        }
        #[inline]
        fn write_headers(&self, __out: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            __out.all(self.headers.as_headers());
            __mw::Ok(())
        }
        #[inline]
        fn as_response(&self) -> __mw::Option<&dyn __mw::Response> {
            __mw::Some(self)
        }
    }
    #[automatically_derived]
    impl __mw::Response for Pong {
        #[inline]
        fn status(&self) -> __mw::i64 {
            0
        }
    }
    #[inline]
    fn __put_values(__frame: &Pong, __head: &mut [__mw::u8; __FIXED]) {
        __mw::Wire::put(__head, __AT_ID, &__frame.id);
    }
    fn __assembled<__T>(
        __frame: &Pong,
        __then: impl ::core::ops::FnOnce(&__mw::Rewrite<'_>) -> __mw::Result<__T>,
    ) -> __mw::Result<__T> {
        let __headers_region = __HEADERS_FORMAT.region(&__frame.headers, __AT_HEADERS)?;
        let __headers_region = &*__headers_region;
        let mut __head = [0; __FIXED];
        __put_values(__frame, &mut __head);
        let _: __mw::Len<u16> = __frame.headers_len;
        __then(
            &__mw::Rewrite::of(
                __SHAPE,
                &[
                    __mw::Item::run(&__head[..]),
                    __mw::Item::part(__AT_HEADERS, __headers_region),
                ],
                __mw::None,
                &[],
            ),
        )
    }
    #[automatically_derived]
    impl __mw::Message for Pong {
        fn set_id(&mut self, __id: __mw::u64) -> __mw::Result<()> {
            self.id = __mw::narrow_id(__AT_ID, __id)?;
            __mw::Ok(())
        }
        fn set_headers(&mut self, __headers: __mw::HeaderMap) -> __mw::Result<()> {
            self.headers.replace(__headers);
            __mw::Ok(())
        }
        #[cfg_attr(not(target_family = "wasm"), inline)]
        fn encoded_len(&self) -> __mw::Result<__mw::usize> {
            if __mw::IS_MODULE {
                return __assembled(self, |__pieces| __pieces.measure());
            }
            let __headers_region = __HEADERS_FORMAT.region(&self.headers, __AT_HEADERS)?;
            let __headers_region = &*__headers_region;
            match __mw::Total::new(__FIXED)
                .add::<u16>(__AT_HEADERS, __headers_region)
                .within(__MAX)
            {
                __mw::Some(__total) => __mw::Ok(__total),
                __mw::None => __assembled(self, |__pieces| __pieces.misfit()),
            }
        }
        #[cfg_attr(not(target_family = "wasm"), inline)]
        fn encode(&self, __out: &mut __mw::Vec<__mw::u8>) -> __mw::Result<()> {
            if __mw::IS_MODULE {
                return __assembled(self, |__pieces| __pieces.write(__out));
            }
            __out.reserve(__mw::Message::encoded_len(self)?);
            let __headers_region = __HEADERS_FORMAT.region(&self.headers, __AT_HEADERS)?;
            let __headers_region = &*__headers_region;
            if let __mw::Some(__head) = __mw::head::<__FIXED>(__out) {
                __put_values(self, __head);
                __mw::put_len::<u16>(__head, __AT_HEADERS, __headers_region);
            }
            __out.extend_from_slice(__headers_region);
            __mw::Ok(())
        }
    }
    #[automatically_derived]
    impl __mw::Default for Pong {
        fn default() -> Self {
            Self {
                id: __mw::Bits::ZERO,
                headers_len: __mw::Len::COMPUTED,
                headers: __mw::Default::default(),
            }
        }
    }
    #[automatically_derived]
    impl __mw::Frame for Pong {
        type View<'a> = PongView<'a>;
        const DIRECTION: __mw::Direction = __mw::Direction::Response;
        const LAYOUT: __mw::Layout = __mw::Layout::new(
                "Pong",
                Self::DIRECTION,
                __FIXED,
                __MAX,
                &[
                    __mw::fixed_field(__AT_ID).id(),
                    __mw::fixed_field(__AT_HEADERS_LEN).length(),
                    __mw::part_field(__AT_HEADERS).headers(),
                ],
            )
            .lean(Self::LEAN);
        const FIXED: __mw::usize = __FIXED;
        #[inline]
        fn fits(_: &[__mw::u8]) -> __mw::bool {
            true
        }
        fn detect(_: &[__mw::u8]) -> __mw::Detection {
            __mw::Detection::START
        }
        #[cfg_attr(not(target_family = "wasm"), inline(always))]
        #[cfg_attr(target_family = "wasm", inline)]
        fn scan(__bytes: &[__mw::u8]) -> __mw::Result<PongView<'_>, __mw::Stop> {
            let mut __scan = __mw::Scan::new(__bytes, __MAX);
            let __head = __scan.head::<__FIXED>()?;
            let __headers_region = __scan.part::<u16>(0, __AT_HEADERS);
            let __raw = __scan.settle()?;
            __mw::Ok(PongView {
                __raw,
                __head,
                headers: __mw::region(__raw, __headers_region),
            })
        }
        const LEAN: __mw::bool = true;
        const PATCHED: __mw::bool = __mw::IdPlace::are_binary(__SHAPE.ids);
        const REWRITTEN: __mw::bool = true;
        #[inline]
        fn scan_head(
            __bytes: &[__mw::u8],
        ) -> __mw::Result<__mw::Head<PongView<'_>>, __mw::Stop> {
            let mut __scan = __mw::Scan::of_head(__bytes, __MAX);
            let __head = __scan.head::<__FIXED>()?;
            let __headers_region = __scan.part::<u16>(0, __AT_HEADERS);
            let __body = __scan.end();
            let __raw = __scan.settle_head(__body)?;
            __mw::Ok(
                __scan
                    .front(
                        PongView {
                            __raw,
                            __head,
                            headers: __mw::region(__raw, __headers_region),
                        },
                        __body,
                    ),
            )
        }
        fn from_view(
            __view: &PongView<'_>,
            __bytes: &__mw::Bytes,
        ) -> __mw::Result<Self> {
            __mw::Ok(Self {
                id: __view.id(),
                headers_len: __mw::Len::COMPUTED,
                headers: __view.headers()?,
            })
        }
        fn template(__template: __mw::Template) -> __mw::Option<Self> {
            let _ordinary = __mw::serves::<Self>(__template)?;
            __mw::Some(<Self as __mw::Default>::default())
        }
    }
};
