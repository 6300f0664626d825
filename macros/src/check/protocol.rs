//! Rules about protocols.

use quote::ToTokens;
use syn::LitStr;

use crate::errors::Errors;
use crate::model::literal;
use crate::model::protocol::{Callee, Protocol, StatusMap};
use crate::names;

pub(super) fn check(protocol: &Protocol, errors: &mut Errors) {
    name_is_a_word(protocol, errors);
    name_is_free(protocol, errors);
    has_frames(protocol, errors);
    frames_differ(protocol, errors);
    names_are_free(protocol, errors);
    if let Callee::Headers { service, method } = &protocol.callee {
        for headers in [service, method].into_iter().flatten() {
            headers_differ(headers, errors);
        }
    }
    if let Some(map) = protocol.hijacker.statuses() {
        codes_are_numbers(map, errors);
        codes_differ(map, errors);
        statuses_are_numbers(map, errors);
    }
}

/// The name is in configuration files and is compared byte by byte.
fn name_is_a_word(protocol: &Protocol, errors: &mut Errors) {
    let name = protocol.name.value();
    if name.is_empty() {
        errors.on(&protocol.name, "the name of a protocol cannot be empty");
    } else if name.contains(|c: char| c.is_whitespace() || c.is_control()) {
        errors.on(
            &protocol.name,
            "the name of a protocol cannot contain white space",
        );
    }
}

/// MOSN registers its own protocols first, says nothing about a second one of the same name, and never
/// calls it.
fn name_is_free(protocol: &Protocol, errors: &mut Errors) {
    let name = protocol.name.value();
    if names::BUILT_IN.contains(&name.as_str()) {
        errors.on(
            &protocol.name,
            format_args!(
                "`{name}` is built into MOSN: MOSN would ignore the plugin without a message, so choose another name, such as `x-{}`",
                name.to_lowercase()
            ),
        );
    }
}

/// A protocol without frames could only refuse every byte.
fn has_frames(protocol: &Protocol, errors: &mut Errors) {
    if protocol.frames.value.is_empty() {
        errors.at(
            protocol.frames.key.span(),
            "`frames` needs at least one frame: `frames(Request, Response)`",
        );
    }
}

/// The last segment of a path names a variant, so it is unique.
fn frames_differ(protocol: &Protocol, errors: &mut Errors) {
    let frames = &protocol.frames.value;
    for (index, frame) in frames.iter().enumerate() {
        let first = frames[..index]
            .iter()
            .find(|other| other.variant == frame.variant);
        let Some(first) = first else { continue };
        let (path, variant) = (&frame.path, &frame.variant);
        if first.path == *path {
            errors.on(path, format_args!("the frame `{variant}` is listed twice"));
        } else {
            let text = |path: &syn::Path| path.to_token_stream().to_string().replace(' ', "");
            errors.on(
                path,
                format_args!(
                    "`{}` and `{}` would share the variant `{variant}`: import one under another name",
                    text(&first.path),
                    text(path)
                ),
            );
        }
    }
}

/// The enums of a protocol are siblings of it, as a frame may be too.
fn names_are_free(protocol: &Protocol, errors: &mut Errors) {
    let ident = &protocol.item.ident;
    for frame in &protocol.frames.value {
        let Some(name) = frame.path.get_ident() else {
            continue;
        };
        if ["Frame", "View"]
            .iter()
            .any(|end| *name == format!("{ident}{end}"))
        {
            errors.on(
                name,
                format_args!("`{name}` is the name of an enum that `#[protocol]` generates for `{ident}`: rename the frame"),
            );
        }
    }
}

/// A header has a key, and is looked for once.
fn headers_differ(headers: &[LitStr], errors: &mut Errors) {
    for (index, header) in headers.iter().enumerate() {
        let key = header.value();
        if key.is_empty() {
            errors.on(header, "the key of a header cannot be empty");
        } else if headers[..index].iter().any(|other| other.value() == key) {
            errors.on(header, format_args!("the header `{key}` is listed twice"));
        }
    }
}

/// A status is a number of the protocol.
fn statuses_are_numbers(map: &StatusMap, errors: &mut Errors) {
    for value in map.values().filter(|value| literal::is_literal(value)) {
        let number = literal::integer(value);
        if number.is_none_or(|number| i64::try_from(number).is_err()) {
            errors.on(
                value,
                format_args!(
                    "`{}` is not a status: write a number of at most 64 bits, or a variant of a code enum",
                    literal::text(value)
                ),
            );
        }
    }
}

/// The host's codes are unsigned and 32 bits wide.
fn codes_are_numbers(map: &StatusMap, errors: &mut Errors) {
    for (code, _) in &map.rows {
        if code.base10_parse::<u32>().is_err() {
            errors.on(code, "a status code of the host fits into `u32`");
        }
    }
}

/// A code has one status.
fn codes_differ(map: &StatusMap, errors: &mut Errors) {
    let number = |code: &syn::LitInt| code.base10_parse::<u32>().ok();
    for (index, (code, _)) in map.rows.iter().enumerate() {
        let earlier = &map.rows[..index];
        if number(code).is_some()
            && earlier
                .iter()
                .any(|(other, _)| number(other) == number(code))
        {
            errors.on(code, format_args!("the code `{code}` is mapped twice"));
        }
    }
}
