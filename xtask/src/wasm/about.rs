//! What a meshwire plugin says about itself, in a custom section of its binary.

use serde_json::{Map, Value};

/// The name of the section; its content is one JSON object.
pub const SECTION: &str = "meshwire";

/// The protocol of a plugin and its options.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The name MOSN's configuration calls the protocol by.
    pub protocol: String,
    /// Everything else, ready to print.
    pub options: Vec<(String, String)>,
}

impl About {
    /// Reads the content of the section.
    ///
    /// # Errors
    /// With the reason, if it is no JSON object with a string `protocol`.
    pub fn parse(section: &[u8]) -> Result<Self, String> {
        let mut object: Map<String, Value> =
            serde_json::from_slice(section).map_err(|error| error.to_string())?;
        let Some(Value::String(protocol)) = object.remove("protocol") else {
            return Err("no string `protocol`".to_owned());
        };
        let options = object
            .into_iter()
            .map(|(key, value)| (key, plain(&value)))
            .collect();
        Ok(Self { protocol, options })
    }

    /// The option `key`, if the plugin has it.
    pub fn option(&self, key: &str) -> Option<&str> {
        let (_, value) = self.options.iter().find(|(name, _)| name == key)?;
        Some(value)
    }
}

/// A value as a person would write it in a sentence.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => {
            let items: Vec<String> = items.iter().map(plain).collect();
            items.join(", ")
        }
        Value::Object(object) => match object.get("name") {
            Some(Value::String(name)) => name.clone(),
            _ => value.to_string(),
        },
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_keep_their_names() {
        let about = About::parse(
            br#"{"protocol":"x-bolt","pool":"multiplex","frames":["BoltRequest","BoltResponse"],"worker_pool":true}"#,
        )
        .unwrap();
        assert_eq!(about.protocol, "x-bolt");
        let frames = ("frames".to_owned(), "BoltRequest, BoltResponse".to_owned());
        assert!(about.options.contains(&frames));
        assert_eq!(about.option("worker_pool"), Some("true"));
        assert_eq!(about.option("body"), None);
    }

    #[test]
    fn frames_may_be_objects_with_a_name() {
        let about = About::parse(br#"{"protocol":"x","frames":[{"name":"A","size":22}]}"#).unwrap();
        assert_eq!(about.options, [("frames".to_owned(), "A".to_owned())]);
    }

    #[test]
    fn anything_else_is_refused_with_a_reason() {
        assert!(About::parse(b"").is_err());
        assert!(About::parse(b"[1]").is_err());
        assert!(About::parse(b"{}").unwrap_err().contains("protocol"));
        assert!(About::parse(b"{\"protocol\":\"x\"} {}").is_err());
    }
}
