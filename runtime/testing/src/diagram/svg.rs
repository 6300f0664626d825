//! Frames as SVG.

use core::fmt::{self, Write as _};

use meshwire::frame::Layout;

use super::grid::{self, Cell, ROW, Row};
use super::list;

/// Pixels of a bit, and of a row.
const BIT: usize = 22;
const HEIGHT: usize = 34;
/// Around everything.
const MARGIN: usize = 12;
/// Above the rows: the title and the numbers of the bits.
const HEAD: usize = 48;
/// Pixels that a character takes at most.
const CHARACTER: usize = 8;

const STYLE: &str = "\
text { font: 13px ui-monospace, Menlo, Consolas, monospace; fill: currentColor; text-anchor: middle }
text.title { font-weight: bold; text-anchor: start }
text.bit { font-size: 10px; opacity: .6 }
rect { fill: none; stroke: currentColor }
rect.open { stroke-dasharray: 6 3 }";

/// One picture with all frames below each other.
pub(super) fn picture(protocol: &str, layouts: &[Layout]) -> String {
    let mut body = String::new();
    let mut top = MARGIN;
    for layout in layouts {
        let _ = Drawing {
            out: &mut body,
            top,
        }
        .frame(layout);
        top += HEAD + HEIGHT * grid::rows(layout).len() + MARGIN;
    }
    let width = 2 * MARGIN + BIT * ROW;
    format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {top}\" width=\"{width}\" height=\"{top}\" role=\"img\">\n\
         <title>Frames of {}</title>\n<style>\n{STYLE}\n</style>\n{body}</svg>\n",
        Escaped(protocol)
    )
}

struct Drawing<'o> {
    out: &'o mut String,
    top: usize,
}

impl Drawing<'_> {
    fn frame(&mut self, layout: &Layout) -> fmt::Result {
        let title = super::title(layout);
        let (x, y) = (MARGIN, self.top + 16);
        writeln!(
            self.out,
            "<text class=\"title\" x=\"{x}\" y=\"{y}\">{}</text>",
            Escaped(&title)
        )?;
        for bit in 0..ROW {
            let (x, y) = (MARGIN + BIT * bit + BIT / 2, self.top + HEAD - 8);
            writeln!(
                self.out,
                "<text class=\"bit\" x=\"{x}\" y=\"{y}\">{bit}</text>"
            )?;
        }
        for (at, row) in grid::rows(layout).iter().enumerate() {
            let y = self.top + HEAD + HEIGHT * at;
            match row {
                Row::Open(field) => {
                    self.cell((0, ROW), y, "open", &list::shape(field), field.name)?;
                }
                Row::Bits(cells) => {
                    for cell in cells {
                        self.cell((cell.from, cell.bits), y, "", &label(cell), cell.field.name)?;
                    }
                }
            }
        }
        Ok(())
    }

    fn cell(
        &mut self,
        (from, bits): (usize, usize),
        y: usize,
        class: &str,
        label: &str,
        name: &str,
    ) -> fmt::Result {
        let (x, width) = (MARGIN + BIT * from, BIT * bits);
        let class = if class.is_empty() {
            String::new()
        } else {
            format!(" class=\"{class}\"")
        };
        write!(self.out, "<g><title>{}</title>", Escaped(name))?;
        write!(
            self.out,
            "<rect{class} x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{HEIGHT}\"/>"
        )?;
        let label = if label.chars().count() * CHARACTER > width {
            cut(label, width / CHARACTER)
        } else {
            label.to_owned()
        };
        let (x, y) = (x + width / 2, y + HEIGHT / 2 + 5);
        writeln!(
            self.out,
            "<text x=\"{x}\" y=\"{y}\">{}</text></g>",
            Escaped(&label)
        )
    }
}

fn label(cell: &Cell<'_>) -> String {
    if !cell.named {
        return "(continued)".to_owned();
    }
    let shape = list::shape(cell.field);
    if shape.chars().count() * CHARACTER > BIT * cell.bits {
        return cell.field.name.to_owned();
    }
    shape
}

/// As much of a text as there is room for; all of it is in the title of its cell.
fn cut(text: &str, characters: usize) -> String {
    let kept: String = text.chars().take(characters.saturating_sub(1)).collect();
    kept + "…"
}

/// A text in XML.
struct Escaped<'t>(&'t str);

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for character in self.0.chars() {
            match character {
                '<' => f.write_str("&lt;")?,
                '&' => f.write_str("&amp;")?,
                '"' => f.write_str("&quot;")?,
                other => f.write_char(other)?,
            }
        }
        Ok(())
    }
}
