//! Vectors: frames in files, with expectations.
//!
//! ```text
//! # bolt v1 request, captured between npm sofa-rpc-node 2.10.0 and itself
//! #= kind=request id=1 timeout=3000 headers=1 body=249
//! #= header:service=com.example.EchoService:1.0
//! 01 01 00 01 01 00 00 00 01 01 …
//! ```
//!
//! A line that starts with `#` is a comment: the source of the frame. A line that starts with `#=` has the
//! expectations, in words of `key=value`; all of them are optional.
//!
//! | word | meaning |
//! | --- | --- |
//! | `kind=` | `request`, `oneway`, `response`, `heartbeat`, `heartbeat-ack` |
//! | `id=` | the correlation id, decimal or hex after `0x` |
//! | `timeout=` | of a request, in milliseconds; 0 is unset, a negative number is not a timeout |
//! | `status=` | of a response |
//! | `headers=` | how many there are |
//! | `header:NAME=VALUE` | one of them; in quotes if there is white space in it |
//! | `body=` | its length in bytes |
//! | `hijack=none` | of a request that waits for an answer: the protocol has none to it that the host could give |
//! | `hijack=504:status=9002` | of such a request: the answer that the host gives for this [reason](meshwire::HostStatus) has this status; there may be several |
//! | `reply=none` | of a heartbeat that the protocol has no answer to |
//! | `malformed`, `not-mine` | the bytes are refused: no frame, or one of another protocol |
//! | `field=`, `offset=` | of a refusal: which field, at which byte |
//!
//! Everything else is hex, white space ignored, with whole bytes in each line. A file may hold several frames
//! back to back; then each `kind=` or refusal begins the expectations of the next one.
//!
//! Good vectors are the files `*.hex` of a folder, refused ones those of its folder `bad`. Of what else is there,
//! only `README.md` and names that begin with a dot are ignored: any other file would be an unnoticed vector.

mod expected;
mod hex;
mod read;
mod tokens;

use core::fmt;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::{fs, io};

pub use expected::{Answered, Expected, Facts, Hijack, Refusal, Refused};
pub use hex::{from_hex, to_hex};

/// The extension of a vector's file.
pub const EXTENSION: &str = "hex";

/// A file of one or more frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vector {
    /// Where the file is.
    pub path: PathBuf,
    /// The source of the frames: the comments, a line each.
    pub origin: Vec<String>,
    /// The expectations of the frames, in their order. There can be fewer than frames, or none.
    pub expected: Vec<Expected>,
    /// The frames.
    pub bytes: Vec<u8>,
}

impl Vector {
    /// Reads a file.
    pub fn read(path: impl Into<PathBuf>) -> Result<Self, VectorError> {
        let path = path.into();
        match fs::read_to_string(&path) {
            Ok(text) => Self::parse(path, &text),
            Err(error) => Err(VectorError::new(path, 0, error.to_string())),
        }
    }

    /// Reads the text of the file at `path`.
    pub fn parse(path: impl Into<PathBuf>, text: &str) -> Result<Self, VectorError> {
        let mut vector = Self {
            path: path.into(),
            origin: Vec::new(),
            expected: Vec::new(),
            bytes: Vec::new(),
        };
        let mut digits = hex::Digits::default();
        for (number, line) in (1..).zip(text.lines()) {
            let result = if let Some(words) = line.strip_prefix("#=") {
                read::line(&mut vector.expected, words)
            } else if let Some(comment) = line.strip_prefix('#') {
                let comment = comment.trim();
                vector.origin.push(comment.to_owned());
                read::no_expectation(comment)
            } else {
                digits.push(line).and_then(|()| digits.whole())
            };
            result.map_err(|reason| VectorError::new(&vector.path, number, reason))?;
        }
        match digits.finish() {
            Ok(bytes) => vector.bytes = bytes,
            Err(reason) => return Err(VectorError::new(vector.path, 0, reason)),
        }
        if vector.bytes.is_empty() {
            return Err(VectorError::new(vector.path, 0, "the vector is empty"));
        }
        Ok(vector)
    }

    /// The file's name without its extension.
    pub fn name(&self) -> &str {
        let stem = self.path.file_stem().and_then(|stem| stem.to_str());
        stem.unwrap_or("vector")
    }
}

/// What is wrong with a folder that has none.
const NO_VECTORS: &str = "no `*.hex` file in the folder";

/// The vectors of a folder, sorted by name; there is at least one.
pub fn all(dir: impl AsRef<Path>) -> Result<Vec<Vector>, VectorError> {
    let dir = dir.as_ref();
    let vectors = read_dir(dir)?;
    if vectors.is_empty() {
        return Err(VectorError::new(dir, 0, NO_VECTORS));
    }
    Ok(vectors)
}

/// The good vectors of a folder, sorted by name; there is at least one.
pub fn good(dir: impl AsRef<Path>) -> Result<Vec<Vector>, VectorError> {
    each_good(dir)?.into_iter().collect()
}

