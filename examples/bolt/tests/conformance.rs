//! What every codec must do, tried on captured bolt frames.

meshwire_testing::conformance!(bolt::Bolt, "vectors");
