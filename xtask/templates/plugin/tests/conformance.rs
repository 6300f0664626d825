//! Every vector decodes as its `#=` line says, re-encodes byte for byte, and fails cleanly when cut.

meshwire::conformance!({{snake}}::{{Type}}, "vectors");
