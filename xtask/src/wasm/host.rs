//! The hosts that plugins are built for.

use clap::ValueEnum;

use super::envoy;
use super::exports::MARKER;
use super::module::Module;

/// A host. One artifact serves one of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum PluginHost {
    /// MOSN, its `WebAssembly` codecs
    #[default]
    Mosn,
    /// Envoy and Istio, a network filter
    Envoy,
}

impl PluginHost {
    /// Its name, for people.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mosn => "MOSN",
            Self::Envoy => "Envoy",
        }
    }

    /// As command lines spell it.
    pub const fn arg(self) -> &'static str {
        match self {
            Self::Mosn => "mosn",
            Self::Envoy => "envoy",
        }
    }

    /// The arguments of cargo to build a plugin for it, besides [`PluginHost::cfg`].
    pub const fn feature(self) -> &'static [&'static str] {
        match self {
            // It is among the default features.
            Self::Mosn => &[],
            Self::Envoy => &["--features", "meshwire/envoy"],
        }
    }

    /// The `--cfg` of the compiler: without it a module is for MOSN, whatever the features.
    pub const fn cfg(self) -> &'static [&'static str] {
        match self {
            Self::Mosn => &[],
            Self::Envoy => &["--cfg", "meshwire_host=\"envoy\""],
        }
    }

    /// The host that a module is meant for, by its markers; MOSN if it has none.
    pub fn of(bytes: &[u8]) -> Self {
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
    }
}