/// The same; what is wrong with one is not an error of the others.
pub(crate) fn each_good(
    dir: impl AsRef<Path>,
) -> Result<Vec<Result<Vector, VectorError>>, VectorError> {
    let dir = dir.as_ref();
    let files = files(dir)?;
    if files.is_empty() {
        return Err(VectorError::new(dir, 0, NO_VECTORS));
    }
    let good = |vector: Vector| match vector.refusal() {
        Some(_) => {
            let reason = "it must be rejected, so it belongs in `bad`";
            Err(VectorError::new(vector.path, 0, reason))
        }
        None => Ok(vector),
    };
    let vectors = files.into_iter().map(|file| file.and_then(Vector::read));
    Ok(vectors.map(|vector| vector.and_then(good)).collect())
}

/// The vectors of a folder that should be refused, sorted by name. There may be none.
pub fn bad(dir: impl AsRef<Path>) -> Result<Vec<Vector>, VectorError> {
    each_bad(dir)?.into_iter().collect()
}

/// The same; what is wrong with one is not an error of the others.
pub(crate) fn each_bad(
    dir: impl AsRef<Path>,
) -> Result<Vec<Result<Vector, VectorError>>, VectorError> {
    let dir = dir.as_ref().join("bad");
    if !dir.exists() {
        return Ok(Vec::new());
    }
    let bad = |vector: Vector| {
        if vector.refusal().is_none() || vector.expected.len() != 1 {
            let reason =
                "the expected error is missing: `#= malformed field=… offset=…`, or `not-mine`";
            return Err(VectorError::new(vector.path, 0, reason));
        }
        Ok(vector)
    };
    let vectors = files(&dir)?.into_iter();
    let vectors = vectors.map(|file| file.and_then(Vector::read));
    Ok(vectors.map(|vector| vector.and_then(bad)).collect())
}

impl Vector {
    /// How the first frame should be refused, if it should.
    pub fn refusal(&self) -> Option<&Refusal> {
        self.expected.iter().find_map(|expected| match expected {
            Expected::Refusal(refusal) => Some(refusal),
            Expected::Frame(_) => None,
        })
    }
}

fn read_dir(dir: &Path) -> Result<Vec<Vector>, VectorError> {
    let files = files(dir)?.into_iter();
    files.map(|file| file.and_then(Vector::read)).collect()
}

/// The files of vectors in a folder, sorted by name, and an error for each of the others.
fn files(dir: &Path) -> Result<Vec<Result<PathBuf, VectorError>>, VectorError> {
    let failed = |error: io::Error| VectorError::new(dir, 0, error.to_string());
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        if !is_left_alone(&entry.file_name()) {
            paths.push(entry.path());
        }
    }
    paths.sort();
    let file = |path: PathBuf| match path.extension() {
        Some(extension) if extension == EXTENSION => Ok(path),
        _ => Err(VectorError::new(path, 0, NO_VECTOR)),
    };
    Ok(paths.into_iter().map(file).collect())
}

/// What is wrong with a file or a folder among the vectors.
const NO_VECTOR: &str =
    "not a vector: vectors are `*.hex` files, those to be rejected are in the folder `bad`";

/// Whether something in a folder is not a vector that was misnamed.
fn is_left_alone(name: &OsStr) -> bool {
    let hidden = name.as_encoded_bytes().starts_with(b".");
    hidden || name == "bad" || name == "README.md"
}

/// What is wrong with a file of frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VectorError {
    /// The file or folder.
    pub path: PathBuf,
    /// The line, counted from 1; 0 if it is about the whole file.
    pub line: usize,
    /// What is wrong.
    pub reason: String,
}

impl VectorError {
    fn new(path: impl Into<PathBuf>, line: usize, reason: impl Into<String>) -> Self {
        Self {
            path: path.into(),
            line,
            reason: reason.into(),
        }
    }
}

impl fmt::Display for VectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path.display())?;
        if self.line > 0 {
            write!(f, ":{}", self.line)?;
        }
        write!(f, ": {}", self.reason)
    }
}

impl core::error::Error for VectorError {}

#[cfg(test)]
mod tests {
    use super::*;
    use meshwire::command::{MessageKind, Timeout};

