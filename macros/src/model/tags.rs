//! The values that a tag allows: a list, ranges, or all but some.

use proc_macro2::{Ident, Literal};
use syn::{Expr, ExprCall, ExprPath, ExprRange, RangeLimits, parse_quote};

use super::literal;
use crate::attrs::Given;
use crate::errors::Errors;

/// What `tag` lists, where that is more than values.
#[derive(Clone, Debug)]
pub(crate) struct Tags {
    pub(crate) key: Ident,
    /// The ranges are the values of other frames.
    pub(crate) not: bool,
    /// What a frame starts from, and then the first and the last value of each range.
    pub(crate) values: Vec<Expr>,
}

impl Tags {
    /// The value that a frame starts from.
    pub(crate) fn start(&self) -> Option<&Expr> {
        self.values.first()
    }

    /// The first and the last value of each range.
    pub(crate) fn ranges(&self) -> impl Iterator<Item = (&Expr, &Expr)> {
        let ends = self.values.get(1..).unwrap_or_default();
        ends.chunks_exact(2).map(|ends| (&ends[0], &ends[1]))
    }

    /// Whether a frame may have this value; `None` if that is not known from the tokens.
    pub(crate) fn allow(&self, value: &Expr) -> Option<bool> {
        let value = literal::integer(value)?;
        let mut among = false;
        for (first, last) in self.ranges() {
            among |= (literal::integer(first)?..=literal::integer(last)?).contains(&value);
        }
        Some(among != self.not)
    }
}

/// One item of the list, with both ends of what it says.
type Range = (Expr, Expr);

/// Whether a list has anything else than values.
pub(super) fn are_ranges(list: &[Expr]) -> bool {
    let ranges = |value: &Expr| matches!(value, Expr::Range(_)) || excluded(value).is_some();
    list.iter().any(ranges)
}

/// Whether such a list has the values of other frames.
pub(super) fn excludes(list: &[Expr]) -> bool {
    list.iter().any(|value| excluded(value).is_some())
}

/// Reads such a list. `default` is what a frame starts from if the list does not say it.
pub(super) fn tags_of(
    given: &Given<Vec<Expr>>,
    default: Option<&Given<Expr>>,
    errors: &mut Errors,
) -> Option<Tags> {
    let not = given.value.iter().find_map(excluded);
    if let (Some(_), [_, _, ..]) = (&not, given.value.as_slice()) {
        errors.at(
            given.key.span(),
            "`not` is the only item of a `tag`: write `tag(not(a, b))`",
        );
        return None;
    }
    let items = not.as_ref().unwrap_or(&given.value);
    let ranges: Option<Vec<Range>> = items.iter().map(|item| range_of(item, errors)).collect();
    let (ranges, key) = (ranges?, given.key.clone());
    if ranges.is_empty() {
        errors.at(
            key.span(),
            "`not` needs at least one value: `tag(not(value, …))`",
        );
        return None;
    }
    let start = match (&not, default) {
        (None, _) => ranges.first().map(|(first, _)| first.clone()),
        (Some(_), Some(default)) => Some(default.value.clone()),
        (Some(_), None) => least(&ranges, &key),
    };
    let bytes = |end: &&Expr| literal::bytes(end).is_some();
    let ends = ranges.iter().flat_map(|(first, last)| [first, last]);
    if let Some(bytes) = ends.into_iter().find(bytes) {
        errors.on(bytes, "a tag of bytes has no ranges: list its values");
        return None;
    }
    let Some(start) = start else {
        errors.at(
            key.span(),
            "`tag(not(…))` does not say which value a default frame has: add `default = value`",
        );
        return None;
    };
    let ends = ranges.into_iter().flat_map(|(first, last)| [first, last]);
    Some(Tags {
        key,
        not: not.is_some(),
        values: [start].into_iter().chain(ends).collect(),
    })
}

/// What `not(…)` lists.
fn excluded(item: &Expr) -> Option<Vec<Expr>> {
    let Expr::Call(ExprCall { func, args, .. }) = item else {
        return None;
    };
    let Expr::Path(ExprPath { path, .. }) = &**func else {
        return None;
    };
    path.is_ident("not").then(|| args.iter().cloned().collect())
}

fn range_of(item: &Expr, errors: &mut Errors) -> Option<Range> {
    let Expr::Range(range) = item else {
        if excluded(item).is_some() {
            errors.on(item, "`not` cannot be used within `not`");
            return None;
        }
        return Some((item.clone(), item.clone()));
    };
    let ExprRange {
        start: Some(first),
        end: Some(last),
        limits: RangeLimits::Closed(_),
        ..
    } = range
    else {
        errors.on(
            item,
            "a range of tags has both ends and includes them: write `first..=last`",
        );
        return None;
    };
    Some(((**first).clone(), (**last).clone()))
}

/// The least number that no range has; `None` if the tokens do not say it.
fn least(ranges: &[Range], key: &Ident) -> Option<Expr> {
    let mut least = 0_i128;
    let mut ranges: Vec<(i128, i128)> = ranges
        .iter()
        .map(|(first, last)| Some((literal::integer(first)?, literal::integer(last)?)))
        .collect::<Option<_>>()?;
    ranges.sort_unstable();
    for (first, last) in ranges {
        if (first..=last).contains(&least) {
            least = last + 1;
        }
    }
    let mut least = Literal::i128_unsuffixed(least);
    least.set_span(key.span());
    Some(parse_quote!(#least))
}
