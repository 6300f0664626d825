//! What every codec must do, and what the mesh answers itself.

mod answers;

meshwire_testing::conformance!(trpc::Trpc, "vectors");
