//! What every codec must do, tried on the frames of `vectors`.

meshwire_testing::conformance!(motan2::Motan2, "vectors");
