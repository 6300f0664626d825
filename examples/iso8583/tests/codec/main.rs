//! What every codec must do, and what the mesh answers itself.

mod answers;
mod elements;

meshwire_testing::conformance!(iso8583::Iso8583, "vectors");
