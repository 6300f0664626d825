//! What Istio and registries are given, held against schemas: our own, written from the reference of the
//! fields, in every run of the tests; the published ones, and a real Envoy, in `cargo gate check istio`.

mod image;
mod ours;
#[cfg(feature = "istio")]
mod published;
mod resources;
mod schema;
