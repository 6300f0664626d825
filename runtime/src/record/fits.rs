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
    rows_fit(table.rows, rules);
    let mut rest = table.cases;
    while let Some((case, others)) = rest.split_first() {
        conditions_fit(table, case.conditions);
        rest = others;
    }
}

const fn rows_fit(rows: &[Row], rules: Rules) {
    let mut rest = rows;
    while let Some((row, others)) = rest.split_first() {
        match (row.key, rules.keys) {
            (Key::Number(_), Keys::Numbers) | (Key::Name(_) | Key::Rest, Keys::Names) => {}
            (Key::Rest, Keys::Numbers) => {
                panic!("this encoding has numbers as keys: `rest` is for encodings with names")
            }
            (Key::Name(_), Keys::Numbers) => {
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
        match row.ty {
            Ty::Record(inner) => rows_fit(inner.rows, rules),
            Ty::Map => assert!(
                row.is_rest() || !matches!(rules.maps, Maps::None),
                "this encoding has no maps: use a field for each header"
            ),
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
                !matches!(next.key, Key::Number(next) if next < key),
                "fields of this encoding are declared in the order of their keys"
            );
        }
        rest = others;
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
