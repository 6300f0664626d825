//! The settings that every plugin has, whatever its protocol.

use crate::command::{MessageKind, Timeout};
use crate::protocol::{BodyMode, ConfigError, ConfigMap, Options};

/// The settings that every plugin understands.
///
/// | key | values | default |
/// | --- | --- | --- |
/// | `body` | `visible`, `hidden` | what the protocol declares |
/// | `max_frame` | bytes, at least 1 | what the layouts declare; it can only lower them |
/// | `max_contexts` | frames kept at a time, at least 1 | 4096 |
/// | `max_context_bytes` | bytes of frames kept at a time | 64 MiB |
/// | `max_deleted` | requests kept after the host has deleted them, at least 1, of 8 MiB at most: a retry sends such a one | 4096 |
/// | `no_timeout` | `never`: such a call may wait without end; `route`: the host's own timeout holds | `never` |
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// Whether the host sees bodies.
    pub body: BodyMode,
    /// The largest frame that is accepted, in bytes.
    pub max_frame: usize,
    /// The most frames that are kept for a later encode.
    pub max_contexts: usize,
    /// The most bytes that the kept frames may have.
    pub max_context_bytes: usize,
    /// The most requests that are kept after the host has deleted them. When there are more, half of
    /// them are forgotten; a retry of one that is forgotten goes out with the protocol's defaults.
    pub max_deleted: usize,
    /// The timeout reported to the host for a frame whose caller waits forever.
    pub no_timeout: NoTimeout,
}

/// What "no timeout" on the wire means to the host.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NoTimeout {
    /// The host waits without end, as the caller does.
    #[default]
    Never,
    /// The timeout of the route, or the host's default, holds.
    Route,
}

impl Settings {
    /// The defaults.
    pub const fn new<P: Options>() -> Self {
        Self {
            body: P::BODY,
            max_frame: usize::MAX,
            max_contexts: 4096,
            max_context_bytes: 64 * 1024 * 1024,
            max_deleted: 4096,
            no_timeout: NoTimeout::Never,
        }
    }

    /// These settings, with what a plugin configuration says.
    pub fn with(self, config: &ConfigMap) -> Result<Self, ConfigError> {
        let bodies = [BodyMode::Visible, BodyMode::Hidden];
        let body = config.chosen("body", &bodies.map(BodyMode::name))?;
        let timeouts = [NoTimeout::Never, NoTimeout::Route];
        let no_timeout = config.chosen("no_timeout", &["never", "route"])?;
        let mut settings = Self {
            body: pick(body, bodies, self.body),
            no_timeout: pick(no_timeout, timeouts, self.no_timeout),
            ..self
        };
        let numbers = [
            ("max_frame", 1, &mut settings.max_frame),
            ("max_contexts", 1, &mut settings.max_contexts),
            ("max_context_bytes", 0, &mut settings.max_context_bytes),
            ("max_deleted", 1, &mut settings.max_deleted),
        ];
        for (key, least, number) in numbers {
            match config.number(key)? {
                Some(value) if value < least => {
                    return Err(ConfigError::new(key, "must be at least 1"));
                }
                Some(value) => *number = value,
                None => {}
            }
        }
        Ok(settings)
    }

    /// Milliseconds as the host reads them: 0 leaves the timeout to the route, a negative number
    /// switches it off.
    pub(super) fn timeout(&self, kind: MessageKind, timeout: Timeout) -> u32 {
        match (timeout, kind, self.no_timeout) {
            (Timeout::Millis(millis), _, _) => millis,
            // The host waits for the answer to a one-way request too, so it must give up some day.
            (Timeout::Never, MessageKind::Request, NoTimeout::Never) => u32::MAX,
            (Timeout::Unset | Timeout::Never, _, _) => 0,
        }
    }
}

fn pick<T: Copy>(chosen: Option<usize>, choices: [T; 2], default: T) -> T {
    let choice = chosen.and_then(|at| choices.get(at).copied());
    choice.unwrap_or(default)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: Settings = Settings {
        body: BodyMode::Visible,
        max_frame: usize::MAX,
        max_contexts: 1,
        max_context_bytes: 1,
        max_deleted: 1,
        no_timeout: NoTimeout::Never,
    };

    #[test]
    fn no_timeout_is_a_negative_number_to_the_host() {
        assert_eq!(
            DEFAULT.timeout(MessageKind::Request, Timeout::Never),
            u32::MAX
        );
        assert_eq!(DEFAULT.timeout(MessageKind::Request, Timeout::Unset), 0);
        assert_eq!(
            DEFAULT.timeout(MessageKind::Request, Timeout::Millis(3000)),
            3000
        );
        let route = Settings {
            no_timeout: NoTimeout::Route,
            ..DEFAULT
        };
        assert_eq!(route.timeout(MessageKind::Request, Timeout::Never), 0);
    }

    #[test]
    fn a_one_way_request_never_makes_the_host_wait_without_end() {
        assert_eq!(DEFAULT.timeout(MessageKind::OneWay, Timeout::Never), 0);
        assert_eq!(
            DEFAULT.timeout(MessageKind::OneWay, Timeout::Millis(50)),
            50
        );
    }
}
