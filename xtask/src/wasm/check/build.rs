//! What a build with other flags than those of `build-plugin` leaves in a module.

use super::Finding;
use crate::wasm::module::Module;

pub(super) fn check(module: &Module, size: usize) -> Vec<Finding> {
    let findings = [debug_information(module, size), paths(module)];
    findings.into_iter().flatten().collect()
}

fn debug_information(module: &Module, size: usize) -> Option<Finding> {
    let bytes = module.debug_information;
    (bytes > 0).then(|| {
        Finding::note(
            format!("{bytes} of {size} bytes are debug information"),
            "every host loads the whole file; a development build has checks and no optimisation besides",
        )
        .hint("`cargo meshwire build-plugin` builds for size; by hand: `--release` and `strip = true` in the profile")
    })
}

/// The md5 of a plugin is in the configuration of its hosts, and in the tag of its image.
fn paths(module: &Module) -> Option<Finding> {
    let first = module.paths.first()?;
    let what = match module.paths.len() {
        1 => "the module holds a path of the machine that built it".to_owned(),
        many => format!("the module holds {many} paths of the machine that built it"),
    };
    Some(
        Finding::note(
            what,
            format!("`{first}`: the same sources get another md5 elsewhere"),
        )
        .hint("`cargo meshwire build-plugin` leaves them out; by hand: `--remap-path-prefix`"),
    )
}
