const _: () = {
    use ::meshwire::__private as __mw;
    #[automatically_derived]
    impl __mw::Fixed for Codec {
        type Bits = u8;
        #[inline]
        fn from_bits(__bits: u8) -> __mw::Option<Self> {
            __mw::Some(
                match __bits {
                    1 => Self::Hessian,
                    12 => Self::Json,
                    __bits if __bits == (BASE + 3) => Self::Raw,
                    __other => Self::Other(__other),
                },
            )
        }
        #[inline]
        fn bits(&self) -> u8 {
            match *self {
                Self::Hessian => 1,
                Self::Json => 12,
                Self::Raw => BASE + 3,
                Self::Other(__other) => __other,
            }
        }
    }
};
