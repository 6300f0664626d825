///A [`Varying`] over the bytes it came in.
#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
pub struct VaryingView<'a> {
    __raw: &'a [::meshwire::__private::u8],
    __head: &'a [::meshwire::__private::u8; <Varying as ::meshwire::__private::Frame>::FIXED],
    __run_1: &'a [::meshwire::__private::u8],
    __run_2: &'a [::meshwire::__private::u8],
    __run_3: &'a [::meshwire::__private::u8],
    __run_4: &'a [::meshwire::__private::u8],
    __run_5: &'a [::meshwire::__private::u8],
    name: &'a [::meshwire::__private::u8],
    body: &'a [::meshwire::__private::u8],
}
const _: () = {
    use ::meshwire::__private as __mw;
    const __AT_KIND: &__mw::Slot = &__mw::Slot::front::<u8>("Varying", "kind");
    const __FIXED: __mw::usize = __AT_KIND.end();
    const __AT_TOTAL: &__mw::Slot = &__mw::Slot::varint::<
        Varint<u32>,
    >("Varying", "total");
    const __AT_SEQ: &__mw::Slot = &__mw::Slot::varint::<Varint<u32>>("Varying", "seq");
    const __AT_HOP: &__mw::Slot = &__mw::Slot::varint::<Zigzag<i16>>("Varying", "hop");
    const __AT_NAME_LEN: &__mw::Slot = &__mw::Slot::varint::<
        Varint<u16>,
    >("Varying", "name_len");
    const __AT_NAME: &__mw::Slot = &__AT_KIND
        .part("name", __AT_NAME_LEN, <Text as __mw::Part>::MAX);
    const __AT_FLAGS: &__mw::Slot = &__mw::Slot::front::<u8>("Varying", "flags");
    const __SIZE_5: __mw::usize = __AT_FLAGS.end();
    const __AT_BODY: &__mw::Slot = &__mw::Slot::rest(
        "Varying",
        "body",
        <Bytes as __mw::Part>::MAX,
    );
    const __MAX: __mw::usize = __mw::MAX_FRAME;
    const __KIND_IS_0: u8 = 1;
    const __KIND_IS_1: u8 = 2;
    const __KIND_IS: &[u8] = &[__KIND_IS_0, __KIND_IS_1];
    const __SHAPE: &__mw::Shape = &__mw::Shape {
        max: __MAX,
        last: __AT_BODY,
        lengths: &[],
        checks: &[],
        ids: &[],
    };
    #[automatically_derived]
    #[allow(dead_code)]
    impl<'a> VaryingView<'a> {
        ///Field `kind`.
        #[inline]
        pub fn kind(&self) -> u8 {
            __mw::get(self.__head, __AT_KIND)
        }
        ///Length `total`.
        #[inline]
        pub fn total(&self) -> Varint<u32> {
            __mw::get(self.__run_1, __AT_TOTAL)
        }
        ///Field `seq`.
        #[inline]
        pub fn seq(&self) -> Varint<u32> {
            __mw::get(self.__run_2, __AT_SEQ)
        }
        ///Field `hop`.
        #[inline]
        pub fn hop(&self) -> Zigzag<i16> {
            __mw::get(self.__run_3, __AT_HOP)
        }
        ///Length `name_len`.
        #[inline]
        pub fn name_len(&self) -> Varint<u16> {
            __mw::get(self.__run_4, __AT_NAME_LEN)
        }
        ///Part `name`.
        #[inline]
        pub fn name(&self) -> &'a [__mw::u8] {
            self.name
        }
        ///Field `flags`.
        #[inline]
        pub fn flags(&self) -> u8 {
            __mw::get(self.__run_5, __AT_FLAGS)
        }
        ///Part `body`.
        #[inline]
        pub fn body(&self) -> &'a [__mw::u8] {
            self.body
        }
    }
    #[automatically_derived]
    impl __mw::Command for VaryingView<'_> {
        #[inline]
        fn kind(&self) -> __mw::MessageKind {
            __mw::kind_of::<
                Varying,
            >(__mw::Wire::is(self.__head, __AT_KIND, &__KIND_IS_1), false)
        }
        #[inline]
        fn id(&self) -> __mw::u64 {
            __mw::Int::pattern(self.seq())
        }
        #[inline]
        fn body(&self) -> &[__mw::u8] {
            self.body
        }
        #[inline]
        fn write_headers(&self, __out: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            __mw::to_header::<Zigzag<i16>>(__out, "hop", &self.hop());
            __mw::Ok(())
        }
        #[inline]
        fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
            __mw::Some(self)
        }
    }
    #[automatically_derived]
    impl __mw::Request for VaryingView<'_> {
        #[inline]
        fn timeout(&self) -> __mw::Timeout {
            __mw::Timeout::Unset
        }
    }
    #[automatically_derived]
    impl VaryingView<'_> {
        fn __edited(
            &self,
            __edits: &__mw::Edits<'_>,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::Result<()> {
            let __view = self;
            __mw::no_other_headers(__edits.headers, &["hop"], __AT_HOP)?;
            let __hop_header = __mw::from_header::<
                Zigzag<i16>,
            >(__edits.headers, "hop", &__view.hop(), __AT_HOP, false)?;
            let __body_region = __edits.body;
            let __run_2 = __mw::varint_id::<
                Varint<u32>,
            >(__view.__run_2, __AT_SEQ, __edits.id)?;
            let __run_3 = __mw::varint_kept(__view.__run_3, __hop_header);
            let __run_4 = __mw::varint_len::<
                Varint<u16>,
            >(__view.__run_4, __AT_NAME, &[__view.name], 0, 1)?;
            let __run_1 = __mw::varint_len::<
                Varint<u32>,
            >(
                __view.__run_1,
                __AT_TOTAL,
                &[
                    __run_2.bytes(),
                    __run_3.bytes(),
                    __run_4.bytes(),
                    __view.name,
                    &__view.__run_5[..],
                    __body_region.as_deref().unwrap_or(__view.body),
                ],
                __AT_SEQ.at,
                1,
            )?;
            __mw::Rewrite::of(
                    __SHAPE,
                    &[
                        __mw::Item::run(&__view.__head[..]),
                        __mw::Item::run(__run_1.bytes()),
                        __mw::Item::run(__run_2.bytes()),
                        __mw::Item::run(__run_3.bytes()),
                        __mw::Item::run(__run_4.bytes()),
                        __mw::Item::part(__AT_NAME, __view.name),
                        __mw::Item::run(&__view.__run_5[..]),
                        __mw::Item::part(
                            __AT_BODY,
                            __body_region.as_deref().unwrap_or(__view.body),
                        ),
                    ],
                    __edits.id,
                    &[],
                )
                .write(__out)
        }
    }
    #[automatically_derived]
    impl __mw::View for VaryingView<'_> {
        #[inline]
        fn raw(&self) -> &[__mw::u8] {
            self.__raw
        }
        #[inline]
        fn header_block(&self) -> __mw::Option<&[__mw::u8]> {
            __mw::None
        }
        fn rewrite(
            &self,
            __edits: &__mw::Edits<'_>,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::Result<()> {
            self.__edited(__edits, __out)
        }
    }
    #[automatically_derived]
    impl __mw::Command for Varying {
        #[inline]
        fn kind(&self) -> __mw::MessageKind {
            __mw::kind_of::<Varying>(__mw::Wire::same(&self.kind, &__KIND_IS_1), false)
        }
        #[inline]
        fn id(&self) -> __mw::u64 {
            __mw::Int::pattern(self.seq)
        }
        #[inline]
        fn body(&self) -> &[__mw::u8] {
            __mw::Part::region(&self.body)
        }
        #[inline]
        fn write_headers(&self, __out: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            __mw::to_header::<Zigzag<i16>>(__out, "hop", &self.hop);
            __mw::Ok(())
        }
        #[inline]
        fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
            __mw::Some(self)
        }
    }
    #[automatically_derived]
    impl __mw::Request for Varying {
        #[inline]
        fn timeout(&self) -> __mw::Timeout {
            __mw::Timeout::Unset
        }
    }
    #[inline]
    fn __kept_to<__T>(
        __frame: &Varying,
        __then: impl ::core::ops::FnOnce() -> __mw::Result<__T>,
    ) -> __mw::Result<__T> {
        if __mw::Wire::is_none_of(&__frame.kind, __KIND_IS) {
            return __mw::Err(__mw::Wire::wrong_tag(__AT_KIND, &__frame.kind, __KIND_IS));
        }
        __then()
    }
    fn __assembled<__T>(
        __frame: &Varying,
        __then: impl ::core::ops::FnOnce(&__mw::Rewrite<'_>) -> __mw::Result<__T>,
    ) -> __mw::Result<__T> {
        __kept_to(
            __frame,
            || {
                let __name_region = __mw::Part::region(&__frame.name);
                let __body_region = __mw::Part::region(&__frame.body);
                let mut __head = [0; __FIXED];
                __mw::Wire::put(&mut __head, __AT_KIND, &__frame.kind);
                let mut __run_5 = [0; __SIZE_5];
                __mw::Wire::put(&mut __run_5, __AT_FLAGS, &__frame.flags);
                let _: __mw::Len<Varint<u32>> = __frame.total;
                let __run_2 = __mw::varint(__frame.seq);
                let __run_3 = __mw::varint(__frame.hop);
                let _: __mw::Len<Varint<u16>> = __frame.name_len;
                let __run_4 = __mw::varint_len::<
                    Varint<u16>,
                >(&[], __AT_NAME, &[__name_region], 0, 1)?;
                let __run_1 = __mw::varint_len::<
                    Varint<u32>,
                >(
                    &[],
                    __AT_TOTAL,
                    &[
                        __run_2.bytes(),
                        __run_3.bytes(),
                        __run_4.bytes(),
                        __name_region,
                        &__run_5[..],
                        __body_region,
                    ],
                    __AT_SEQ.at,
                    1,
                )?;
                __then(
                    &__mw::Rewrite::of(
                        __SHAPE,
                        &[
                            __mw::Item::run(&__head[..]),
                            __mw::Item::run(__run_1.bytes()),
                            __mw::Item::run(__run_2.bytes()),
                            __mw::Item::run(__run_3.bytes()),
                            __mw::Item::run(__run_4.bytes()),
                            __mw::Item::part(__AT_NAME, __name_region),
                            __mw::Item::run(&__run_5[..]),
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
    impl __mw::Message for Varying {
        fn set_id(&mut self, __id: __mw::u64) -> __mw::Result<()> {
            self.seq = __mw::narrow_id(__AT_SEQ, __id)?;
            __mw::Ok(())
        }
        fn set_headers(&mut self, __headers: __mw::HeaderMap) -> __mw::Result<()> {
            __mw::no_other_headers(
                __mw::Some(__headers.as_headers()),
                &["hop"],
                __AT_HOP,
            )?;
            __mw::set_from_header::<
                Zigzag<i16>,
            >(&__headers, "hop", &mut self.hop, __AT_HOP, false)?;
            __mw::Ok(())
        }
        fn set_body(&mut self, __body: __mw::Bytes) -> __mw::Result<()> {
            self.body = __body;
            __mw::Ok(())
        }
        fn encoded_len(&self) -> __mw::Result<__mw::usize> {
            __assembled(self, |__pieces| __pieces.measure())
        }
        fn encode(&self, __out: &mut __mw::Vec<__mw::u8>) -> __mw::Result<()> {
            __assembled(self, |__pieces| __pieces.write(__out))
        }
    }
    #[automatically_derived]
    impl __mw::Default for Varying {
        fn default() -> Self {
            Self {
                kind: __KIND_IS_0,
                total: __mw::Len::COMPUTED,
                seq: __mw::Bits::ZERO,
                hop: __mw::Bits::ZERO,
                name_len: __mw::Len::COMPUTED,
                name: __mw::Default::default(),
                flags: __mw::Bits::ZERO,
                body: __mw::Default::default(),
            }
        }
    }
    #[automatically_derived]
    impl __mw::Frame for Varying {
        type View<'a> = VaryingView<'a>;
        const DIRECTION: __mw::Direction = __mw::Direction::Request;
        const LAYOUT: __mw::Layout = __mw::Layout::new(
            "Varying",
            Self::DIRECTION,
            __FIXED,
            __MAX,
            &[
                __mw::fixed_field(__AT_KIND).tag(&[1, 2]),
                __mw::varint_field(__AT_TOTAL, false).length().over("seq", "body", 1),
                __mw::varint_field(__AT_SEQ, false).id(),
                __mw::varint_field(__AT_HOP, true).as_header("hop", false),
                __mw::varint_field(__AT_NAME_LEN, false).length(),
                __mw::part_field(__AT_NAME),
                __mw::later_field(5usize, __AT_FLAGS),
                __mw::part_field(__AT_BODY).body(),
            ],
        );
        const FIXED: __mw::usize = __FIXED;
        const HEARTBEAT: __mw::bool = true;
        #[inline]
        fn fits(__bytes: &[__mw::u8]) -> __mw::bool {
            __mw::Wire::holds(__bytes, __AT_KIND, __KIND_IS)
        }
        fn detect(__bytes: &[__mw::u8]) -> __mw::Detection {
            let __seen = __mw::Detection::START;
            __mw::Wire::tag(__seen, __bytes, __AT_KIND, __KIND_IS)
        }
        #[cfg_attr(not(target_family = "wasm"), inline(always))]
        #[cfg_attr(target_family = "wasm", inline)]
        fn scan(__bytes: &[__mw::u8]) -> __mw::Result<VaryingView<'_>, __mw::Stop> {
            let mut __scan = __mw::Scan::new(__bytes, __MAX);
            let __head = __scan.head::<__FIXED>()?;
            let __base_1 = __scan.end();
            let __run_1 = __scan.varint::<Varint<u32>>(__AT_TOTAL)?;
            let __total_start = __scan.end();
            let __total_outer = __scan
                .open::<Varint<u32>>(__base_1, __AT_TOTAL, __total_start, 1, true)?;
            let __base_2 = __scan.end();
            let __run_2 = __scan.varint::<Varint<u32>>(__AT_SEQ)?;
            let __base_3 = __scan.end();
            let __run_3 = __scan.varint::<Zigzag<i16>>(__AT_HOP)?;
            let __base_4 = __scan.end();
            let __run_4 = __scan.varint::<Varint<u16>>(__AT_NAME_LEN)?;
            let __name_region = __scan.part::<Varint<u16>>(__base_4, __AT_NAME);
            let __base_5 = __scan.end();
            let __run_5 = __scan.run::<__SIZE_5>(__AT_FLAGS)?;
            let __body_region = __scan.rest(__AT_BODY, 0)?;
            __scan.close(__total_outer, __base_1, __AT_TOTAL, __total_start)?;
            let __raw = __scan.settle()?;
            __mw::Ok(VaryingView {
                __raw,
                __head,
                __run_1,
                __run_2,
                __run_3,
                __run_4,
                __run_5,
                name: __mw::region(__raw, __name_region),
                body: __mw::region(__raw, __body_region),
            })
        }
        const LEAN: __mw::bool = Self::PATCHED;
        const PATCHED: __mw::bool = false;
        const REWRITTEN: __mw::bool = false;
        #[inline]
        fn scan_head(
            __bytes: &[__mw::u8],
        ) -> __mw::Result<__mw::Head<VaryingView<'_>>, __mw::Stop> {
            let mut __scan = __mw::Scan::of_head(__bytes, __MAX);
            let __head = __scan.head::<__FIXED>()?;
            let __base_1 = __scan.end();
            let __run_1 = __scan.varint::<Varint<u32>>(__AT_TOTAL)?;
            let __total_start = __scan.end();
            let __total_outer = __scan
                .open::<Varint<u32>>(__base_1, __AT_TOTAL, __total_start, 1, true)?;
            let __base_2 = __scan.end();
            let __run_2 = __scan.varint::<Varint<u32>>(__AT_SEQ)?;
            let __base_3 = __scan.end();
            let __run_3 = __scan.varint::<Zigzag<i16>>(__AT_HOP)?;
            let __base_4 = __scan.end();
            let __run_4 = __scan.varint::<Varint<u16>>(__AT_NAME_LEN)?;
            let __name_region = __scan.part::<Varint<u16>>(__base_4, __AT_NAME);
            let __base_5 = __scan.end();
            let __run_5 = __scan.run::<__SIZE_5>(__AT_FLAGS)?;
            let __body_region = __scan.rest(__AT_BODY, 0)?;
            __scan.close(__total_outer, __base_1, __AT_TOTAL, __total_start)?;
            let __body = __body_region.start;
            let __raw = __scan.settle_head(__body)?;
            __mw::Ok(
                __scan
                    .front(
                        VaryingView {
                            __raw,
                            __head,
                            __run_1,
                            __run_2,
                            __run_3,
                            __run_4,
                            __run_5,
                            name: __mw::region(__raw, __name_region),
                            body: __mw::region(__raw, __body_region),
                        },
                        __body,
                    ),
            )
        }
        fn from_view(
            __view: &VaryingView<'_>,
            __bytes: &__mw::Bytes,
        ) -> __mw::Result<Self> {
            __mw::Ok(Self {
                kind: __view.kind(),
                total: __mw::Len::COMPUTED,
                seq: __view.seq(),
                hop: __view.hop(),
                name_len: __mw::Len::COMPUTED,
                name: __mw::Part::from_region(__view.name, __bytes, __AT_NAME)?,
                flags: __view.flags(),
                body: __mw::Part::from_region(__view.body, __bytes, __AT_BODY)?,
            })
        }
        fn template(__template: __mw::Template) -> __mw::Option<Self> {
            let mut __frame = <Self as __mw::Default>::default();
            if __mw::serves::<Self>(__template)? {
                __frame.kind = __KIND_IS_1;
            }
            __mw::Some(__frame)
        }
    }
};
