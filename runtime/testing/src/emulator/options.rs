//! What the host is configured with.

use meshwire::protocol::ConfigMap;

/// How many instances there are, which contexts, which configurations.
#[derive(Clone, Debug)]
pub struct Options {
    pub(super) root: u32,
    pub(super) first_context: u32,
    pub(super) instances: usize,
    pub(super) vm: Vec<(String, String)>,
    pub(super) plugin: Vec<(String, String)>,
}

impl Options {
    /// One instance, root context 1 and, as on a host that has just started, 1 as the first stream
    /// context; the configuration that a host sends at least.
    pub fn new() -> Self {
        let own = |pairs: &[(&str, &str)]| {
            pairs
                .iter()
                .map(|(key, value)| (key.to_string(), value.to_string()))
                .collect()
        };
        Self {
            root: 1,
            first_context: 1,
            instances: 1,
            vm: own(&[
                ("Engine", "wasmer"),
                ("Path", "plugin.wasm"),
                ("Url", ""),
                ("Md5", ""),
            ]),
            plugin: own(&[("from_wasm_plugin", "plugin")]),
        }
    }

    /// The id of the root context.
    #[must_use]
    pub const fn root(mut self, id: u32) -> Self {
        self.root = id;
        self
    }

    /// The id of the first stream context; later ones count up from it.
    #[must_use]
    pub const fn first_context(mut self, id: u32) -> Self {
        self.first_context = id;
        self
    }

    /// How many instances take turns; at least 1.
    #[must_use]
    pub fn instances(mut self, count: usize) -> Self {
        self.instances = count.max(1);
        self
    }

    /// An entry of the virtual machine's configuration.
    #[must_use]
    pub fn vm(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        set(&mut self.vm, key.into(), value.into());
        self
    }

    /// An entry of the plugin's configuration.
    #[must_use]
    pub fn plugin(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        set(&mut self.plugin, key.into(), value.into());
        self
    }

    pub(super) fn configs(&self) -> (ConfigMap, ConfigMap) {
        (
            self.vm.iter().cloned().collect(),
            self.plugin.iter().cloned().collect(),
        )
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

fn set(entries: &mut Vec<(String, String)>, key: String, value: String) {
    entries.retain(|(found, _)| *found != key);
    entries.push((key, value));
}
