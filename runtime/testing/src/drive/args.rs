//! The arguments of the command line.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// What the user wants.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Args {
    /// Draw each frame.
    pub(super) dump: bool,
    /// One JSON object for each frame.
    pub(super) json: bool,
    /// Explain the arguments, and nothing else.
    pub(super) help: bool,
    /// The id that frames are encoded with.
    pub(super) id: Option<u64>,
    /// Headers that requests are forwarded with.
    pub(super) set_headers: Vec<(String, String)>,
    /// The plugin to load.
    pub(super) wasm: Option<PathBuf>,
    /// Past the filter of Envoy instead, with this configuration.
    pub(super) envoy: Option<String>,
    /// Draw the layouts, and nothing else.
    pub(super) diagram: Option<Picture>,
    /// Files, folders, hex text, `-`.
    pub(super) frames: Vec<String>,
}

/// How layouts are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Picture {
    Text,
    Svg,
}

/// Reads the arguments; `takes_wasm` if the plugin is one of them.
pub(super) fn parse(
    args: impl IntoIterator<Item = OsString>,
    takes_wasm: bool,
) -> Result<Args, String> {
    let mut parsed = Args::default();
    let mut args = args.into_iter();
    let mut only_frames = false;
    while let Some(arg) = args.next() {
        let arg = text(arg)?;
        if only_frames || arg == "-" || !arg.starts_with('-') {
            parsed.frames.push(arg);
            continue;
        }
        let (option, inline) = match arg.split_once('=') {
            Some((option, value)) => (option, Some(value.to_owned())),
            None => (arg.as_str(), None),
        };
        let mut value = || match inline.clone() {
            Some(value) => Ok(value),
            None => match args.next() {
                Some(value) => text(value),
                None => Err(format!("`{option}` needs a value")),
            },
        };
        match option {
            "--id" => parsed.id = Some(id(&value()?)?),
            "--set-header" => parsed.set_headers.push(header(&value()?)?),
            "--envoy" if !takes_wasm => parsed.envoy = Some(value()?),
            "--diagram" if !takes_wasm => parsed.diagram = Some(picture(&value()?)?),
            "--wasm" if takes_wasm => parsed.wasm = Some(value()?.into()),
            _ if inline.is_some() => return Err(unknown(&arg, takes_wasm)),
            "--dump" => parsed.dump = true,
            "--json" => parsed.json = true,
            "--help" | "-h" => parsed.help = true,
            "--" => only_frames = true,
            _ => return Err(unknown(&arg, takes_wasm)),
        }
    }
    if takes_wasm && !parsed.help && parsed.wasm.is_none() {
        return Err("`--wasm FILE` is missing".to_owned());
    }
    Ok(parsed)
}

fn text(arg: OsString) -> Result<String, String> {
    arg.into_string()
        .map_err(|arg| format!("`{}` is not UTF-8", Path::new(&arg).display()))
}

fn id(value: &str) -> Result<u64, String> {
    let parsed = match value.strip_prefix("0x") {
        Some(digits) => u64::from_str_radix(digits, 16),
        None => value.parse(),
    };
    parsed.map_err(|_| format!("`--id {value}`: expected a number, decimal or hex after `0x`"))
}

fn picture(value: &str) -> Result<Picture, String> {
    match value {
        "text" => Ok(Picture::Text),
        "svg" => Ok(Picture::Svg),
        _ => Err(format!("`--diagram {value}`: expected `text` or `svg`")),
    }
}

fn header(value: &str) -> Result<(String, String), String> {
    match value.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err(format!("`--set-header {value}`: expected `NAME=VALUE`")),
    }
}

fn unknown(option: &str, takes_wasm: bool) -> String {
    let own = if takes_wasm {
        "wasm FILE"
    } else {
        "envoy JSON`, `--diagram text`, `--diagram svg"
    };
    format!(
        "unknown option `{option}`, expected `--{own}`, `--dump`, `--json`, `--id N`, `--set-header NAME=VALUE` or `--help`"
    )
}

/// What `--help` prints.
pub(super) fn help(program: &str, takes_wasm: bool) -> String {
    let (own, what) = if takes_wasm {
        ("--wasm FILE ", "  --wasm FILE  the plugin\n")
    } else {
        (
            "[--envoy JSON] [--diagram text|svg] ",
            "  --envoy JSON send the frames through the network filter of Envoy, with this configuration
  --diagram text|svg
               draw the layouts of the frames, and nothing else\n",
        )
    };
    let keys = if takes_wasm {
        ""
    } else {
        ", with the keys of records"
    };
    format!(
        "\
Runs frames through a codec as its host does: decode, encode with another id, heartbeat, hijack.

Usage: {program} {own}[--dump] [--json] [--id N] [--set-header NAME=VALUE]… [FRAMES…]

  FRAMES       files of hex text (vectors) or binary, folders of vectors, hex text, `-` for stdin;
               a source may contain several frames [default: the folder `vectors`]
{what}  --dump       show each frame as an annotated hex dump{keys}
  --json       print one JSON object for each frame, for tools
  --id N       encode every frame with this id
  --set-header NAME=VALUE
               forward requests with this header, in the place of another one of its name; it can be repeated
  -h, --help   print this help

A frame that is rejected, incomplete or not as its vector expects is shown with field, offset and
reason, and the exit code is 1. It is 2 without input."
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(line: &str, takes_wasm: bool) -> Result<Args, String> {
        super::parse(line.split_whitespace().map(OsString::from), takes_wasm)
    }

    #[test]
    fn options_and_frames_come_in_any_order() {
        let line = "a.hex --dump - --id=0x10 --set-header=zone=a=b --wasm x.wasm -- --json";
        let args = parse(line, true).unwrap();
        let expected = Args {
            dump: true,
            id: Some(16),
            set_headers: vec![("zone".to_owned(), "a=b".to_owned())],
            wasm: Some("x.wasm".into()),
            frames: ["a.hex", "-", "--json"].map(String::from).to_vec(),
            ..Args::default()
        };
        assert_eq!(args, expected);
        assert_eq!(parse("-h", true).map(|args| args.help), Ok(true));
    }

    #[test]
    fn an_error_says_what_was_expected() {
        let errors = [
            (
                "--dmp",
                "unknown option `--dmp`, expected `--envoy JSON`, `--diagram text`, `--diagram svg`, `--dump`, `--json`, `--id N`, `--set-header NAME=VALUE` or `--help`",
            ),
            (
                "--dump=yes",
                "unknown option `--dump=yes`, expected `--envoy JSON`, `--diagram text`, `--diagram svg`, `--dump`, `--json`, `--id N`, `--set-header NAME=VALUE` or `--help`",
            ),
            (
                "--wasm x",
                "unknown option `--wasm`, expected `--envoy JSON`, `--diagram text`, `--diagram svg`, `--dump`, `--json`, `--id N`, `--set-header NAME=VALUE` or `--help`",
            ),
            ("--id", "`--id` needs a value"),
            ("--diagram png", "`--diagram png`: expected `text` or `svg`"),
            ("--set-header a", "`--set-header a`: expected `NAME=VALUE`"),
            (
                "--set-header =a",
                "`--set-header =a`: expected `NAME=VALUE`",
            ),
            (
                "--id one",
                "`--id one`: expected a number, decimal or hex after `0x`",
            ),
        ];
        for (line, error) in errors {
            assert_eq!(parse(line, false).unwrap_err(), error);
        }
        assert_eq!(
            parse("--dump", true).unwrap_err(),
            "`--wasm FILE` is missing"
        );
    }
}
