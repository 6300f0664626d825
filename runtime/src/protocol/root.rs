//! The plugin as a whole: start, configuration, end.

use super::{ConfigError, ConfigMap, Logger};

/// What a plugin keeps for as long as it runs, made from its configuration. Name yours with
/// `#[protocol(root = …)]`.
///
/// The default value is what the plugin works with when the configuration is refused: hosts log the
/// refusal and go on.
pub trait RootContext: Default + 'static {
    /// The virtual machine has started; `vm` is its configuration.
    fn start_vm(vm: &ConfigMap, log: Logger<'_>) -> Result<(), ConfigError> {
        let _ = (vm, log);
        Ok(())
    }

    /// The plugin starts, or is configured again; `config` is its configuration.
    fn start_plugin(config: &ConfigMap, log: Logger<'_>) -> Result<Self, ConfigError>;

    /// The plugin is about to end. MOSN ends its plugins without a word.
    fn done(&mut self, log: Logger<'_>) {
        let _ = log;
    }
}

impl RootContext for () {
    fn start_plugin(_: &ConfigMap, _: Logger<'_>) -> Result<Self, ConfigError> {
        Ok(())
    }
}
