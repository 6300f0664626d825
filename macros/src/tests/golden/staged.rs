///A [`Staged`] over the bytes it came in.
#[derive(::core::clone::Clone, ::core::marker::Copy, ::core::fmt::Debug)]
pub struct StagedView<'a> {
    __raw: &'a [::meshwire::__private::u8],
    __head: &'a [::meshwire::__private::u8; <Staged as ::meshwire::__private::Frame>::FIXED],
    __run_1: &'a [::meshwire::__private::u8],
    __said_metadata: ::meshwire::__private::Metadata,
    method: &'a [::meshwire::__private::u8],
    said: &'a [::meshwire::__private::u8],
}
const _: () = {
    use ::meshwire::__private as __mw;
    const __AT_TOTAL: &__mw::Slot = &__mw::Slot::front::<u16>("Staged", "total");
    const __AT_FLAGS: &__mw::Slot = &__AT_TOTAL
        .then("flags", 1usize, __mw::Endian::Big)
        .of_bits(7u8, 1u8);
    const __AT_SEALED: &__mw::Slot = &__AT_FLAGS.beside("sealed", 1u8);
    const __AT_METHOD_LEN: &__mw::Slot = &__AT_SEALED.next::<u8>("method_len");
    const __AT_SAID_LEN: &__mw::Slot = &__AT_METHOD_LEN.next::<u8>("said_len");
    const __FIXED: __mw::usize = __AT_SAID_LEN.end();
    const __AT_METHOD: &__mw::Slot = &__AT_SAID_LEN
        .part("method", __AT_METHOD_LEN, <Text as __mw::Part>::MAX);
    const __AT_SAID: &__mw::Slot = &__AT_SAID_LEN
        .part("said", __AT_SAID_LEN, <Bytes as __mw::Part>::MAX)
        .with_keys(<Said as __mw::PartCodec>::KEYS);
    const __AT_CRC: &__mw::Slot = &__mw::Slot::first(
        "Staged",
        "crc",
        <Crc32 as __mw::Summed>::WIDTH,
        __mw::Endian::Big,
    );
    const __SIZE_1: __mw::usize = __AT_CRC.end();
    const __MAX: __mw::usize = __mw::MAX_FRAME;
    const _: () = __mw::pin_bits(__AT_FLAGS, <u8 as __mw::Wire>::HOLDS);
    const _: () = __mw::pin_bits(__AT_SEALED, <u8 as __mw::Wire>::HOLDS);
    #[allow(non_camel_case_types)]
    type __said_inputs = <Said as __mw::PartCodec>::Inputs;
    const __SEALED_IS_0: u8 = 1;
    const __SHAPE: &__mw::Shape = &__mw::Shape {
        max: __MAX,
        last: __AT_CRC,
        lengths: &[
            __mw::Length::of::<u8>(0, __AT_METHOD_LEN, __mw::Cover::of(1, 0, 1), 1),
            __mw::Length::of::<u8>(0, __AT_SAID_LEN, __mw::Cover::of(2, 0, 2), 1),
            __mw::Length::of::<
                u16,
            >(0, __AT_TOTAL, __mw::Cover::of(0, __AT_FLAGS.at, 3), 1),
        ],
        checks: &[
            __mw::CheckAt::of(
                3,
                __AT_CRC,
                __mw::Cover::of(0, __AT_TOTAL.at, 2),
                0,
                <Crc32 as __mw::Summed>::COMPUTED,
            ),
        ],
        ids: &[],
    };
    #[automatically_derived]
    #[allow(dead_code)]
    impl<'a> StagedView<'a> {
        ///Length `total`.
        #[inline]
        pub fn total(&self) -> u16 {
            __mw::get(self.__head, __AT_TOTAL)
        }
        ///Field `flags`.
        #[inline]
        pub fn flags(&self) -> u8 {
            __mw::get(self.__head, __AT_FLAGS)
        }
        ///Field `sealed`.
        #[inline]
        pub fn sealed(&self) -> u8 {
            __mw::get(self.__head, __AT_SEALED)
        }
        ///Length `method_len`.
        #[inline]
        pub fn method_len(&self) -> u8 {
            __mw::get(self.__head, __AT_METHOD_LEN)
        }
        ///Length `said_len`.
        #[inline]
        pub fn said_len(&self) -> u8 {
            __mw::get(self.__head, __AT_SAID_LEN)
        }
        ///Part `method`.
        #[inline]
        pub fn method(&self) -> &'a [__mw::u8] {
            self.method
        }
        ///Part `said`.
        #[inline]
        pub fn said(&self) -> &'a [__mw::u8] {
            self.said
        }
        ///Checksum `crc`.
        #[inline]
        pub fn crc(&self) -> <Crc32 as __mw::Summed>::Value {
            __mw::get(self.__run_1, __AT_CRC)
        }
    }
    ::meshwire::__for_conformance! {
        #[automatically_derived] impl StagedView < '_ > { #[doc(hidden)] pub fn
        __regions(& self) -> __mw::Vec < __mw::Region < '_ >> { < __mw::Vec < _ > as
        __mw::From < _ >> ::from([< Said as __mw::PartCodec > ::region("said", self.said,
        __said_inputs { flags : __mw::get:: < u8 > (self.__head, __AT_FLAGS) })]) } }
    }
    #[automatically_derived]
    impl __mw::Command for StagedView<'_> {
        #[inline]
        fn kind(&self) -> __mw::MessageKind {
            __mw::kind_of::<Staged>(false, false)
        }
        #[inline]
        fn id(&self) -> __mw::u64 {
            self.__said_metadata.id()
        }
        fn opaque_id(&self) -> __mw::Option<&[__mw::u8]> {
            self.__said_metadata.opaque_id(self.said)
        }
        #[inline]
        fn body(&self) -> &[__mw::u8] {
            self.__said_metadata.body(self.said)
        }
        #[inline]
        fn write_headers(&self, __out: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            __mw::text_to_header(__out, "method", self.method);
            __mw::Ok(())
        }
        #[inline]
        fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
            __mw::Some(self)
        }
    }
    #[automatically_derived]
    impl __mw::Request for StagedView<'_> {
        #[inline]
        fn timeout(&self) -> __mw::Timeout {
            __mw::Timeout::Unset
        }
    }
    #[automatically_derived]
    impl StagedView<'_> {
        fn __edited(
            &self,
            __edits: &__mw::Edits<'_>,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::Result<()> {
            let __view = self;
            __mw::no_other_headers(__edits.headers, &["method"], __AT_METHOD)?;
            let __method_header = __mw::text_from_header(
                __edits.headers,
                "method",
                __view.method,
                __AT_METHOD,
                false,
            )?;
            let __method_region = __method_header;
            let __said_region = <Said as __mw::PartCodec>::edited_payload(
                __view.__raw,
                __view.said,
                __AT_SAID,
                &__view.__said_metadata,
                __said_inputs {
                    flags: __mw::get::<u8>(__view.__head, __AT_FLAGS),
                },
                &__mw::PayloadEdits {
                    id: __edits.id,
                    opaque: __edits.opaque,
                    status: __mw::None,
                    headers: __mw::None,
                    body: __edits.body,
                    reason: __mw::None,
                },
            )?;
            __mw::Rewrite::of(
                    __SHAPE,
                    &[
                        __mw::Item::run(&__view.__head[..]),
                        __mw::Item::part(
                            __AT_METHOD,
                            __method_region.as_deref().unwrap_or(__view.method),
                        ),
                        __mw::Item::part(
                            __AT_SAID,
                            __said_region.as_deref().unwrap_or(__view.said),
                        ),
                        __mw::Item::run(&__view.__run_1[..]),
                    ],
                    __edits.id,
                    &[],
                )
                .write(__out)
        }
    }
    #[automatically_derived]
    impl __mw::View for StagedView<'_> {
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
    impl __mw::Command for Staged {
        #[inline]
        fn kind(&self) -> __mw::MessageKind {
            __mw::kind_of::<Staged>(false, false)
        }
        #[inline]
        fn id(&self) -> __mw::u64 {
            <Said as __mw::PartCodec>::metadata_of(
                    __mw::Part::region(&self.said),
                    __AT_SAID,
                    __said_inputs { flags: self.flags },
                )
                .id()
        }
        fn opaque_id(&self) -> __mw::Option<&[__mw::u8]> {
            <Said as __mw::PartCodec>::metadata_of(
                    __mw::Part::region(&self.said),
                    __AT_SAID,
                    __said_inputs { flags: self.flags },
                )
                .opaque_id(__mw::Part::region(&self.said))
        }
        #[inline]
        fn body(&self) -> &[__mw::u8] {
            <Said as __mw::PartCodec>::metadata_of(
                    __mw::Part::region(&self.said),
                    __AT_SAID,
                    __said_inputs { flags: self.flags },
                )
                .body(__mw::Part::region(&self.said))
        }
        #[inline]
        fn write_headers(&self, __out: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
            __mw::text_to_header(__out, "method", __mw::Part::region(&self.method));
            __mw::Ok(())
        }
        #[inline]
        fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
            __mw::Some(self)
        }
    }
    #[automatically_derived]
    impl __mw::Request for Staged {
        #[inline]
        fn timeout(&self) -> __mw::Timeout {
            __mw::Timeout::Unset
        }
    }
    #[inline]
    fn __kept_to<__T>(
        __frame: &Staged,
        __then: impl ::core::ops::FnOnce() -> __mw::Result<__T>,
    ) -> __mw::Result<__T> {
        __mw::Wire::fits_bits(__AT_FLAGS, &__frame.flags)?;
        __mw::Wire::fits_bits(__AT_SEALED, &__frame.sealed)?;
        __then()
    }
    fn __assembled<__T>(
        __frame: &Staged,
        __then: impl ::core::ops::FnOnce(&__mw::Rewrite<'_>) -> __mw::Result<__T>,
    ) -> __mw::Result<__T> {
        __kept_to(
            __frame,
            || {
                let __method_region = __mw::Part::region(&__frame.method);
                let __said_region = __mw::Part::region(&__frame.said);
                let mut __head = [0; __FIXED];
                __mw::Wire::put(&mut __head, __AT_FLAGS, &__frame.flags);
                __mw::Wire::put(&mut __head, __AT_SEALED, &__frame.sealed);
                let _: __mw::Len<u16> = __frame.total;
                let _: __mw::Len<u8> = __frame.method_len;
                let _: __mw::Len<u8> = __frame.said_len;
                let __run_1 = [0; __SIZE_1];
                let _: __mw::Check<Crc32> = __frame.crc;
                let __run_1: &[__mw::u8] = if (__mw::Wire::same(
                    &__frame.sealed,
                    &__SEALED_IS_0,
                )) {
                    &__run_1
                } else {
                    &[]
                };
                __then(
                    &__mw::Rewrite::of(
                        __SHAPE,
                        &[
                            __mw::Item::run(&__head[..]),
                            __mw::Item::part(__AT_METHOD, __method_region),
                            __mw::Item::part(__AT_SAID, __said_region),
                            __mw::Item::run(&__run_1[..]),
                        ],
                        __mw::None,
                        &[],
                    ),
                )
            },
        )
    }
    #[automatically_derived]
    impl __mw::Message for Staged {
        fn set_id(&mut self, __id: __mw::u64) -> __mw::Result<()> {
            <Said as __mw::PartCodec>::edit_payload(
                &mut self.said,
                __AT_SAID,
                __said_inputs { flags: self.flags },
                &__mw::PayloadEdits {
                    id: __mw::Some(__id),
                    ..__mw::Default::default()
                },
            )?;
            __mw::Ok(())
        }
        fn set_opaque_id(&mut self, __id: &[__mw::u8]) -> __mw::Result<()> {
            <Said as __mw::PartCodec>::edit_payload(
                &mut self.said,
                __AT_SAID,
                __said_inputs { flags: self.flags },
                &__mw::PayloadEdits {
                    opaque: __mw::Some(__id),
                    ..__mw::Default::default()
                },
            )?;
            __mw::Ok(())
        }
        fn set_headers(&mut self, __headers: __mw::HeaderMap) -> __mw::Result<()> {
            __mw::no_other_headers(
                __mw::Some(__headers.as_headers()),
                &["method"],
                __AT_METHOD,
            )?;
            __mw::set_text_from_header(
                &__headers,
                "method",
                &mut self.method,
                __AT_METHOD,
                false,
            )?;
            __mw::Ok(())
        }
        fn set_body(&mut self, __body: __mw::Bytes) -> __mw::Result<()> {
            <Said as __mw::PartCodec>::edit_payload(
                &mut self.said,
                __AT_SAID,
                __said_inputs { flags: self.flags },
                &__mw::PayloadEdits {
                    body: __mw::Some(&__body),
                    ..__mw::Default::default()
                },
            )?;
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
    impl __mw::Default for Staged {
        fn default() -> Self {
            Self {
                total: __mw::Len::COMPUTED,
                flags: __mw::Bits::ZERO,
                sealed: __mw::Bits::ZERO,
                method_len: __mw::Len::COMPUTED,
                said_len: __mw::Len::COMPUTED,
                method: __mw::Default::default(),
                said: __mw::Default::default(),
                crc: __mw::Check::COMPUTED,
            }
        }
    }
    #[automatically_derived]
    impl __mw::Frame for Staged {
        type View<'a> = StagedView<'a>;
        const DIRECTION: __mw::Direction = __mw::Direction::Request;
        const LAYOUT: __mw::Layout = __mw::Layout::new(
            "Staged",
            Self::DIRECTION,
            __FIXED,
            __MAX,
            &[
                __mw::fixed_field(__AT_TOTAL).length().over("flags", "crc", 1),
                __mw::fixed_field(__AT_FLAGS),
                __mw::fixed_field(__AT_SEALED),
                __mw::fixed_field(__AT_METHOD_LEN).length(),
                __mw::fixed_field(__AT_SAID_LEN).length(),
                __mw::part_field(__AT_METHOD).as_header("method", false),
                __mw::part_field(__AT_SAID)
                    .payload()
                    .payload_roles(&[__mw::FieldRole::Id, __mw::FieldRole::Body]),
                __mw::later_field(1usize, __AT_CRC)
                    .checksum()
                    .over("total", "said", 1)
                    .when(&[__mw::Condition::new("sealed", &[1])]),
            ],
        );
        const FIXED: __mw::usize = __FIXED;
        const OPAQUE: __mw::bool = <Said as __mw::PartCodec>::HAS_OPAQUE_ID;
        const LARGEST_ID: __mw::u64 = __mw::least(
            &[Self::LAYOUT.largest_id(), <Said as __mw::PartCodec>::LARGEST_ID],
        );
        #[inline]
        fn fits(_: &[__mw::u8]) -> __mw::bool {
            true
        }
        fn detect(_: &[__mw::u8]) -> __mw::Detection {
            __mw::Detection::START
        }
        #[cfg_attr(not(target_family = "wasm"), inline(always))]
        #[cfg_attr(target_family = "wasm", inline)]
        fn scan(__bytes: &[__mw::u8]) -> __mw::Result<StagedView<'_>, __mw::Stop> {
            let mut __scan = __mw::Scan::new(__bytes, __MAX);
            let __head = __scan.head::<__FIXED>()?;
            let __total_start = __AT_FLAGS.at;
            let __total_outer = __scan
                .open::<u16>(0, __AT_TOTAL, __total_start, 1, true)?;
            let __method_region = __scan.part::<u8>(0, __AT_METHOD);
            let __said_region = __scan.part::<u8>(0, __AT_SAID);
            let __base_1 = __scan.end();
            let __run_1 = __scan
                .run_if::<
                    __SIZE_1,
                >((__mw::Wire::is(__head, __AT_SEALED, &__SEALED_IS_0)), __AT_CRC)?;
            __scan.close(__total_outer, 0, __AT_TOTAL, __total_start)?;
            let __raw = __scan.settle()?;
            <Crc32 as __mw::Summed>::verify(
                __raw,
                __run_1,
                __AT_CRC,
                0 + __AT_TOTAL.at..__said_region.end,
            )?;
            let __said_metadata = <Said as __mw::PartCodec>::decode_metadata(
                __raw,
                __mw::region(__raw, __said_region.start..__said_region.end),
                __AT_SAID,
                __said_inputs {
                    flags: __mw::get::<u8>(__head, __AT_FLAGS),
                },
            )?;
            __mw::Ok(StagedView {
                __raw,
                __head,
                __run_1,
                __said_metadata,
                method: __mw::region(__raw, __method_region),
                said: __mw::region(__raw, __said_region),
            })
        }
        fn from_view(
            __view: &StagedView<'_>,
            __bytes: &__mw::Bytes,
        ) -> __mw::Result<Self> {
            __mw::Ok(Self {
                total: __mw::Len::COMPUTED,
                flags: __view.flags(),
                sealed: __view.sealed(),
                method_len: __mw::Len::COMPUTED,
                said_len: __mw::Len::COMPUTED,
                method: __mw::Part::from_region(__view.method, __bytes, __AT_METHOD)?,
                said: __mw::Part::from_region(__view.said, __bytes, __AT_SAID)?,
                crc: __mw::Check::COMPUTED,
            })
        }
        fn template(__template: __mw::Template) -> __mw::Option<Self> {
            let _ordinary = __mw::serves::<Self>(__template)?;
            let mut __frame = <Self as __mw::Default>::default();
            __frame.said = <Said as __mw::PartCodec>::region_for(
                __template,
                __said_inputs {
                    flags: __frame.flags,
                },
            )?;
            __mw::Some(__frame)
        }
        fn answer(
            __template: __mw::Template,
            __request: &Self::View<'_>,
        ) -> __mw::Option<Self> {
            let mut __frame = <Self as __mw::Frame>::template(__template)?;
            __frame.said = <Said as __mw::PartCodec>::answer_for(
                __template,
                __said_inputs {
                    flags: __frame.flags,
                },
                __request.said(),
            )?;
            __mw::Some(__frame)
        }
    }
};
