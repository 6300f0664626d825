//! What every codec must do, tried on the frames of `vectors`.

meshwire::conformance!(xml8::Xml8, "vectors");
