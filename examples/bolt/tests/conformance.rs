//! What every codec must do, tried on captured bolt frames.

meshwire::conformance!(bolt::Bolt, "vectors");
