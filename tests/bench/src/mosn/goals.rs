//! What the plugin is held to in MOSN.

use super::super::results::Goal;
use super::target::Target;

/// Every goal: against `TinyGo` on the same engine, against the codec in Go, against the ceiling.
pub(super) fn goals() -> Vec<Goal<Target>> {
    use Target::{
        Floor, FloorWasmer, Lean, LeanEdited, Meshwire, MeshwireWasmer, Native, NativeEdited,
        TinygoWasmer,
    };
    let goal = |target, base, sizes: &[(usize, f64)]| {
        let sizes = sizes.iter();
        sizes
            .map(|&(size, wanted)| Goal {
                target,
                base,
                size,
                wanted,
            })
            .collect::<Vec<_>>()
    };
    let ceiling = [128, 1024, 16384, 262_144].map(|size| (size, 0.95));
    [
        goal(
            MeshwireWasmer,
            TinygoWasmer,
            &[(128, 1.3), (1024, 1.8), (16384, 8.0)],
        ),
        goal(Meshwire, Native, &[(128, 0.75), (1024, 0.75), (16384, 0.5)]),
        goal(
            Lean,
            Native,
            &[(128, 0.95), (1024, 0.95), (16384, 0.95), (262_144, 0.9)],
        ),
        goal(LeanEdited, NativeEdited, &[(1024, 0.8)]),
        goal(Meshwire, Floor, &ceiling),
        goal(MeshwireWasmer, FloorWasmer, &ceiling),
    ]
    .concat()
}
