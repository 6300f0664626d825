//! What every codec must do, tried on the frames of `vectors`.

meshwire::conformance!(ttheader::TtHeader, "vectors");
