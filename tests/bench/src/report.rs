//! The report as Markdown.

use std::fmt::Write as _;
use std::time::Duration;

use super::results::{Ratio, Results, Sample};
use super::target::Target;

/// A table for each size; `of` is before the size in its heading.
pub(super) fn tables<C: Target>(results: &Results<C>, of: &str) -> String {
    let mut text = String::new();
    for size in results.sizes() {
        table(&mut text, results, of, size);
    }
    text
}

fn table<C: Target>(text: &mut String, results: &Results<C>, of: &str, size: usize) {
    let _ = writeln!(
        text,
        "\n### {of}{}\n\n\
         | | requests/s | lowest to highest | {} | p50 | p99 | host CPU per request |\n\
         | --- | --- | --- | --- | --- | --- | --- |",
        bytes(size),
        C::OF
    );
    for target in results.targets(size) {
        let median = |of: fn(&Sample<C>) -> f64| results.median(size, target, of);
        let (low, high) = results.range(size, target, |sample| sample.rate);
        let ratio = results.ratio(size, target, C::BASE);
        let _ = writeln!(
            text,
            "| {} | {} | {} to {} | {} | {} | {} | {} |",
            target.label(),
            shown(median(|sample| sample.rate), thousands),
            thousands(low),
            thousands(high),
            shown(ratio.map(|ratio| ratio.median), |ratio| format!(
                "{ratio:.2}"
            )),
            shown(median(|sample| sample.p50.as_secs_f64()), time),
            shown(median(|sample| sample.p99.as_secs_f64()), time),
            shown(median(Sample::cpu_seconds), time),
        );
    }
}

/// A ratio of rounds: the median, and the quartiles around it where there are several.
pub(super) fn ratio(ratio: Ratio) -> String {
    let Ratio { low, median, high } = ratio;
    let [low, median, high] = [low, median, high].map(|ratio| format!("{ratio:.2}"));
    if low == high {
        return median;
    }
    format!("{median} ({low} to {high})")
}

/// A figure, or a dash where there is none.
pub(super) fn shown(value: Option<f64>, how: impl Fn(f64) -> String) -> String {
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

/// Seconds, in the unit that they are good for.
pub(super) fn time(seconds: f64) -> String {
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
    use super::super::mosn::target::Target;
    use super::super::results::tests::results;
    use super::*;

    #[test]
    fn a_table_has_a_row_for_each_target() {
        let results = results(&[
            (128, Target::Direct, &[300_000.0]),
            (128, Target::Native, &[40_000.0, 50_000.0, 60_000.0]),
            (128, Target::Meshwire, &[30_000.0, 40_000.0, 50_000.0]),
        ]);
        let text = tables(&results, "");
        assert!(text.starts_with("\n### 128 B\n"), "{text}");
        assert!(text.contains("| of native |"), "{text}");
        let row = "| meshwire, wazero-codec | 40,000 | 30,000 to 50,000 | 0.80 | 250 µs | 2.0 ms | 20 µs |";
        assert!(text.contains(row), "{text}");
        let direct = "| no hop | 300,000 | 300,000 to 300,000 | 7.50 | 250 µs | 2.0 ms | – |";
        assert!(text.contains(direct), "{text}");
    }

    #[test]
    fn a_ratio_has_its_quartiles() {
        let of = |low, median, high| ratio(Ratio { low, median, high });
        assert_eq!(of(0.9, 0.95, 1.0), "0.95 (0.90 to 1.00)");
        assert_eq!(of(0.9, 0.9, 0.9), "0.90");
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
