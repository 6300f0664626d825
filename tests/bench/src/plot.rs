//! The report as a picture: a panel for each size, a bar for each target.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context, Result};

use super::report::{bytes, thousands};
use super::results::Results;
use super::target::{Part, Target};

const WIDTH: f64 = 900.0;
/// Where the picture begins: wide fonts need more room for names than `LEFT` gives.
const START: f64 = -40.0;
/// Where bars begin: their names are left of it.
const LEFT: f64 = 250.0;
/// Room for a figure after the longest bar.
const RIGHT: f64 = 130.0;
const BAR: f64 = 16.0;
const STEP: f64 = 24.0;
const TITLE: f64 = 34.0;
const AXIS: f64 = 44.0;
const GAP: f64 = 14.0;

/// Colours for both kinds of page: a viewer picks its own, and text has the contrast of text.
const STYLE: &str = "\
text{font:13px system-ui,sans-serif;fill:#24292f}
.title{font-weight:600;font-size:14px}
.small{font-size:12px;fill:#57606a}
.bar{fill:#8c959f}.base{fill:#57606a}.ours{fill:#0969da}
.grid{stroke:#d0d7de}.axis{stroke:#57606a}
@media(prefers-color-scheme:dark){text{fill:#e6edf3}.small{fill:#9198a1}
.bar{fill:#6e7681}.base{fill:#9198a1}.ours{fill:#4493f8}
.grid{stroke:#30363d}.axis{stroke:#9198a1}}";

/// Writes the picture.
///
/// # Errors
/// If the file cannot be written.
pub(super) fn write<C: Target>(file: &Path, results: &Results<C>) -> Result<()> {
    std::fs::write(file, svg(results)).with_context(|| format!("cannot write `{}`", file.display()))
}

/// An SVG with the medians of all targets that have a host.
fn svg<C: Target>(results: &Results<C>) -> String {
    let panels: Vec<(usize, Vec<C>)> = results
        .sizes()
        .into_iter()
        .map(|size| {
            let mut targets = results.targets(size);
            targets.retain(|target| *target != C::DIRECT);
            (size, targets)
        })
        .collect();
    let height: f64 = panels
        .iter()
        .map(|(_, targets)| panel_height(targets))
        .sum();
    let mut text = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"{START} 0 {WIDTH} {height}\" \
         width=\"{WIDTH}\" height=\"{height}\" role=\"img\" aria-labelledby=\"title\">\n\
         <title id=\"title\">{}</title>\n\
         <style>\n{STYLE}\n</style>\n",
        C::TITLE
    );
    let mut top = 0.0;
    for (size, targets) in &panels {
        panel(&mut text, results, *size, targets, top);
        top += panel_height(targets);
    }
    text + "</svg>\n"
}

#[expect(clippy::cast_precision_loss)]
fn panel_height<C>(targets: &[C]) -> f64 {
    TITLE + STEP * targets.len() as f64 + AXIS + GAP
}

#[expect(clippy::cast_precision_loss)]
fn panel<C: Target>(text: &mut String, results: &Results<C>, size: usize, targets: &[C], top: f64) {
    let rate = |target| results.median(size, target, |sample| sample.rate);
    let rates: Vec<f64> = targets.iter().filter_map(|target| rate(*target)).collect();
    let highest = rates.iter().copied().fold(1.0, f64::max);
    let scale = (WIDTH + START - LEFT - RIGHT) / highest;
    let (first, last) = (top + TITLE, top + TITLE + STEP * targets.len() as f64);
    let _ = writeln!(
        text,
        "<text class=\"title\" x=\"0\" y=\"{:.0}\">Bodies of {}</text>",
        top + 20.0,
        bytes(size)
    );
    for tick in ticks(highest) {
        let x = LEFT + tick * scale;
        let class = if tick == 0.0 { "axis" } else { "grid" };
        let _ = writeln!(
            text,
            "<path class=\"{class}\" d=\"M{x:.1} {first:.0}V{last:.0}\"/>\
             <text class=\"small\" x=\"{x:.1}\" y=\"{:.0}\" text-anchor=\"middle\">{}</text>",
            last + 16.0,
            thousands(tick)
        );
    }
    for (at, (target, rate)) in targets.iter().zip(rates).enumerate() {
        let y = first + STEP * at as f64 + (STEP - BAR) / 2.0;
        let ratio = results.ratio(size, *target, C::BASE);
        let ratio = ratio.map_or_else(String::new, |ratio| format!(" ({:.2})", ratio.median));
        let _ = writeln!(
            text,
            "<text x=\"{:.0}\" y=\"{base:.1}\" text-anchor=\"end\">{}</text>\
             <rect class=\"{}\" x=\"{LEFT}\" y=\"{y:.1}\" width=\"{:.1}\" height=\"{BAR}\"/>\
             <text x=\"{:.1}\" y=\"{base:.1}\">{}{ratio}</text>",
            LEFT - 8.0,
            target.label(),
            class(*target),
            rate * scale,
            LEFT + rate * scale + 6.0,
            thousands(rate),
            base = y + BAR - 3.5,
        );
    }
    let _ = writeln!(
        text,
        "<text class=\"small\" x=\"{:.0}\" y=\"{:.0}\" text-anchor=\"middle\">\
         requests per second (in brackets: {})</text>",
        f64::midpoint(LEFT, WIDTH + START - RIGHT),
        last + 34.0,
        C::SHARE
    );
}

fn class<C: Target>(target: C) -> &'static str {
    match target.part() {
        Part::Base => "base",
        Part::Ours => "ours",
        Part::Other => "bar",
    }
}

/// Round numbers from 0 on, four to eight of them.
fn ticks(highest: f64) -> Vec<f64> {
    let magnitude = 10_f64.powf(highest.log10().floor());
    let step = [0.1, 0.2, 0.5, 1.0, 2.0]
        .into_iter()
        .map(|part| part * magnitude)
        .find(|step| highest / step <= 7.0)
        .unwrap_or(magnitude);
    (0..8)
        .map(|at| f64::from(at) * step)
        .take_while(|tick| *tick <= highest)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::mosn::target::Target;
    use super::super::results::tests::results;
    use super::*;

    #[test]
    fn every_bar_has_a_name_and_a_figure() {
        let results = results(&[
            (128, Target::Direct, &[300_000.0]),
            (128, Target::Native, &[47_000.0]),
            (128, Target::Meshwire, &[35_250.0]),
            (1024, Target::Native, &[45_000.0]),
        ]);
        let svg = svg(&results);
        assert_eq!(svg.matches("<rect").count(), 3);
        for part in [
            "Bodies of 128 B",
            "Bodies of 1 KiB",
            ">meshwire, wazero-codec</text>",
            ">35,300 (0.75)</text>",
            "requests per second",
            "prefers-color-scheme:dark",
        ] {
            assert!(svg.contains(part), "{part} in {svg}");
        }
        assert!(!svg.contains("no hop"));
    }

    #[test]
    fn ticks_are_few_and_reach_far() {
        for highest in [1.0, 9.9, 480.0, 3_210.0, 47_000.0, 99_999.0, 300_000.0] {
            let ticks = ticks(highest);
            assert!((4..=8).contains(&ticks.len()), "{highest}: {ticks:?}");
            assert!(ticks.last().is_some_and(|tick| *tick * 1.5 > highest));
        }
    }
}
