//! Whether an encoding can hold a record, which the compiler finds out.

use super::encoding::Order;
use super::encoding::{Encoding, Keys, Maps, Rules};
use super::table::{Condition, Key, Row, Table, Test, Ty};

/// The most rows of a record, those inside its records included.
const MAX_ROWS: usize = 64;

/// The rules of an encoding.
pub const fn rules_of<E: Encoding>(_: &E) -> Rules {
    E::RULES
}

/// # Panics
/// If an encoding with these rules cannot hold the record.
pub const fn fits(table: &Table, rules: Rules) {
    assert!(
        table.size() <= MAX_ROWS,
        "a record has at most 64 fields, those of the records in it included"
    );
    let mut variants = table.variants;
    while let Some((variant, others)) = variants.split_first() {
        assert!(
            others.is_empty() || has_tag(variant.rows),
            "every variant but the last has a field with `tag`, which distinguishes it from those after it"
        );
        assert!(
            !variant.cases.is_empty(),
            "nothing makes a frame of a variant: add `request` or `response(field = value)` to its struct"
        );
        fits(variant, rules);
        variants = others;
    }
    rows_fit(table.rows, rules, true);
    let mut rest = table.cases;
    while let Some((case, others)) = rest.split_first() {
        conditions_fit(table, case.conditions);
        rest = others;
    }
}

const fn has_tag(rows: &[Row]) -> bool {
    let mut rest = rows;
    while let Some((row, others)) = rest.split_first() {
        if row.tag {
            return true;
        }
        rest = others;
    }
    false
}

const fn key_fits(key: Key, keys: Keys, outermost: bool) {
    match (key, keys) {
        (Key::Number(_), Keys::Numbers | Keys::NumbersThenNames)
        | (Key::Name(_) | Key::Rest, Keys::Names) => {}
        (Key::Name(_), Keys::NumbersThenNames) if !outermost => {}
        (Key::Rest, Keys::Numbers | Keys::NumbersThenNames) => {
            panic!("this encoding has numbers as keys: `rest` is for encodings with names")
        }
        (Key::Name(_), Keys::Numbers | Keys::NumbersThenNames) => {
            panic!(
                "the fields of this record, or of one in it, need numbers as keys: `#[record(1)]`"
            )
        }
        (Key::Number(_), Keys::Names) => {
            panic!(
                "the fields of this record, or of one in it, need names as keys: `#[record(\"name\")]`"
            )
        }
    }
}

const fn rows_fit(rows: &[Row], rules: Rules, outermost: bool) {
    let mut rest = rows;
    while let Some((row, others)) = rest.split_first() {
        key_fits(row.key, rules.keys, outermost);
        if let Some((next, _)) = others.split_first() {
            assert!(
                !matches!(
                    (row.key, next.key),
                    (Key::Number(_), Key::Name(_)) | (Key::Name(_), Key::Number(_))
                ),
                "the keys of a record are all numbers or all names"
            );
        }
        given_fit(row.given, rules.given);
        match row.ty {
            Ty::Record(inner) => {
                assert!(
                    inner.cases.is_empty() && inner.variants.is_empty(),
                    "`request` and the other kinds belong on the outermost record"
                );
                rows_fit(inner.rows, rules, false);
            }
            Ty::Map => assert!(
                row.is_rest() || !matches!(rules.maps, Maps::None),
                "this encoding has no maps: use a field for each header"
            ),
            Ty::Texts => {
                assert!(rules.lists, "this encoding has no lists of texts");
                assert!(!row.echo, "a list of texts is not repeated by `echo`");
            }
            Ty::Int { .. } | Ty::Text | Ty::Bytes => {}
        }
        assert!(
            !row.is_rest() || matches!(row.ty, Ty::Map),
            "`rest` requires a `HeaderMap`"
        );
        if let (Order::Keys, Key::Number(key), Some((next, _))) =
            (rules.order, row.key, others.split_first())
        {
            assert!(
                !matches!(next.key, Key::Number(next) if next <= key),
                "fields of this encoding are declared in the order of their keys"
            );
        }
        rest = others;
    }
}

const fn given_fit(given: &[(&str, u64)], fields: &[&str]) {
    let mut rest = given;
    while let Some(((name, _), others)) = rest.split_first() {
        assert!(
            is_one_of(name, fields),
            "a field of this record, or of one in it, gives a value to something that is no field of its entry"
        );
        rest = others;
    }
}

const fn is_one_of(name: &str, names: &[&str]) -> bool {
    let mut rest = names;
    while let Some((one, others)) = rest.split_first() {
        if same(name.as_bytes(), one.as_bytes()) {
            return true;
        }
        rest = others;
    }
    false
}

const fn same(left: &[u8], right: &[u8]) -> bool {
    match (left.split_first(), right.split_first()) {
        (Some((one, left)), Some((other, right))) => *one == *other && same(left, right),
        (None, None) => true,
        _ => false,
    }
}

const fn conditions_fit(table: &Table, conditions: &[Condition]) {
    let mut rest = conditions;
    while let Some((condition, others)) = rest.split_first() {
        if let Some(row) = table.row_at(condition.place) {
            test_fits(condition.test, row.ty);
        }
        rest = others;
    }
}

const fn test_fits(test: Test, ty: Ty) {
    match test {
        Test::Present => {}
        Test::Is { .. } => assert!(
            matches!(ty, Ty::Int { .. }),
            "a field of a record is compared with a number only if it is an integer"
        ),
        Test::Text(_) => assert!(
            matches!(ty, Ty::Text | Ty::Bytes),
            "a field of a record is compared with a text only if it is `Text` or `Bytes`"
        ),
    }
}