    fn parse(text: &str) -> Result<Vector, String> {
        Vector::parse("dir/ping.hex", text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_vector_says_where_it_is_from_and_what_it_is() {
        let vector = parse("# from a wire\n#= kind=request id=0x10 timeout=-1\n#= headers=1 header:a=b=c body=2\n01 02\n0 3\n").unwrap();
        assert_eq!(vector.name(), "ping");
        assert_eq!(vector.origin, ["from a wire"]);
        assert_eq!(vector.bytes, [1, 2, 3]);
        let facts = Facts {
            kind: Some(MessageKind::Request),
            id: Some(16),
            timeout: Some(Timeout::Never),
            headers: Some(1),
            body: Some(2),
            pairs: vec![(b"a".to_vec(), b"b=c".to_vec())],
            ..Facts::default()
        };
        assert_eq!(vector.expected, [Expected::Frame(facts)]);
    }

    #[test]
    fn each_kind_begins_the_next_frame() {
        let vector = parse(
            "#= kind=request id=1\n01\n#= id=2 kind=response\n#= malformed field=id offset=2\n02",
        )
        .unwrap();
        assert_eq!(vector.expected.len(), 3);
        let refusal = Refusal {
            how: Refused::Malformed,
            field: Some("id".to_owned()),
            offset: Some(2),
        };
        assert_eq!(vector.refusal(), Some(&refusal));
    }

    #[test]
    fn an_error_names_file_and_line() {
        let errors = [
            ("# a\n01 0g", "dir/ping.hex:2: `g` is not a hex digit"),
            ("01 0\n02", "dir/ping.hex:1: odd number of hex digits"),
            (
                "# = kind=request",
                "dir/ping.hex:1: this is a comment: expectations start with `#=`, as in `#= kind=request`",
            ),
            (
                "01\n# kind=request id=1",
                "dir/ping.hex:2: this is a comment: expectations start with `#=`, as in `#= kind=request id=1`",
            ),
            (
                "#= reply=0",
                "dir/ping.hex:1: `reply=0`: expected `reply=none`",
            ),
            (
                "#= reply=none reply=none",
                "dir/ping.hex:1: duplicate `reply`",
            ),
            (
                "#= hijack=404",
                "dir/ping.hex:1: `hijack=404`: expected `hijack=none`, or a reason of the host and the status of the answer: `hijack=504:status=9002`",
            ),
            (
                "#= hijack=404:status=x",
                "dir/ping.hex:1: `hijack=404:status=x`: expected `hijack=none`, or a reason of the host and the status of the answer: `hijack=504:status=9002`",
            ),
            (
                "#= hijack=404:status=1 hijack=404:status=2",
                "dir/ping.hex:1: duplicate `hijack=404`",
            ),
            (
                "#= hijack=404:status=1 hijack=none",
                "dir/ping.hex:1: `hijack=404` is an answer, and `hijack=none` says that there is none",
            ),
            ("# only a comment", "dir/ping.hex: the vector is empty"),
            (
                "\n#= kind=reqest",
                "dir/ping.hex:2: `kind=reqest`: expected one of `request`, `oneway`, `response`, `heartbeat`, `heartbeat-ack`",
            ),
            ("#= id=-1", "dir/ping.hex:1: `id=-1`: expected a number"),
            ("#= id=1 id=2", "dir/ping.hex:1: duplicate `id`"),
            (
                "#= lenght=2",
                "dir/ping.hex:1: `lenght=2`: expected `kind`, `id`, `timeout`, `status`, `headers`, `body`, `header:NAME`, `hijack`, `reply`, `malformed`, `not-mine`, `field` or `offset`",
            ),
            (
                "#= malformed id=1",
                "dir/ping.hex:1: `id` describes a frame, but this one must be rejected",
            ),
            (
                "#= field=id",
                "dir/ping.hex:1: `field` needs `malformed` or `not-mine` before it",
            ),
            ("#= header:a=\"b", "dir/ping.hex:1: unclosed quote"),
        ];
        for (text, error) in errors {
            assert_eq!(parse(text).unwrap_err(), error);
        }
    }

    #[test]
    fn lines_may_be_drawn() {
        let vector = parse("# ====\n# == a frame ==\n01").unwrap();
        assert_eq!(vector.expected, []);
    }

    #[test]
    fn what_nobody_reads_is_an_error() {
        let dir = std::env::temp_dir().join(format!("meshwire-vectors-{}", std::process::id()));
        let file = |name: &str| {
            let path = dir.join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, "01").unwrap();
            path
        };
        for name in ["ping.hex", "README.md", ".ping.hex.swp", "bad/pong.hex"] {
            file(name);
        }
        assert_eq!(all(&dir).unwrap().len(), 1);
        for name in ["ping.txt", "more/ping.hex", "ping.HEX"] {
            let path = file(name);
            let error = all(&dir).unwrap_err();
            let found = dir.join(name.split('/').next().unwrap());
            assert_eq!((&error.path, &*error.reason), (&found, NO_VECTOR));
            fs::remove_file(path).unwrap();
            _ = fs::remove_dir(dir.join("more"));
        }
        file("bad/ping.txt");
        assert_eq!(bad(&dir).unwrap_err().reason, NO_VECTOR);
        fs::remove_dir_all(&dir).unwrap();
    }

    #[test]
    fn a_missing_folder_and_an_empty_one_are_errors() {
        let error = good("no/such/folder").unwrap_err().to_string();
        assert!(error.starts_with("no/such/folder: "), "{error}");
        assert_eq!(bad("no/such/folder"), Ok(Vec::new()));
        let error = good(std::env::temp_dir().join("meshwire-no-vectors"));
        assert!(error.is_err());
        let sources = concat!(env!("CARGO_MANIFEST_DIR"), "/src/vectors");
        assert_eq!(good(sources).unwrap_err().reason, NO_VECTOR);
    }
}
