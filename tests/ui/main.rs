//! What only the compiler can say of a declaration: types, names that the expansion shares with the author's, and
//! that a mistake hides nothing else. One mistake per file, named after it. What the macros themselves report is
//! in the tables of `macros/src/tests/mistakes`.
//!
//! `TRYBUILD=overwrite cargo test -p meshwire-ui` writes the answers anew.

#[test]
fn refused() {
    let cases = trybuild::TestCases::new();
    cases.compile_fail("bits/*.rs");
    cases.compile_fail("checksums/*.rs");
    cases.compile_fail("codes/*.rs");
    cases.compile_fail("conditions/*.rs");
    cases.compile_fail("payload_codecs/*.rs");
    cases.compile_fail("fields/*.rs");
    cases.compile_fail("frame/*.rs");
    cases.compile_fail("layout/*.rs");
    cases.compile_fail("lengths/*.rs");
    cases.compile_fail("protocol/*.rs");
    cases.compile_fail("roles/*.rs");
    cases.compile_fail("varints/*.rs");
}
