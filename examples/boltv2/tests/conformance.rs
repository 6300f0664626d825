//! What every codec must do, tried on the frames of `vectors`.

meshwire::conformance!(boltv2::BoltV2, "vectors");
