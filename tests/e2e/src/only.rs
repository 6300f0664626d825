//! Cases chosen by their names.

use anyhow::{Result, bail};

/// Those with `part` in their names, of the command `cargo e2e` for this `host`.
///
/// # Errors
/// If there is none.
pub(super) fn named<C>(
    cases: impl IntoIterator<Item = C>,
    name: impl Fn(&C) -> &'static str,
    part: Option<&str>,
    host: &str,
) -> Result<Vec<C>> {
    let part = part.unwrap_or_default();
    let cases = cases.into_iter().filter(|case| name(case).contains(part));
    let cases: Vec<_> = cases.collect();
    if cases.is_empty() {
        bail!("no case has `{part}` in its name\n  `cargo e2e {host} --list` names them");
    }
    Ok(cases)
}
