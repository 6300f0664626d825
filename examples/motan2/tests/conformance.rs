//! What every codec must do, tried on the frames of `vectors`.

meshwire::conformance!(motan2::Motan2, "vectors");
