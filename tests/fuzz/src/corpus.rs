//! Inputs: those of the repository in one file for each target, a line of hex each, and seeds made of vectors.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};

use crate::build::home;
use crate::targets::Target;

mod seeds;

pub(crate) use seeds::seeds;

/// The file of a target's inputs.
pub(crate) fn file(target: Target) -> PathBuf {
    home()
        .join("corpus")
        .join(target.name())
        .with_extension("hex")
}

/// The inputs of a target that are kept in the repository; none if it has no file yet.
pub(crate) fn kept(target: Target) -> Result<Vec<Vec<u8>>> {
    let path = file(target);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let text =
        fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(bytes).collect()
}

/// Writes the inputs of a target into the repository, the shortest first.
pub(crate) fn keep(target: Target, inputs: &[Vec<u8>]) -> Result<()> {
    let mut sorted = inputs.to_vec();
    sorted.sort_by_key(|input| (input.len(), input.clone()));
    let mut text = format!(
        "# The inputs of the target `{}`, a line each.\n",
        target.name()
    );
    for input in sorted {
        text.extend(input.iter().flat_map(|byte| {
            let digit = |number: u8| char::from_digit(number.into(), 16).unwrap_or('0');
            [digit(byte >> 4), digit(byte & 0xf)]
        }));
        text.push('\n');
    }
    let path = file(target);
    fs::create_dir_all(home().join("corpus"))?;
    fs::write(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// Puts inputs into a folder, each in a file.
pub(crate) fn unpack(inputs: impl IntoIterator<Item = Vec<u8>>, folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    fs::create_dir_all(folder)?;
    let different: BTreeSet<Vec<u8>> = inputs.into_iter().collect();
    for (number, input) in different.iter().enumerate() {
        fs::write(folder.join(format!("{number:05}")), input)?;
    }
    Ok(())
}

/// The inputs in a folder.
pub(crate) fn in_folder(folder: &Path) -> Result<Vec<Vec<u8>>> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    entries.map(|entry| Ok(fs::read(entry?.path())?)).collect()
}

/// The bytes of hex text.
fn bytes(text: &str) -> Result<Vec<u8>> {
    let digits: Vec<u8> = text
        .chars()
        .filter(|char| !char.is_whitespace())
        .map(|char| char.to_digit(16).map(|digit| digit as u8))
        .collect::<Option<_>>()
        .with_context(|| format!("not hex: {text}"))?;
    let (pairs, rest) = digits.as_chunks::<2>();
    if !rest.is_empty() {
        bail!("a hex digit is left over: {text}");
    }
    Ok(pairs.iter().map(|[high, low]| high << 4 | low).collect())
}
