//! What every codec must do, tried on the frames of `vectors`.

meshwire_testing::conformance!(smpp::Smpp, "vectors");
