/// Ping.
pub struct Pinger;
::meshwire::__frames! {
    pub Pinger, PingerFrame, PingerView { Ping(Ping), Pong(wire::Pong), }
}
const _: () = {
    use ::meshwire::__private as __mw;
    #[automatically_derived]
    impl __mw::Protocol for Pinger {
        const NAME: &'static __mw::str = "x-ping";
        type Root = ();
        const MAPS_STATUS: __mw::bool = true;
        fn status(__reason: __mw::HostStatus) -> __mw::i64 {
            match __reason.0 {
                200 => (0) as __mw::i64,
                _ => __mw::Coded::code(&(Status::Bad)),
            }
        }
    }
    const _: () = {
        #[allow(unused_imports)]
        use __mw::Underived as _;
        __mw::assert!(
            __mw::Derived:: < Ping > ::WHOLLY,
            "`Ping` lacks a derive: write `#[derive(Frame, Clone, Debug, PartialEq)]`"
        )
    };
    const _: () = {
        #[allow(unused_imports)]
        use __mw::Underived as _;
        __mw::assert!(
            __mw::Derived:: < wire::Pong > ::WHOLLY,
            "`Pong` lacks a derive: write `#[derive(Frame, Clone, Debug, PartialEq)]`"
        )
    };
    const _: () = __mw::pin_distinct(<Pinger as __mw::Codec>::LAYOUTS, 1usize);
    #[automatically_derived]
    impl __mw::KeepAlive for Pinger {
        fn keep_alive(
            _: &__mw::ProtocolContext<'_, Self>,
            _: __mw::u64,
        ) -> __mw::Option<<Self as __mw::Codec>::Frame> {
            __mw::None
        }
        fn reply(
            _: &__mw::ProtocolContext<'_, Self>,
            _: &<Self as __mw::Codec>::View<'_>,
        ) -> __mw::Option<<Self as __mw::Codec>::Frame> {
            __mw::None
        }
    }
    #[automatically_derived]
    impl __mw::Hijacker for Pinger {}
    const _: () = __mw::assert!(
        < Pinger as __mw::Codec > ::RESPONSE || < Pinger as __mw::Codec > ::BY_SIDE,
        "no frame of `Pinger` is a `response`: replies of the host need one"
    );
    const _: () = __mw::assert!(
        ! < Pinger as __mw::Codec > ::BY_SIDE,
        "only their sender distinguishes the responses of `Pinger`: write `hijacker = none`, or `hijacker = custom` with an answer"
    );
    const _: () = __mw::pin_status(<Pinger as __mw::Codec>::LAYOUTS, (0) as __mw::i64);
    #[automatically_derived]
    impl __mw::Callee for Pinger {
        const SERVICE: &'static [&'static __mw::str] = &["to", "svc"];
        const METHOD: &'static [&'static __mw::str] = &[];
    }
    #[automatically_derived]
    impl __mw::Options for Pinger {
        const POOL: __mw::PoolMode = __mw::PoolMode::PingPong;
        const WORKER_POOL: __mw::bool = false;
        const BODY: __mw::BodyMode = __mw::BodyMode::Hidden;
    }
};
::meshwire::__export! {
    Pinger, #[doc(hidden)] #[macro_export] #[allow(non_local_definitions)] macro_rules!
    one_crate_is_one_plugin_so_give_this_protocol_a_crate_of_its_own { () => {}; }
}
