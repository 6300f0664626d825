//! The exported functions that the crate of the protocol has to make; the others come with the
//! `proxy-wasm` crate.

/// Exports a plugin to Envoy. Nothing comes of it on other targets than WebAssembly.
#[doc(hidden)]
#[macro_export]
macro_rules! __export {
    ($protocol:ty, $($once:tt)*) => {
        #[cfg(target_family = "wasm")]
        $($once)*

        #[cfg(target_family = "wasm")]
        #[allow(unsafe_code, missing_docs, dead_code)]
        const _: () = {
            $crate::__describe!($protocol);

            /// The first that the host calls.
            #[unsafe(no_mangle)]
            extern "C" fn _initialize() {
                $crate::envoy::start::<$protocol>();
            }
        };
    };
}
