//! The plugin as a whole: start, configuration, end.

use super::{ConfigError, ConfigMap, Logger};

/// The state of a plugin while it runs, made from its configuration. Name yours with
/// `#[protocol(root = …)]`.
///
/// If the configuration is rejected, the plugin uses the default value: hosts log the
/// error and continue.
pub trait RootContext: Default + 'static {
    /// The virtual machine has started; `vm` is its configuration.
    fn start_vm(vm: &ConfigMap, log: Logger<'_>) -> Result<(), ConfigError> {
        let _ = (vm, log);
        Ok(())
    }

    /// The plugin starts, or is configured again; `config` is its configuration.
    fn start_plugin(config: &ConfigMap, log: Logger<'_>) -> Result<Self, ConfigError>;

    /// The plugin is about to end. MOSN does not announce it.
    fn done(&mut self, log: Logger<'_>) {
        let _ = log;
    }
}

impl RootContext for () {
    fn start_plugin(_: &ConfigMap, _: Logger<'_>) -> Result<Self, ConfigError> {
        Ok(())
    }
}
