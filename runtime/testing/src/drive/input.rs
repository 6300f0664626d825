//! Where frames come from.

use std::env;
use std::fs;
use std::io::{self, Read};
use std::path::Path;
use std::str;

use crate::vectors::{self, Expected, Vector, from_hex};

/// One source of bytes, with the frames that are expected in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Input {
    /// What the user calls it.
    pub(super) name: String,
    /// The frames, back to back.
    pub(super) bytes: Vec<u8>,
    /// What the frames should be, in their order; there may be fewer than frames.
    pub(super) expected: Vec<Expected>,
}

impl From<Vector> for Input {
    fn from(vector: Vector) -> Self {
        Self {
            name: vector.name().to_owned(),
            bytes: vector.bytes,
            expected: vector.expected,
        }
    }
}

/// Reads everything that the arguments name; without arguments the vectors of the package that cargo
/// runs, or of this folder.
pub(super) fn read(arguments: &[String]) -> Result<Vec<Input>, String> {
    if !arguments.is_empty() {
        let inputs: Result<Vec<_>, _> = arguments.iter().map(|argument| source(argument)).collect();
        return Ok(inputs?.into_iter().flatten().collect());
    }
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let default = Path::new(&package).join("vectors");
    if default.is_dir() {
        folder(&default)
    } else {
        Err("no input: give files, folders, hex text, or `-` for stdin".to_owned())
    }
}

/// How wide the column of names is.
pub(super) fn width(inputs: &[Input]) -> usize {
    let longest = inputs.iter().map(|input| input.name.chars().count()).max();
    longest.unwrap_or(0).clamp(6, 32)
}

fn source(argument: &str) -> Result<Vec<Input>, String> {
    let path = Path::new(argument);
    if argument == "-" {
        let mut bytes = Vec::new();
        let read = io::stdin().read_to_end(&mut bytes);
        read.map_err(|error| format!("cannot read stdin: {error}"))?;
        return Ok(vec![either("stdin", "stdin", bytes)?]);
    }
    if path.is_dir() {
        return folder(path);
    }
    if path.exists() {
        let bytes = fs::read(path).map_err(|error| format!("{argument}: {error}"))?;
        let name = path.file_name().map(|name| name.to_string_lossy());
        return Ok(vec![either(&name.unwrap_or_default(), argument, bytes)?]);
    }
    match from_hex(argument) {
        Ok(bytes) if !bytes.is_empty() => Ok(vec![Input {
            name: "hex".to_owned(),
            bytes,
            expected: Vec::new(),
        }]),
        Ok(_) => Err("an empty argument is not a frame".to_owned()),
        Err(error) => Err(format!(
            "`{argument}` is neither a file nor hex text: {error}"
        )),
    }
}

fn folder(path: &Path) -> Result<Vec<Input>, String> {
    let vectors = vectors::all(path).map_err(|error| error.to_string())?;
    Ok(vectors.into_iter().map(Input::from).collect())
}

/// Bytes as a vector if they look like one, otherwise as they are.
fn either(name: &str, path: &str, bytes: Vec<u8>) -> Result<Input, String> {
    let extension = Path::new(path).extension();
    let vector = extension.is_some_and(|extension| extension == vectors::EXTENSION);
    match str::from_utf8(&bytes) {
        Ok(text) if vector || looks_like_hex(text) => {
            let vector = Vector::parse(path, text).map_err(|error| error.to_string())?;
            Ok(Input::from(vector))
        }
        _ => Ok(Input {
            name: name.to_owned(),
            bytes,
            expected: Vec::new(),
        }),
    }
}

/// Whether nearly all of a text is hex or comment: one wrong digit is reported as a mistake, and not
/// the mark of a text protocol.
fn looks_like_hex(text: &str) -> bool {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    let chars = lines.flat_map(str::chars).filter(|c| !c.is_whitespace());
    let (hex, other) = chars.fold((0_usize, 0_usize), |(hex, other), char| {
        if char.is_ascii_hexdigit() {
            (hex + 1, other)
        } else {
            (hex, other + 1)
        }
    });
    hex > 10 * other
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_text_and_binary_are_told_apart() {
        let bytes =
            |input: &[u8]| either("stdin", "stdin", input.to_vec()).map(|input| input.bytes);
        assert_eq!(bytes(b"# a comment\n01 02\n0a"), Ok(vec![1, 2, 10]));
        assert_eq!(bytes(&[1, 2, 0xff]), Ok(vec![1, 2, 0xff]));
        assert_eq!(bytes(b"get key\r\n"), Ok(b"get key\r\n".to_vec()));
        let mistake = bytes(b"0101000101000000050x00000bb8").unwrap_err();
        assert_eq!(mistake, "stdin:1: `x` is not a hex digit");
    }

    #[test]
    fn what_is_neither_file_nor_hex_is_an_error() {
        assert_eq!(source("0101").unwrap()[0].bytes, [1, 1]);
        let error = source("vectors/ping.hx").unwrap_err();
        assert_eq!(
            error,
            "`vectors/ping.hx` is neither a file nor hex text: `v` is not a hex digit"
        );
    }
}
