//! What every codec must do, tried on frames derived by hand.

meshwire_testing::conformance!(bcbc::Bcbc, "vectors");
