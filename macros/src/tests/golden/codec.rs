const _: () = {
    use ::meshwire::__private as __mw;
    #[allow(overflowing_literals)]
    const __CODE_0: u8 = 1;
    #[allow(overflowing_literals)]
    const __CODE_1: u8 = 12;
    #[allow(overflowing_literals)]
    const __CODE_2: u8 = BASE + 3;
    #[automatically_derived]
    impl __mw::Fixed for Codec {
        type Bits = u8;
        const CODES: &'static [(&'static __mw::str, __mw::u64)] = &[
            ("Hessian", __CODE_0 as __mw::u8 as __mw::u64),
            ("Json", __CODE_1 as __mw::u8 as __mw::u64),
            ("Raw", __CODE_2 as __mw::u8 as __mw::u64),
        ];
        const OPEN: __mw::bool = true;
        #[inline]
        fn from_bits(__bits: u8) -> __mw::Option<Self> {
            __mw::Some(
                match __bits {
                    __CODE_0 => Self::Hessian,
                    __CODE_1 => Self::Json,
                    __CODE_2 => Self::Raw,
                    __other => Self::Other(__other),
                },
            )
        }
        #[inline]
        fn bits(&self) -> u8 {
            match *self {
                Self::Hessian => __CODE_0,
                Self::Json => __CODE_1,
                Self::Raw => __CODE_2,
                Self::Other(__other) => __other,
            }
        }
    }
    #[automatically_derived]
    impl __mw::HeaderField for Codec {
        type Buffer = __mw::Digits;
        fn to_header<'__s>(
            &'__s self,
            __buffer: &'__s mut __mw::Digits,
        ) -> &'__s [__mw::u8] {
            __mw::code_to_header(self, __buffer)
        }
        fn from_header(__value: &[__mw::u8]) -> __mw::Result<Self, __mw::Reason> {
            __mw::code_from_header(__value)
        }
    }
};
