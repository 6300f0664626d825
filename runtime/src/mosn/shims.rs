//! The exported functions, made in the crate of the protocol so that a library with several of them
//! still links into tests.

/// Exports a plugin to MOSN. Nothing comes of it on other targets than WebAssembly.
#[doc(hidden)]
#[macro_export]
macro_rules! __export {
    ($protocol:ty, $($once:tt)*) => {
        #[cfg(target_family = "wasm")]
        $($once)*

        #[cfg(target_family = "wasm")]
        #[allow(unsafe_code, missing_docs, dead_code)]
        const _: () = {
            use $crate::__private::{i32, u8, u32, u64, usize};

            static PLUGIN: $crate::mosn::Instance<$protocol> = $crate::mosn::Instance::new();

            $crate::__describe!($protocol);

            /// Marks the module as a codec. Never called.
            #[unsafe(no_mangle)]
            extern "C" fn proxy_abi_mosn_version_0_2_0() {}

            /// The host's functions are not there yet, so nothing is done here.
            #[unsafe(no_mangle)]
            extern "C" fn _start() {}

            #[unsafe(no_mangle)]
            extern "C" fn malloc(size: usize) -> *mut u8 {
                $crate::mosn::malloc(size)
            }

            #[unsafe(no_mangle)]
            extern "C" fn proxy_on_context_create(context: u32, parent: u32) {
                PLUGIN.create(context, parent);
            }

            #[unsafe(no_mangle)]
            extern "C" fn proxy_on_vm_start(root: u32, size: usize) -> i32 {
                PLUGIN.start_vm(root, size)
            }

            #[unsafe(no_mangle)]
            extern "C" fn proxy_on_configure(root: u32, size: usize) -> i32 {
                PLUGIN.configure(root, size)
            }

            #[unsafe(no_mangle)]
            extern "C" fn proxy_on_delete(context: u32) {
                PLUGIN.delete(context);
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn proxy_decode_buffer_bytes(
                context: u32,
                data: *mut u8,
                size: usize,
            ) -> i32 {
                // SAFETY: the host has called `malloc(size)` for this block and gives it away.
                unsafe { PLUGIN.decode(context, data, size) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn proxy_encode_buffer_bytes(
                context: u32,
                data: *mut u8,
                size: usize,
            ) -> i32 {
                // SAFETY: the host has called `malloc(size)` for this block and gives it away.
                unsafe { PLUGIN.encode(context, data, size) }
            }

            #[unsafe(no_mangle)]
            extern "C" fn mw_lean_1(_root: u32) -> u32 {
                PLUGIN.lean_offer()
            }

            #[unsafe(no_mangle)]
            extern "C" fn mw_lean_room(size: usize) -> u32 {
                PLUGIN.lean_room(size)
            }

            #[unsafe(no_mangle)]
            extern "C" fn mw_lean_decode(root: u32, len: usize) -> u64 {
                PLUGIN.lean_decode(root, len)
            }

            #[unsafe(no_mangle)]
            extern "C" fn mw_lean_rewrite(_root: u32, len: usize) -> u64 {
                PLUGIN.lean_rewrite(len)
            }

            #[unsafe(no_mangle)]
            extern "C" fn proxy_keepalive_buffer_bytes(context: u32, id: u64) -> i32 {
                PLUGIN.keep_alive(context, id)
            }

            #[unsafe(no_mangle)]
            extern "C" fn proxy_reply_keepalive_buffer_bytes(
                context: u32,
                _data: u32,
                _size: u32,
            ) -> i32 {
                PLUGIN.reply_keep_alive(context)
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn proxy_hijack_buffer_bytes(
                context: u32,
                status: u32,
                data: *mut u8,
                size: usize,
            ) -> i32 {
                // SAFETY: the host has called `malloc(size)` for this block and gives it away.
                unsafe { PLUGIN.hijack(context, status, data, size) }
            }
        };
    };
}
