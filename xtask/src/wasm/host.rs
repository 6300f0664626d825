//! The hosts that plugins are built for.

use clap::ValueEnum;

use super::exports::MARKER;
use super::module::Module;
use super::{elf, envoy};

/// A host. One artifact serves one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PluginHost {
    /// MOSN, its `WebAssembly` codecs
    #[default]
    Mosn,
    /// Envoy and Istio, a network filter
    Envoy,
    /// Envoy, call by call: a shared library that it loads, native and without a sandbox
    EnvoyModule,
}

/// What makes a native library a module of Envoy.
pub const MODULE_CFG: &str = "meshwire_host=\"envoy-module\"";

impl PluginHost {
    /// Its name, for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mosn => "MOSN",
            Self::Envoy => "Envoy",
            Self::EnvoyModule => "Envoy, call by call",
        }
    }

    /// As command lines spell it.
    pub const fn arg(self) -> &'static str {
        match self {
            Self::Mosn => "mosn",
            Self::Envoy => "envoy",
            Self::EnvoyModule => "envoy-module",
        }
    }

    /// The arguments of cargo to build a plugin for it, besides [`PluginHost::cfg`].
    pub const fn feature(self) -> &'static [&'static str] {
        match self {
            // It is among the default features.
            Self::Mosn => &[],
            Self::Envoy => &["--features", "meshwire/envoy"],
            Self::EnvoyModule => &["--features", "meshwire/envoy-module"],
        }
    }

    /// The `--cfg` of the compiler: without it a module is for MOSN, whatever the features.
    pub const fn cfg(self) -> &'static [&'static str] {
        match self {
            Self::Mosn => &[],
            Self::Envoy => &["--cfg", "meshwire_host=\"envoy\""],
            Self::EnvoyModule => &["--cfg", MODULE_CFG],
        }
    }

    /// The host that a module is meant for, by its markers; MOSN if it has none.
    pub fn of(bytes: &[u8]) -> Self {
        if elf::is_elf(bytes) {
            return Self::EnvoyModule;
        }
        let module = Module::read(bytes).unwrap_or_default();
        let has = |marker: &&str| module.export(marker).is_some();
        if !has(&MARKER) && envoy::MARKERS.iter().any(has) {
            Self::Envoy
        } else {
            Self::Mosn
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(exports: &str) -> PluginHost {
        PluginHost::of(&wat::parse_str(format!("(module {exports})")).expect(exports))
    }

    #[test]
    fn a_module_is_for_the_host_that_it_names() {
        let envoy = "(func (export \"proxy_abi_version_0_2_1\"))";
        let mosn = "(func (export \"proxy_abi_mosn_version_0_2_0\"))";
        assert_eq!(host(envoy), PluginHost::Envoy);
        assert_eq!(host(mosn), PluginHost::Mosn);
        assert_eq!(host(&format!("{envoy} {mosn}")), PluginHost::Mosn);
        assert_eq!(host(""), PluginHost::Mosn);
        assert_eq!(PluginHost::of(b"no module"), PluginHost::Mosn);
        assert_eq!(PluginHost::of(b"\x7fELF"), PluginHost::EnvoyModule);
    }
}
