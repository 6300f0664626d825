//! The report as Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use super::column::Column;
use super::results::{Results, goals};

/// What the run says of itself, its tables, and the goals.
pub(super) fn markdown(about: &str, results: &Results) -> String {
    let mut text = format!("{about}\n");
    for size in results.sizes() {
        table(&mut text, results, size);
    }
    goal_table(&mut text, results);
    text
}

fn table(text: &mut String, results: &Results, size: usize) {
    let _ = writeln!(
        text,
        "\n### {}\n\n\
         | | requests/s | lowest to highest | of native | p50 | p99 | host CPU per request |\n\
         | --- | --- | --- | --- | --- | --- | --- |",
        bytes(size)
    );
    for column in results.columns(size) {
        let median = |of: fn(&super::results::Sample) -> f64| results.median(size, column, of);
        let (low, high) = results.range(size, column);
        let ratio = results.ratio(size, column, Column::Native);
        let _ = writeln!(
            text,
            "| {} | {} | {} to {} | {} | {} | {} | {} |",
            column.label(),
            shown(median(|sample| sample.rate), thousands),
            thousands(low),
            thousands(high),
            shown(ratio, |ratio| format!("{ratio:.2}")),
            shown(median(|sample| sample.p50.as_secs_f64()), time),
            shown(median(|sample| sample.p99.as_secs_f64()), time),
            shown(
                median(|sample| sample.cpu.map_or(f64::NAN, |cpu| cpu.as_secs_f64())),
                time
            ),
        );
    }
}

fn goal_table(text: &mut String, results: &Results) {
    text.push_str(
        "\n### Goals\n\n| | against | body | ratio | goal |\n| --- | --- | --- | --- | --- |\n",
    );
    for goal in goals() {
        if let Some(ratio) = results.ratio(goal.size, goal.column, goal.base) {
            // What is missed stands out.
            let mark = if ratio < goal.wanted { "**" } else { "" };
            let _ = writeln!(
                text,
                "| {} | {} | {} | {mark}{ratio:.2}{mark} | {} |",
                goal.column.label(),
                goal.base.label(),
                bytes(goal.size),
                goal.wanted,
            );
        }
    }
}

fn shown(value: Option<f64>, how: impl Fn(f64) -> String) -> String {
    value
        .filter(|value| value.is_finite())
        .map_or_else(|| "–".to_owned(), how)
}

/// A size as people say it.
pub(super) fn bytes(size: usize) -> String {
    match size {
        _ if size >= 1024 && size.is_multiple_of(1024) => format!("{} KiB", size / 1024),
        _ => format!("{size} B"),
    }
}

/// A count, rounded to what it is good for: three digits.
pub(super) fn thousands(value: f64) -> String {
    let digits = if value < 1.0 { 0 } else { value.log10() as i32 };
    let step = 10_f64.powi((digits - 2).max(0));
    grouped(&format!("{:.0}", (value / step).round() * step))
}

/// A number with commas between its groups of three digits.
pub(super) fn grouped(digits: &str) -> String {
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

fn time(seconds: f64) -> String {
    let micros = Duration::from_secs_f64(seconds).as_secs_f64() * 1e6;
    if micros < 9.95 {
        format!("{micros:.1} µs")
    } else if micros < 999.5 {
        format!("{micros:.0} µs")
    } else if micros < 9950.0 {
        format!("{:.1} ms", micros / 1e3)
    } else {
        format!("{:.0} ms", micros / 1e3)
    }
}

#[cfg(test)]
mod tests {
    use super::super::results::tests::results;
    use super::*;

    #[test]
    fn a_table_has_a_row_for_each_column() {
        let results = results(&[
            (128, Column::Direct, &[300_000.0]),
            (128, Column::Native, &[40_000.0, 50_000.0, 60_000.0]),
            (128, Column::Meshwire, &[30_000.0, 40_000.0, 50_000.0]),
        ]);
        let text = markdown("Seen on a machine.", &results);
        assert!(
            text.starts_with("Seen on a machine.\n\n### 128 B\n"),
            "{text}"
        );
        let row = "| meshwire, wazero-codec | 40,000 | 30,000 to 50,000 | 0.80 | 250 µs | 2.0 ms | 20 µs |";
        assert!(text.contains(row), "{text}");
        let direct = "| no hop | 300,000 | 300,000 to 300,000 | 7.50 | 250 µs | 2.0 ms | – |";
        assert!(text.contains(direct), "{text}");
        let goal = "| meshwire, wazero-codec | native Go codec | 128 B | 0.80 | 0.75 |";
        assert!(text.contains(goal), "{text}");
    }

    #[test]
    fn numbers_are_as_long_as_they_are_good() {
        for (value, text) in [
            (0.4, "0"),
            (512.4, "512"),
            (8115.0, "8,120"),
            (47_512.0, "47,500"),
            (1_234_567.0, "1,230,000"),
        ] {
            assert_eq!(thousands(value), text);
        }
        assert_eq!((bytes(128), bytes(1000)), ("128 B".into(), "1000 B".into()));
        assert_eq!(bytes(262_144), "256 KiB");
        let times = [0.000_002_34, 0.000_234, 0.002_34, 0.234].map(time);
        assert_eq!(times, ["2.3 µs", "234 µs", "2.3 ms", "234 ms"]);
    }
}
