//! Documents against schemas.

use std::path::{Path, PathBuf};

use serde_json::Value;

/// A folder of one test.
pub(crate) fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("istio")
        .join(name)
}

/// What `schema` has against `document`.
pub(crate) fn complaints(schema: &jsonschema::Validator, document: &Value) -> Vec<String> {
    let errors = schema.iter_errors(document);
    errors
        .map(|error| format!("{}: {error}", error.instance_path()))
        .collect()
}

/// The documents must do, each changed in one of the ways must not.
pub(crate) fn tell_apart(
    schema: &jsonschema::Validator,
    document: &Value,
    wrong: &[(&str, Value)],
) {
    let found = complaints(schema, document);
    assert!(found.is_empty(), "{found:#?} in {document:#}");
    for (pointer, value) in wrong {
        let mut changed = document.clone();
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        let parent = changed.pointer_mut(parent).unwrap();
        // A key of an object may be new.
        if let Value::Object(map) = parent {
            map.insert(key.to_owned(), value.clone());
        } else {
            parent[key.parse::<usize>().unwrap()] = value.clone();
        }
        let found = complaints(schema, &changed);
        assert!(!found.is_empty(), "{pointer} may be {value}");
    }
}
