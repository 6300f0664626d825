//! The captured frames of the examples.

use std::path::{Path, PathBuf};

use meshwire_testing::vectors::{Vector, VectorError};

/// The bytes of one vector of an example, e.g. `vector("bolt", "echo_request")`.
///
/// # Panics
/// If there is no such vector, or if it is not a frame.
pub fn vector(example: &str, name: &str) -> Vec<u8> {
    let file = folder(example).join(name).with_extension("hex");
    expect(Vector::read(file)).bytes
}

/// The good vectors of an example, sorted by name.
///
/// # Panics
/// If one cannot be read.
pub fn good(example: &str) -> Vec<Vector> {
    expect(meshwire_testing::vectors::good(folder(example)))
}

/// The vectors of an example that should be refused, sorted by name.
///
/// # Panics
/// If one cannot be read.
pub fn bad(example: &str) -> Vec<Vector> {
    expect(meshwire_testing::vectors::bad(folder(example)))
}

/// The folder of an example's vectors.
fn folder(example: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.join("../examples").join(example).join("vectors")
}

fn expect<T>(result: Result<T, VectorError>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}
