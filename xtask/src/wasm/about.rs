//! What a meshwire plugin says about itself, in a custom section of its binary.

use std::fmt::Write as _;

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
        let lean = lean(object.get("frames"));
        let options = object
            .into_iter()
            .map(|(key, value)| (key, plain(&value)))
            .chain(lean)
            .collect();
        Ok(Self { protocol, options })
    }

    /// The option `key`, if the plugin has it.
    pub fn option(&self, key: &str) -> Option<&str> {
        let (_, value) = self.options.iter().find(|(name, _)| name == key)?;
        Some(value)
    }
}

/// The frames that MOSN can pass on by their fronts, and why it cannot do so with the others.
fn lean(frames: Option<&Value>) -> Option<(String, String)> {
    let frames = frames?.as_array()?;
    let described: Vec<&Value> = frames.iter().filter(|frame| frame.is_object()).collect();
    let (lean, others): (Vec<&Value>, Vec<&Value>) =
        described.iter().partition(|frame| frame["lean"] == true);
    let lean: Vec<String> = lean.into_iter().map(plain).collect();
    let mut text = match (lean.is_empty(), others.is_empty()) {
        (true, true) => return None,
        (true, false) => "no frame".to_owned(),
        (false, true) => return Some(("lean".to_owned(), "all frames".to_owned())),
        (false, false) => lean.join(", "),
    };
    for (reason, frames) in reasons(&others) {
        let _ = write!(text, "; not {} ({reason})", frames.join(", "));
    }
    Some(("lean".to_owned(), text))
}

/// What some frames need a plugin for, with their names.
fn reasons(frames: &[&Value]) -> Vec<(&'static str, Vec<String>)> {
    let mut all: Vec<(&'static str, Vec<String>)> = Vec::new();
    for frame in frames {
        let reason = reason(frame);
        match all.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, names)) => names.push(plain(frame)),
            None => all.push((reason, vec![plain(frame)])),
        }
    }
    all
}

/// What a frame needs a plugin for.
fn reason(frame: &Value) -> &'static str {
    let fields = frame["fields"].as_array().map(Vec::as_slice);
    let notes = fields.unwrap_or_default().iter();
    let notes: Vec<&Value> = notes.filter_map(|field| field.as_array()?.last()).collect();
    let has = |holds: &dyn Fn(&Value) -> bool| notes.iter().any(|note| holds(note));
    let is_id = |note: &Value| note["role"] == "id" || note["role"] == "id_copy";
    let is_text = |note: &Value| note["content"] == "text" || note["content"] == "bytes";
    let reads = |note: &Value, role: &str| {
        let roles = note["payload"].as_array().map(Vec::as_slice);
        roles.unwrap_or_default().iter().any(|held| held == role)
    };
    if has(&|note| reads(note, "body")) {
        "a payload codec reads its body"
    } else if has(&|note| is_id(note) && is_text(note) || reads(note, "id")) {
        "its id is not a number"
    } else if has(&|note| note["role"] == "length" && !note["varint"].is_null()) {
        "the length of its body has no fixed width"
    } else if has(&|note| note["role"] == "checksum") {
        "it has a checksum"
    } else {
        "it does not end with its body"
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
        assert_eq!(about.option("frames"), Some("A"));
    }

    #[test]
    fn lean_frames_are_named_unless_all_are() {
        let lean = |frames: &str| {
            let section = format!(r#"{{"protocol":"x","frames":{frames}}}"#);
            let about = About::parse(section.as_bytes()).unwrap();
            about.option("lean").map(str::to_owned)
        };
        let one = r#"{"name":"A","lean":true}"#;
        let other =
            r#"{"name":"B","fields":[["kind",0,1],["id",1,4,{"role":"id","content":"bytes"}]]}"#;
        let coded = r#"{"name":"C","fields":[["body","body_len",{"role":"with","payload":["id","body"]}]]}"#;
        let summed = r#"{"name":"D","fields":[["sum",0,4,{"role":"checksum"}]]}"#;
        assert_eq!(lean(&format!("[{one}]")).as_deref(), Some("all frames"));
        assert_eq!(
            lean(&format!("[{one},{other},{other}]")).as_deref(),
            Some("A; not B, B (its id is not a number)")
        );
        assert_eq!(
            lean(&format!("[{coded},{summed}]")).as_deref(),
            Some("no frame; not C (a payload codec reads its body); not D (it has a checksum)")
        );
        let counted = r#"{"name":"E","fields":[["id",0,4],["body_len",4,4,{"role":"length","varint":"none"}]]}"#;
        assert_eq!(
            lean(&format!("[{one},{counted}]")).as_deref(),
            Some("A; not E (the length of its body has no fixed width)")
        );
        assert_eq!(lean(r#"["A"]"#), None);
    }

    #[test]
    fn anything_else_is_refused_with_a_reason() {
        assert!(About::parse(b"").is_err());
        assert!(About::parse(b"[1]").is_err());
        assert!(About::parse(b"{}").unwrap_err().contains("protocol"));
        assert!(About::parse(b"{\"protocol\":\"x\"} {}").is_err());
    }
}
