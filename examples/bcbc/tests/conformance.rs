//! What every codec must do, tried on frames derived by hand.

meshwire::conformance!(bcbc::Bcbc, "vectors");
