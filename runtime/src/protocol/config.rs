//! The configuration that a host passes to its plugin.

use core::fmt;
use core::str::FromStr;

/// A configuration: names and values, all of them text. Hosts pass their own settings in it too,
/// such as the protocol's name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConfigMap {
    entries: Vec<(String, String)>,
}

impl ConfigMap {
    /// A configuration without entries.
    pub const fn new() -> Self {
        Self {
            entries: Vec::new(),
        }
    }

    /// Adds an entry, unless the key is there already.
    pub(crate) fn add(&mut self, key: String, value: String) {
        if self.get(&key).is_none() {
            self.entries.push((key, value));
        }
    }

    /// The value of `key` as text.
    pub fn get(&self, key: &str) -> Option<&str> {
        self.iter()
            .find(|(found, _)| *found == key)
            .map(|(_, value)| value)
    }

    /// The value of `key` as a `T`; `None` if there is no such key, an error that names the key if
    /// the value is not one.
    pub fn parse<T: FromStr>(&self, key: &'static str) -> Result<Option<T>, ConfigError> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        match value.parse() {
            Ok(value) => Ok(Some(value)),
            Err(_) => Err(refused(key, value, "not a", &[type_name::<T>()])),
        }
    }

    /// The same as `parse::<usize>`, for the settings of every plugin: without what `core` has for every
    /// sign and base.
    #[cfg(feature = "mosn")]
    pub(crate) fn number(&self, key: &'static str) -> Result<Option<usize>, ConfigError> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let digits = value.strip_prefix('+').unwrap_or(value).bytes();
        let start = (digits.len() > 0).then_some(0_usize);
        let number = digits.fold(start, |number, byte| {
            let digit = byte.wrapping_sub(b'0');
            let number = number.filter(|_| digit < 10)?.checked_mul(10)?;
            number.checked_add(usize::from(digit))
        });
        match number {
            Some(_) => Ok(number),
            None => Err(refused(key, value, "not a", &["usize"])),
        }
    }

    /// The value of `key` as a `T`; an error that names the key if it is missing or not one.
    pub fn required<T: FromStr>(&self, key: &'static str) -> Result<T, ConfigError> {
        self.parse(key)?
            .ok_or_else(|| ConfigError::new(key, "is missing"))
    }

    /// Which of `choices` the value of `key` names; `None` if there is no such key.
    pub fn choice<T: Copy>(
        &self,
        key: &'static str,
        choices: &[(&str, T)],
    ) -> Result<Option<T>, ConfigError> {
        let names: Vec<&str> = choices.iter().map(|(name, _)| *name).collect();
        let chosen = self.chosen(key, &names)?;
        Ok(chosen.and_then(|at| choices.get(at).map(|(_, choice)| *choice)))
    }

    /// The place of the name that is the value of `key`. A plugin has this code once.
    #[inline(never)]
    pub(crate) fn chosen(
        &self,
        key: &'static str,
        names: &[&str],
    ) -> Result<Option<usize>, ConfigError> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let chosen = names.iter().position(|name| *name == value);
        match chosen {
            Some(_) => Ok(chosen),
            None => Err(refused(key, value, "not one of", names)),
        }
    }

    /// The entries, in the order of the host, which may be any.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
    }
}

/// What to say of a value that is no `wanted` one.
#[cold]
#[inline(never)]
fn refused(key: &'static str, value: &str, what: &str, wanted: &[&str]) -> ConfigError {
    let mut reason = String::new();
    for part in ["`", value, "` is ", what] {
        add(&mut reason, part);
    }
    let mut mark = " `";
    for name in wanted {
        for part in [mark, name, "`"] {
            add(&mut reason, part);
        }
        mark = ", `";
    }
    ConfigError { key, reason }
}

/// Appends to a text. A plugin has this code once.
#[inline(never)]
fn add(text: &mut String, part: &str) {
    text.push_str(part);
}

/// The last word of a type's name: `u32`, not `core::primitive::u32`.
fn type_name<T>() -> &'static str {
    let name = core::any::type_name::<T>();
    let word = name
        .bytes()
        .rposition(|byte| byte == b':')
        .map_or(0, |colon| colon + 1);
    name.get(word..).unwrap_or(name)
}

impl<K: Into<String>, V: Into<String>> FromIterator<(K, V)> for ConfigMap {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(entries: I) -> Self {
        let mut map = Self::new();
        for (key, value) in entries {
            map.add(key.into(), value.into());
        }
        map
    }
}

/// Why a configuration is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConfigError {
    /// The key whose value is wrong or missing.
    pub key: &'static str,
    /// What is wrong.
    pub reason: String,
}

impl ConfigError {
    /// An error in the value of `key`.
    pub fn new(key: &'static str, reason: impl Into<String>) -> Self {
        Self {
            key,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("configuration key `")?;
        f.write_str(self.key)?;
        f.write_str("`: ")?;
        f.write_str(&self.reason)
    }
}

impl core::error::Error for ConfigError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_typed_and_errors_name_the_key() {
        let map: ConfigMap = [("max_frame", "1024"), ("body", "hiden"), ("limit", "-1")]
            .into_iter()
            .collect();
        assert_eq!(map.parse("max_frame"), Ok(Some(1024_u32)));
        assert_eq!(map.parse::<u32>("absent"), Ok(None));
        assert_eq!(
            map.parse::<u32>("limit").unwrap_err().to_string(),
            "configuration key `limit`: `-1` is not a `u32`"
        );
        assert_eq!(
            map.required::<u8>("absent").unwrap_err().to_string(),
            "configuration key `absent`: is missing"
        );
        let error = map
            .choice("body", &[("visible", 0), ("hidden", 1)])
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            "configuration key `body`: `hiden` is not one of `visible`, `hidden`"
        );
    }
}
