//! What the plugin is held to in MOSN.

use super::super::frames::Protocol;
use super::super::results::Goal;
use super::target::Target;

/// Every goal with a protocol: against the codec in Go, and with bolt against `TinyGo` on the same engine and
/// against the ceiling.
pub(super) fn goals(protocol: Protocol) -> Vec<Goal<Target>> {
    use Target::{
        Floor, FloorWasmer, Lean, LeanEdited, LeanWhole, Meshwire, MeshwireWasmer, Native,
        NativeEdited, TinygoWasmer,
    };
    let mut goals = [
        goal(
            Lean,
            Native,
            &[(128, 0.95), (1024, 0.95), (16384, 0.95), (262_144, 1.0)],
        ),
        goal(LeanWhole, Native, &[(262_144, 0.9)]),
    ]
    .concat();
    if protocol != Protocol::Dubbo {
        // MOSN's own codec for dubbo sends the bytes that came, whatever a route changes.
        goals.extend(goal(LeanEdited, NativeEdited, &[(1024, 0.8)]));
    }
    if protocol == Protocol::Bolt {
        let ceiling = [128, 1024, 16384, 262_144].map(|size| (size, 0.95));
        goals.extend(goal(
            MeshwireWasmer,
            TinygoWasmer,
            &[(128, 1.3), (1024, 1.8), (16384, 8.0)],
        ));
        // What it did before there was another path, less 5 %: 0.87, 0.72, 0.34 and 0.37.
        let before = [(128, 0.83), (1024, 0.68), (16384, 0.32), (262_144, 0.35)];
        goals.extend(goal(Meshwire, Native, &before));
        goals.extend(goal(Meshwire, Floor, &ceiling));
        goals.extend(goal(MeshwireWasmer, FloorWasmer, &ceiling));
    }
    goals
}

fn goal(target: Target, base: Target, sizes: &[(usize, f64)]) -> Vec<Goal<Target>> {
    let of = |&(size, wanted): &(usize, f64)| Goal {
        target,
        base,
        size,
        wanted,
    };
    sizes.iter().map(of).collect()
}
