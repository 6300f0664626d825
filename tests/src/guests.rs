//! One test on every kind of guest.

/// Runs each function on the native bolt and, with the feature `wasm`, on the `.wasm` of it. The
/// functions are generic over the module: `fn name(module: &impl Module)`.
#[macro_export]
macro_rules! on_every_guest {
    ($($name:ident),* $(,)?) => {
        mod native {
            $(
                #[test]
                fn $name() {
                    super::$name(&::meshwire_testing::emulator::Native::<::bolt::Bolt>::new());
                }
            )*
        }

        #[cfg(feature = "wasm")]
        mod wasm {
            $(
                #[test]
                fn $name() {
                    super::$name(&$crate::artifact::module("bolt"));
                }
            )*
        }
    };
}
