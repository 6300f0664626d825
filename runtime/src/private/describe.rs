//! A protocol as JSON, written by the compiler: tools read it from the artifact, without running it.

use crate::protocol::{Codec, Options, Protocol};
use crate::wire::json::Json;

/// What a module says of itself, in a custom section for tools.
#[doc(hidden)]
#[macro_export]
macro_rules! __describe {
    ($protocol:ty) => {
        #[unsafe(link_section = "meshwire")]
        static DESCRIPTION: [$crate::__private::u8;
            $crate::__private::described_len::<$protocol>()] = $crate::__private::described::<
            $protocol,
            { $crate::__private::described_len::<$protocol>() },
        >();
    };
}

/// Bytes of the description of a protocol.
pub const fn described_len<P: Options>() -> usize {
    describe::<P, 0>().len
}

/// The description of a protocol.
pub const fn described<P: Options, const N: usize>() -> [u8; N] {
    describe::<P, N>().text
}

const fn describe<P: Options, const N: usize>() -> Json<N> {
    let mut json = Json::<N>::new()
        .raw("{\"protocol\":")
        .string(<P as Protocol>::NAME)
        .raw(",\"pool\":")
        .string(P::POOL.name())
        .raw(",\"worker_pool\":")
        .raw(if P::WORKER_POOL { "true" } else { "false" })
        .raw(",\"body\":")
        .string(P::BODY.name())
        .raw(",\"heartbeat\":")
        .raw(if <P as Codec>::HEARTBEAT {
            "true"
        } else {
            "false"
        })
        .raw(",\"frames\":[");
    let layouts = <P as Codec>::LAYOUTS;
    let mut at = 0;
    while at < layouts.len() {
        json = json.comma(at).layout(&layouts[at]);
        at += 1;
    }
    json.raw("]}")
}
