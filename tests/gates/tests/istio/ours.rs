//! Against our own schemas. They say what the references do:
//! <https://istio.io/latest/docs/reference/config/proxy_extensions/wasm-plugin/>,
//! <https://istio.io/latest/docs/reference/config/networking/envoy-filter/>, and
//! <https://github.com/opencontainers/image-spec/tree/v1.1.1>; no more than we use of the last three.

use jsonschema::Validator;
use serde_json::Value;

use crate::image::{self, Layout};
use crate::resources;
use crate::schema::tell_apart;

const PLUGIN: &str = include_str!("schemas/wasm_plugin.json");
const FILTER: &str = include_str!("schemas/envoy_filter.json");
const LAYOUT: &str = include_str!("schemas/oci_layout.json");
const INDEX: &str = include_str!("schemas/oci_index.json");
const MANIFEST: &str = include_str!("schemas/oci_manifest.json");
const CONFIG: &str = include_str!("schemas/oci_config.json");

fn compiled(schema: &str) -> Validator {
    let schema: Value = serde_json::from_str(schema).unwrap();
    jsonschema::validator_for(&schema).unwrap()
}

#[test]
fn plugins_are_as_documented() {
    let plugins = resources::of_kind("WasmPlugin");
    assert_eq!(plugins.len(), 5);
    for plugin in plugins {
        tell_apart(&compiled(PLUGIN), &plugin, &resources::wrong_plugins());
    }
}

#[test]
fn filters_are_as_documented() {
    let filters = resources::of_kind("EnvoyFilter");
    assert_eq!(filters.len(), 1);
    for filter in filters {
        tell_apart(&compiled(FILTER), &filter, &resources::wrong_filters());
    }
}

#[test]
fn images_are_as_documented() {
    let layout = Layout::of("documented", b"\0asm\x01\0\0\0");
    for (schema, document, wrong) in [
        (LAYOUT, &layout.version, image::wrong_layout()),
        (INDEX, &layout.index, image::wrong_index()),
        (MANIFEST, &layout.manifest, image::wrong_manifest()),
        (CONFIG, &layout.config, image::wrong_config()),
    ] {
        tell_apart(&compiled(schema), document, &wrong);
    }
}
