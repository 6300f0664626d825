//! Against the schemas that Istio and the image specification publish in their Go modules, and in a real Envoy:
//! `cargo gate check istio`.
//!
//! The rules in Kubernetes' own language (`x-kubernetes-validations`) are not looked at.

use std::error::Error;
use std::path::PathBuf;

use cargo_meshwire::build_plugin::PluginHost;
use cargo_meshwire::envoy::admin;
use cargo_meshwire::envoy::process::Envoy;
use cargo_meshwire::envoy::settings::Settings;
use cargo_meshwire::mosn::go;
use cargo_meshwire::workspace::Workspace;
use jsonschema::{Retrieve, Uri, Validator};
use meshwire_support::ports;
use serde_json::{Value, json};

use crate::image::{self, Layout};
use crate::resources;
use crate::schema::{folder, tell_apart};

/// The modules, with what `go.sum` would say of them.
const API: (&str, &str) = (
    "istio.io/api@v1.30.3",
    "h1:pPSa0uah/t7CEuwacS4rw5qK/oHGvxC0WO8i4RRGwEU=",
);
const IMAGE_SPEC: (&str, &str) = (
    "github.com/opencontainers/image-spec@v1.1.1",
    "h1:y0fUlFfIZhPF1W537XOLg0/fcx6zcHCJwooC2xJA040=",
);

fn fetched((module, sum): (&str, &str)) -> PathBuf {
    go::module(&meshwire_support::repository::root(), module, sum).unwrap()
}

/// The schema of one kind of resource.
fn resource(kind: &str) -> Validator {
    let file = fetched(API).join("kubernetes/customresourcedefinitions.gen.yaml");
    let text = std::fs::read_to_string(file).unwrap();
    let named = format!("    kind: {kind}\n");
    let definition = text.split("\n---\n").find(|text| text.contains(&named));
    let definition: Value = serde_saphyr::from_str(definition.unwrap()).unwrap();
    let version = &definition["spec"]["versions"][0];
    let mut schema = version["schema"]["openAPIV3Schema"].clone();
    let group = definition["spec"]["group"].as_str().unwrap();
    let version = version["name"].as_str().unwrap();
    // What Kubernetes says of every resource.
    let properties = &mut schema["properties"];
    properties["apiVersion"] = json!({"const": format!("{group}/{version}")});
    properties["kind"] = json!({"const": kind});
    properties["metadata"] = json!({"type": "object", "required": ["name"]});
    close(&mut schema);
    jsonschema::validator_for(&schema).unwrap()
}

/// Kubernetes drops fields that it does not know, or refuses them: so do we.
fn close(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            map.values_mut().for_each(close);
            let open = map.contains_key("x-kubernetes-preserve-unknown-fields");
            if map.get("properties").is_some_and(Value::is_object) && !open {
                map.insert("additionalProperties".to_owned(), false.into());
            }
        }
        Value::Array(list) => list.iter_mut().for_each(close),
        _ => {}
    }
}

/// The files of the specification, which refer to each other by name.
struct Specification(PathBuf);

impl Specification {
    fn read(&self, name: &str) -> Result<Value, Box<dyn Error + Send + Sync>> {
        let text = std::fs::read_to_string(self.0.join("schema").join(name))?;
        Ok(serde_json::from_str(&text)?)
    }

    fn schema(name: &str) -> Validator {
        let this = Self(fetched(IMAGE_SPEC));
        let schema = this.read(name).unwrap();
        let options = jsonschema::options().with_retriever(this);
        options.build(&schema).unwrap()
    }
}

impl Retrieve for Specification {
    fn retrieve(&self, uri: &Uri<String>) -> Result<Value, Box<dyn Error + Send + Sync>> {
        let (_, name) = uri.as_str().rsplit_once('/').ok_or("no path")?;
        self.read(name)
    }
}

#[test]
fn istio_takes_the_plugins() {
    let schema = resource("WasmPlugin");
    for plugin in resources::of_kind("WasmPlugin") {
        tell_apart(&schema, &plugin, &resources::wrong_plugins());
    }
}

#[test]
fn istio_takes_the_filters() {
    let schema = resource("EnvoyFilter");
    for filter in resources::of_kind("EnvoyFilter") {
        tell_apart(&schema, &filter, &resources::wrong_filters());
    }
}

/// What `build-plugin NAME --host envoy --oci` leaves: its md5 and its image.
fn built(name: &str) -> (Workspace, String, Layout) {
    let mut command = meshwire_support::repository::xtask().unwrap();
    command.args(["build-plugin", name, "--host", "envoy", "--oci"]);
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let workspace = meshwire_support::repository::load().unwrap();
    let example = workspace.example(name).unwrap();
    let md5 = example
        .artifact(PluginHost::Envoy)
        .with_extension("wasm.md5");
    let md5 = std::fs::read_to_string(md5).unwrap();
    let layout = Layout::read(&example.image());
    (workspace, md5.trim_end().to_owned(), layout)
}

#[test]
fn images_are_as_specified() {
    let (_, _, layout) = built("bolt");
    for (schema, document, wrong) in [
        ("image-layout", &layout.version, image::wrong_layout()),
        ("image-index", &layout.index, image::wrong_index()),
        ("image-manifest", &layout.manifest, image::wrong_manifest()),
    ] {
        let schema = Specification::schema(&format!("{schema}-schema.json"));
        tell_apart(&schema, document, &wrong);
    }
    let schema = Specification::schema("config-schema.json");
    tell_apart(&schema, &layout.config, &image::wrong_config());
}

#[test]
fn an_envoy_loads_what_the_image_holds() {
    let (workspace, md5, layout) = built("dubbo");
    let module = layout.files().remove("plugin.wasm").unwrap();
    assert_eq!(cargo_meshwire::build_plugin::md5(&module), md5);
    let folder = folder("envoy");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join("plugin.wasm");
    std::fs::write(&path, module).unwrap();
    let settings = Settings {
        client: ports::free().unwrap(),
        admin: ports::free().unwrap(),
        ..Settings::default()
    };
    let mut log = Vec::new();
    let keep = |line: &str| log.push(line.to_owned());
    let host = Envoy::start(&workspace, &settings, "dubbo", &path, &folder, keep)
        .unwrap_or_else(|error| panic!("{error:#}"));
    let stats = admin::get(
        settings.admin,
        "/stats?filter=wasm.envoy.wasm.runtime.v8.active",
    );
    let active = stats.unwrap();
    assert!(
        !active.trim().ends_with(": 0") && active.contains(": "),
        "{active}"
    );
    host.stop(|_| {}).unwrap();
}
