//! What only the compiler can say of a declaration: types, names that the expansion shares with the author's, and
//! that a mistake hides nothing else. One mistake per file, named after it. What the macros themselves report is
//! in the tables of `macros/src/tests/mistakes`.
//!
//! `TRYBUILD=overwrite cargo test -p meshwire-tests --test ui` writes the answers anew.

#[test]
fn ui() {
    let cases = trybuild::TestCases::new();
    cases.pass("ui/pass/*.rs");
    cases.compile_fail("ui/bits/*.rs");
    cases.compile_fail("ui/checksums/*.rs");
    cases.compile_fail("ui/codes/*.rs");
    cases.compile_fail("ui/conditions/*.rs");
    cases.compile_fail("ui/dialects/*.rs");
    cases.compile_fail("ui/fields/*.rs");
    cases.compile_fail("ui/frame/*.rs");
    cases.compile_fail("ui/layout/*.rs");
    cases.compile_fail("ui/lengths/*.rs");
    cases.compile_fail("ui/protocol/*.rs");
    cases.compile_fail("ui/roles/*.rs");
    cases.compile_fail("ui/varints/*.rs");
}
