///A [`Ping`] over the bytes it came in.
#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
pub struct PingView<'a> {
    __raw: &'a [::meshwire::__private::u8],
    __head: &'a [::meshwire::__private::u8; <Ping as ::meshwire::__private::Frame>::FIXED],
    body: &'a [::meshwire::__private::u8],
}
const _: () = {
    use ::meshwire::__private as __mw;
    const __AT_MARK: &__mw::Slot = &__mw::Slot::front::<u16>("Ping", "mark");
    const __AT_KIND: &__mw::Slot = &__AT_MARK.next::<u8>("kind");
    const __AT_CODEC: &__mw::Slot = &__AT_KIND
        .then("codec", <Codec as __mw::Wire>::WIDTH, __mw::Endian::Big)
        .showing(<Codec as __mw::Wire>::SHOW);
    const __AT_ID: &__mw::Slot = &__AT_CODEC.next::<u32>("id").little();
    const __AT_BODY_LEN: &__mw::Slot = &__AT_ID.next::<u16>("body_len");
    const __FIXED: __mw::usize = __AT_BODY_LEN.end();
    const __AT_BODY: &__mw::Slot = &__AT_BODY_LEN.part("body", __AT_BODY_LEN, 1024);
    const __MAX: __mw::usize = __mw::MAX_FRAME;
    const _: () = __mw::pin_at(__AT_ID, 4);
    const _: () = __mw::pin_width(__AT_CODEC, <Codec as __mw::Wire>::WIDTH);
    const __MARK_IS_0: u16 = 0xABCD;
    const __MARK_IS: &[u16] = &[__MARK_IS_0];
    const __KIND_IS_0: u8 = 1;
    const __KIND_IS_1: u8 = 2;
    const __KIND_IS: &[u8] = &[__KIND_IS_0, __KIND_IS_1];
    const __CODEC_IS_0: Codec = Codec::Json;
    const __SHAPE: &__mw::Shape = &__mw::Shape {
        max: __MAX,
        last: __AT_BODY,
        lengths: &[
            __mw::Length::of::<u16>(0, __AT_BODY_LEN, __mw::Cover::of(1, 0, 1), 1),
        ],
        checks: &[],
        ids: &[__mw::IdPlace::of::<u32>(0, __AT_ID)],
    };
    #[automatically_derived]
    #[allow(dead_code)]
    impl<'a> PingView<'a> {
        ///Field `mark`.
        #[inline]
        fn mark(&self) -> u16 {
            __mw::get(self.__head, __AT_MARK)
        }
        ///Field `kind`.
        #[inline]
        pub fn kind(&self) -> u8 {
            __mw::get(self.__head, __AT_KIND)
        }
        ///Field `codec`.
        ///
        /// Fails if its type knows no such value.
        #[inline]
        pub fn codec(&self) -> __mw::Result<Codec, __mw::Error> {
            <Codec as __mw::Wire>::read(self.__raw, self.__head, __AT_CODEC)
        }
        ///Field `id`.
        #[inline]
        pub fn id(&self) -> u32 {
            __mw::get(self.__head, __AT_ID)
        }
        ///Length `body_len`.
        #[inline]
        pub fn body_len(&self) -> u16 {
            __mw::get(self.__head, __AT_BODY_LEN)
        }
        /// What is pinged.
        #[inline]
        pub fn body(&self) -> &'a [__mw::u8] {
            self.body
        }
    }
    #[automatically_derived]
    impl __mw::Command for PingView<'_> {
        #[inline]
        fn kind(&self) -> __mw::MessageKind {
            __mw::kind_of::<
                Ping,
            >(false, __mw::Wire::is(self.__head, __AT_KIND, &__KIND_IS_1))
        }
        #[inline]
        fn id(&self) -> __mw::u64 {
            __mw::Int::pattern(self.id())
        }
        #[inline]
        fn body(&self) -> &[__mw::u8] {
            self.body
        }
        #[inline]
        fn write_headers(&self, _: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            __mw::Ok(())
        }
        #[inline]
        fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
            __mw::Some(self)
        }
    }
    #[automatically_derived]
    impl __mw::Request for PingView<'_> {
        #[inline]
        fn timeout(&self) -> __mw::Timeout {
            __mw::Timeout::Unset
        }
    }
    #[automatically_derived]
    impl PingView<'_> {
        fn __edited(
            &self,
            __edits: &__mw::Edits<'_>,
            __unseen: __mw::usize,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::Result<()> {
            let __view = self;
            let __body_region = __edits.body;
            __mw::Tail::of(__view.__raw, __view.body, __AT_ID, __SHAPE)
                .before(__unseen)
                .write::<u32, u16>(__edits.id, __body_region, __out)
        }
    }
    #[automatically_derived]
    impl __mw::View for PingView<'_> {
        #[inline]
        fn raw(&self) -> &[__mw::u8] {
            self.__raw
        }
        fn id_places(
            &self,
            __place: &mut dyn __mw::FnMut(__mw::usize, &'static __mw::Slot),
        ) {
            if <Ping as __mw::Frame>::PATCHED {
                __place(__mw::place_in(self.__raw, &self.__head[..], __AT_ID), __AT_ID);
            }
        }
        #[inline]
        fn header_block(&self) -> __mw::Option<&[__mw::u8]> {
            __mw::Some(&[])
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
            self.__edited(__edits, __body, __out).is_ok()
        }
    }
    #[automatically_derived]
    impl __mw::Command for Ping {
        #[inline]
        fn kind(&self) -> __mw::MessageKind {
            __mw::kind_of::<Ping>(false, __mw::Wire::same(&self.kind, &__KIND_IS_1))
        }
        #[inline]
        fn id(&self) -> __mw::u64 {
            __mw::Int::pattern(self.id)
        }
        #[inline]
        fn body(&self) -> &[__mw::u8] {
            __mw::Part::region(&self.body)
        }
        #[inline]
        fn write_headers(&self, _: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            __mw::Ok(())
        }
        #[inline]
        fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
            __mw::Some(self)
        }
    }
    #[automatically_derived]
    impl __mw::Request for Ping {
        #[inline]
        fn timeout(&self) -> __mw::Timeout {
            __mw::Timeout::Unset
        }
    }
    #[inline]
    fn __put_values(__frame: &Ping, __head: &mut [__mw::u8; __FIXED]) {
        __mw::Wire::put(__head, __AT_MARK, &__frame.mark);
        __mw::Wire::put(__head, __AT_KIND, &__frame.kind);
        <Codec as __mw::Wire>::put(__head, __AT_CODEC, &__frame.codec);
        __mw::Wire::put(__head, __AT_ID, &__frame.id);
    }
    #[inline]
    fn __kept_to<__T>(
        __frame: &Ping,
        __then: impl ::core::ops::FnOnce() -> __mw::Result<__T>,
    ) -> __mw::Result<__T> {
        if __mw::Wire::is_none_of(&__frame.mark, __MARK_IS) {
            return __mw::Err(
                __mw::Wire::wrong_magic(__AT_MARK, &__frame.mark, __MARK_IS),
            );
        }
        if __mw::Wire::is_none_of(&__frame.kind, __KIND_IS) {
            return __mw::Err(__mw::Wire::wrong_tag(__AT_KIND, &__frame.kind, __KIND_IS));
        }
        __then()
    }
    fn __assembled<__T>(
        __frame: &Ping,
        __then: impl ::core::ops::FnOnce(&__mw::Rewrite<'_>) -> __mw::Result<__T>,
    ) -> __mw::Result<__T> {
        __kept_to(
            __frame,
            || {
                let __body_region = __mw::Part::region(&__frame.body);
                let mut __head = [0; __FIXED];
                __put_values(__frame, &mut __head);
                let _: __mw::Len<u16> = __frame.body_len;
                __then(
                    &__mw::Rewrite::of(
                        __SHAPE,
                        &[
                            __mw::Item::run(&__head[..]),
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
    impl __mw::Message for Ping {
        fn set_id(&mut self, __id: __mw::u64) -> __mw::Result<()> {
            self.id = __mw::narrow_id(__AT_ID, __id)?;
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
                    let __body_region = __mw::Part::region(&self.body);
                    match __mw::Total::new(__FIXED)
                        .add::<u16>(__AT_BODY, __body_region)
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
            let __body_region = __mw::Part::region(&self.body);
            if let __mw::Some(__head) = __mw::head::<__FIXED>(__out) {
                __put_values(self, __head);
                __mw::put_len::<u16>(__head, __AT_BODY, __body_region);
            }
            __out.extend_from_slice(__body_region);
            __mw::Ok(())
        }
    }
    #[automatically_derived]
    impl __mw::Default for Ping {
        fn default() -> Self {
            Self {
                mark: __MARK_IS_0,
                kind: __KIND_IS_0,
                codec: __CODEC_IS_0,
                id: __mw::Bits::ZERO,
                body_len: __mw::Len::COMPUTED,
                body: __mw::Default::default(),
            }
        }
    }
    #[automatically_derived]
    impl __mw::Frame for Ping {
        type View<'a> = PingView<'a>;
        const DIRECTION: __mw::Direction = __mw::Direction::Request;
        const LAYOUT: __mw::Layout = __mw::Layout::new(
                "Ping",
                Self::DIRECTION,
                __FIXED,
                __MAX,
                &[
                    __mw::fixed_field(__AT_MARK).magic(&[43981]),
                    __mw::fixed_field(__AT_KIND).tag(&[1, 2]),
                    __mw::fixed_field(__AT_CODEC).coded(<Codec as __mw::Wire>::ONLY),
                    __mw::fixed_field(__AT_ID).id(),
                    __mw::fixed_field(__AT_BODY_LEN).length(),
                    __mw::part_field(__AT_BODY).body(),
                ],
            )
            .lean(Self::LEAN);
        const FIXED: __mw::usize = __FIXED;
        #[inline]
        fn fits(__bytes: &[__mw::u8]) -> __mw::bool {
            __mw::Wire::holds(__bytes, __AT_MARK, __MARK_IS)
                && __mw::Wire::holds(__bytes, __AT_KIND, __KIND_IS)
        }
        fn detect(__bytes: &[__mw::u8]) -> __mw::Detection {
            let __seen = __mw::Detection::START;
            let __seen = __mw::Wire::magic(__seen, __bytes, __AT_MARK, &__MARK_IS_0);
            __mw::Wire::tag(__seen, __bytes, __AT_KIND, __KIND_IS)
        }
        #[cfg_attr(not(target_family = "wasm"), inline(always))]
        #[cfg_attr(target_family = "wasm", inline)]
        fn scan(__bytes: &[__mw::u8]) -> __mw::Result<PingView<'_>, __mw::Stop> {
            let mut __scan = __mw::Scan::new(__bytes, __MAX);
            let __head = __scan.head::<__FIXED>()?;
            <Codec as __mw::Wire>::known(__bytes, __head, __AT_CODEC)?;
            let __body_region = __scan.part::<u16>(0, __AT_BODY);
            let __raw = __scan.settle()?;
            __mw::Ok(PingView {
                __raw,
                __head,
                body: __mw::region(__raw, __body_region),
            })
        }
        const LEAN: __mw::bool = true;
        const PATCHED: __mw::bool = __mw::IdPlace::are_binary(__SHAPE.ids);
        const REWRITTEN: __mw::bool = true;
        #[inline]
        fn scan_head(
            __bytes: &[__mw::u8],
        ) -> __mw::Result<__mw::Head<PingView<'_>>, __mw::Stop> {
            let mut __scan = __mw::Scan::of_head(__bytes, __MAX);
            let __head = __scan.head::<__FIXED>()?;
            <Codec as __mw::Wire>::known(__bytes, __head, __AT_CODEC)?;
            let __body_region = __scan.part::<u16>(0, __AT_BODY);
            let __body = __body_region.start;
            let __raw = __scan.settle_head(__body)?;
            __mw::Ok(
                __scan
                    .front(
                        PingView {
                            __raw,
                            __head,
                            body: __mw::region(__raw, __body_region),
                        },
                        __body,
                    ),
            )
        }
        fn from_view(
            __view: &PingView<'_>,
            __bytes: &__mw::Bytes,
        ) -> __mw::Result<Self> {
            __mw::Ok(Self {
                mark: __view.mark(),
                kind: __view.kind(),
                codec: __view.codec()?,
                id: __view.id(),
                body_len: __mw::Len::COMPUTED,
                body: __mw::Part::from_region(__view.body, __bytes, __AT_BODY)?,
            })
        }
        fn template(__template: __mw::Template) -> __mw::Option<Self> {
            let _ordinary = __mw::serves::<Self>(__template)?;
            __mw::Some(<Self as __mw::Default>::default())
        }
    }
};
