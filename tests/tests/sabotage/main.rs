//! The conformance suite, tried by sabotage: codecs that are broken on purpose, and for each the test that
//! refuses it.
//!
//! A saboteur replaces a function or two of a real codec, in a few lines. The test of the suite that is about the fault
//! has to fail with a message about it; which one and which message is in the table of `docs/conformance.md`. Where it
//! does not, all tests are run on the saboteur, and the report has what they say. `BLESS=1` writes that table anew.

mod bolt;
mod dubbo;
mod group;
mod items;
mod page;
mod records;
mod summed;
mod wrapper;

use std::collections::BTreeSet;
use std::sync::Mutex;
use std::thread;

use group::{Row, names, quietly};
use meshwire_testing::conformance::Allocator;

#[global_allocator]
static ALLOCATOR: Allocator = Allocator;

fn rows() -> Vec<Row> {
    let groups = [
        bolt::GROUP.rows(),
        dubbo::GROUP.rows(),
        summed::GROUP.rows(),
        items::GROUP.rows(),
        records::rows(),
    ];
    groups.into_iter().flatten().collect()
}

#[test]
fn every_saboteur_is_refused_by_the_test_that_is_about_it() {
    let rows = Mutex::new(rows().into_iter());
    let missed = Mutex::new(Vec::new());
    let next = || rows.lock().unwrap().next();
    thread::scope(|scope| {
        for _ in 0..thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                while let Some(row) = next() {
                    // What a saboteur keeps of its frames ends with its thread.
                    let run = move || quietly(|| row.missed());
                    let result = scope.spawn(run).join().unwrap();
                    missed.lock().unwrap().extend(result);
                }
            });
        }
    });
    let missed = missed.into_inner().unwrap();
    assert!(missed.is_empty(), "\n{}", missed.join("\n"));
}

#[test]
fn codecs_without_a_saboteur_pass() {
    let failures = quietly(|| {
        let codecs = [
            bolt::GROUP.honest(),
            dubbo::GROUP.honest(),
            summed::GROUP.honest(),
            items::GROUP.honest(),
        ];
        [codecs.into(), records::honest()].concat()
    });
    for failures in failures {
        assert!(failures.is_empty(), "{failures:#?}");
    }
}

/// A test that no saboteur needs may be one that cannot fail.
#[test]
fn every_test_refuses_a_saboteur() {
    let tests: BTreeSet<_> = names().into_iter().collect();
    let named: BTreeSet<_> = rows().iter().map(|row| row.refused_by).collect();
    assert_eq!(
        tests.difference(&named).collect::<Vec<_>>(),
        [] as [&&str; 0]
    );
    assert_eq!(
        named.difference(&tests).collect::<Vec<_>>(),
        [] as [&&str; 0]
    );
}

#[test]
fn the_page_has_the_table() {
    page::check(&rows());
}
