//! The exported functions, made in the crate of the protocol: one library is one plugin.

/// Exports a plugin to Envoy, as a dynamic module.
#[doc(hidden)]
#[macro_export]
macro_rules! __export {
    ($protocol:ty, $($once:tt)*) => {
        $($once)*

        #[allow(unsafe_code, missing_docs, dead_code)]
        const _: () = {
            use $crate::__private::{bool, u32, u64, usize};
            use $crate::envoy_module::{Buf, IoResult, c_void};

            $crate::__describe!($protocol);

            const _: () = $crate::envoy_module::fit::<$protocol>();

            /// The first that the host calls: the version of the interface.
            #[unsafe(no_mangle)]
            extern "C" fn envoy_dynamic_module_on_program_init() -> *const $crate::envoy_module::c_char {
                // Tools read the description from the file, which leaves out what nothing refers to.
                $crate::envoy_module::keep(&DESCRIPTION);
                $crate::envoy_module::VERSION.as_ptr()
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_network_filter_config_new(envoy: *mut c_void, name: Buf, config: Buf) -> *const c_void {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::network::config_new::<$protocol>(envoy, name, config) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_network_filter_config_destroy(config: *const c_void) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::network::config_destroy::<$protocol>(config) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_network_filter_new(config: *const c_void, envoy: *mut c_void) -> *const c_void {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::network::new::<$protocol>(config, envoy) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_network_filter_destroy(instance: *const c_void) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::network::destroy::<$protocol>(instance) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_network_filter_new_connection(envoy: *mut c_void, instance: *const c_void) -> u32 {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::network::new_connection::<$protocol>(envoy, instance) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_network_filter_read(envoy: *mut c_void, instance: *const c_void, len: usize, end: bool) -> u32 {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::network::read::<$protocol>(envoy, instance, len, end) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_network_filter_write(envoy: *mut c_void, instance: *const c_void, len: usize, end: bool) -> u32 {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::network::write::<$protocol>(envoy, instance, len, end) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_network_filter_event(envoy: *mut c_void, instance: *const c_void, event: u32) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::network::event::<$protocol>(envoy, instance, event) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_network_filter_scheduled(envoy: *mut c_void, instance: *const c_void, event: u64) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::network::scheduled::<$protocol>(envoy, instance, event) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_network_filter_above_write_buffer_high_watermark(envoy: *mut c_void, instance: *const c_void) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::network::watermark::<$protocol>(envoy, instance, true) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_network_filter_below_write_buffer_low_watermark(envoy: *mut c_void, instance: *const c_void) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::network::watermark::<$protocol>(envoy, instance, false) }
            }

            /// Nothing calls out.
            #[unsafe(no_mangle)]
            extern "C" fn envoy_dynamic_module_on_network_filter_http_callout_done() {}

            /// Nothing is scheduled for a configuration.
            #[unsafe(no_mangle)]
            extern "C" fn envoy_dynamic_module_on_network_filter_config_scheduled() {}

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_transport_socket_factory_config_new(_envoy: *mut c_void, name: Buf, config: Buf, upstream: bool) -> *const c_void {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::transport::config_new::<$protocol>(name, config, upstream) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_transport_socket_factory_config_destroy(config: *const c_void) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::transport::config_destroy::<$protocol>(config) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_transport_socket_new(config: *const c_void, _envoy: *mut c_void) -> *const c_void {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::transport::new::<$protocol>(config) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_transport_socket_destroy(instance: *const c_void) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::transport::destroy::<$protocol>(instance) }
            }

            /// The host's object is passed with every call.
            #[unsafe(no_mangle)]
            extern "C" fn envoy_dynamic_module_on_transport_socket_set_callbacks() {}

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_transport_socket_on_connected(envoy: *mut c_void, instance: *const c_void) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::transport::connected::<$protocol>(envoy, instance) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_transport_socket_do_read(envoy: *mut c_void, instance: *const c_void) -> IoResult {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::transport::read::<$protocol>(envoy, instance) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_transport_socket_do_write(envoy: *mut c_void, instance: *const c_void, end: bool) -> IoResult {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::transport::write::<$protocol>(envoy, instance, end) }
            }

            /// What is left of a connection goes with it.
            #[unsafe(no_mangle)]
            extern "C" fn envoy_dynamic_module_on_transport_socket_close() {}

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_transport_socket_get_protocol(_envoy: *mut c_void, _instance: *const c_void, out: *mut Buf) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::transport::protocol(out) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_transport_socket_get_failure_reason(_envoy: *mut c_void, _instance: *const c_void, out: *mut Buf) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::transport::failure_reason(out) }
            }

            #[unsafe(no_mangle)]
            extern "C" fn envoy_dynamic_module_on_transport_socket_can_flush_close() -> bool {
                true
            }

            /// It has no TLS.
            #[unsafe(no_mangle)]
            extern "C" fn envoy_dynamic_module_on_transport_socket_start_secure_transport() -> bool {
                false
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_upstream_http_tcp_bridge_config_new(_envoy: *mut c_void, name: Buf, config: Buf) -> *const c_void {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::upstream::config_new::<$protocol>(name, config) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_upstream_http_tcp_bridge_config_destroy(config: *const c_void) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::upstream::config_destroy::<$protocol>(config) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_upstream_http_tcp_bridge_new(config: *const c_void, _envoy: *mut c_void) -> *const c_void {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::upstream::new::<$protocol>(config) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_upstream_http_tcp_bridge_destroy(instance: *const c_void) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::upstream::destroy::<$protocol>(instance) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_upstream_http_tcp_bridge_encode_headers(envoy: *mut c_void, instance: *const c_void, end: bool) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::upstream::headers::<$protocol>(envoy, instance, end) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_upstream_http_tcp_bridge_encode_data(envoy: *mut c_void, instance: *const c_void, end: bool) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::upstream::data::<$protocol>(envoy, instance, end) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_upstream_http_tcp_bridge_encode_trailers(envoy: *mut c_void, instance: *const c_void) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::upstream::trailers::<$protocol>(envoy, instance) }
            }

            #[unsafe(no_mangle)]
            unsafe extern "C" fn envoy_dynamic_module_on_upstream_http_tcp_bridge_on_upstream_data(envoy: *mut c_void, instance: *const c_void, _end: bool) {
                // SAFETY: the host keeps its interface.
                unsafe { $crate::envoy_module::upstream::response::<$protocol>(envoy, instance) }
            }
        };
    };
}
