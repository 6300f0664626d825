//! What every codec must do, tried on the frames of `vectors`.

meshwire::conformance!(crpc::Crpc, "vectors");
