//! A document that is written again with changes.

use meshwire::MessageKind;
use meshwire::command::{IdEdit, MetadataEdits};
use meshwire::frame::{Action, FormatError, HeaderDiff, Headers, Splice};
use meshwire::wire::{Reason, decimal};

use super::cursor::{Cursor, Element, Markup, TagKind};
use super::document::{BODY, Children, Document, EXTERNAL_REFERENCE, is_id};
use super::{key, name, text};

/// Appends the region with the changes made.
pub(super) fn rewrite(
    region: &[u8],
    changes: &MetadataEdits<'_>,
    out: &mut Vec<u8>,
) -> Result<(), FormatError> {
    let document = Document::scan(region)?;
    let id = new_id(region, &document, changes.id)?;
    let status = new_status(&document, changes.status)?;
    let mut splice = Splice::new(region, out);
    let header = HeaderEdits {
        id,
        status,
        headers: changes.headers,
    };
    header.make(region, &document, &mut splice)?;
    if let Some(body) = changes.body
        && region.get(document.body()) != Some(body)
    {
        edit_body(&document, body, &mut splice)?;
    }
    splice.finish();
    Ok(())
}

/// A change that cannot be made.
const fn cannot(reason: Reason) -> FormatError {
    FormatError { offset: 0, reason }
}

/// Another id, unless it is the same.
fn new_id<'c>(
    region: &[u8],
    document: &Document<'_>,
    id: Option<IdEdit<'c>>,
) -> Result<Option<&'c [u8]>, FormatError> {
    match id {
        None => Ok(None),
        Some(IdEdit::Opaque(id)) if is_id(id) => {
            let came = region.get(document.reference.content.clone());
            Ok(Some(id).filter(|id| came != Some(*id)))
        }
        Some(_) => Err(cannot(Reason::NoPlace)),
    }
}

/// Another status, unless it is the same.
fn new_status(document: &Document<'_>, status: Option<i64>) -> Result<Option<i64>, FormatError> {
    let came = document.status()?;
    match status.filter(|status| *status != came) {
        Some(_) if document.kind != MessageKind::Response => Err(cannot(Reason::NoPlace)),
        status => Ok(status),
    }
}

/// The changes to a header.
struct HeaderEdits<'e> {
    id: Option<&'e [u8]>,
    status: Option<i64>,
    headers: Option<Headers<'e>>,
}

impl HeaderEdits<'_> {
    /// Makes the header what the changes say. An element that goes takes the white space before it along.
    fn make(
        &self,
        region: &[u8],
        document: &Document<'_>,
        splice: &mut Splice<'_, '_>,
    ) -> Result<(), FormatError> {
        let mut wanted = self.headers.map(|headers| HeaderDiff::new(headers.iter()));
        let mut end = document.header.content.start;
        if document.return_code.is_none() {
            self.add_status(splice.replace(end..end));
        }
        let mut children = Children::of(region, &document.header, 2);
        while let Some(child) = children.next()? {
            end = child.range.end;
            self.edit_facts(document, &child, splice)?;
            let (Some(wanted), Some(key)) = (&mut wanted, key(&child)) else {
                continue;
            };
            let value = text::of_leaf(region, child.content.clone())?;
            match wanted.action(key, &value) {
                Action::Keep => {}
                Action::Replace(value) => set(&child, splice, |out| text::put(value, out))?,
                Action::Remove => drop(splice.replace(children.front_of(&child)..end)),
            }
        }
        let out = splice.replace(end..end);
        match wanted {
            Some(wanted) => wanted
                .rest()
                .try_for_each(|(key, value)| add(key, value, out)),
            None => Ok(()),
        }
    }

    /// Writes id and status where the child of the header has them.
    fn edit_facts(
        &self,
        document: &Document<'_>,
        child: &Element<'_>,
        splice: &mut Splice<'_, '_>,
    ) -> Result<(), FormatError> {
        if let (EXTERNAL_REFERENCE, Some(id)) = (child.name, self.id) {
            splice.replace(child.content.clone()).extend_from_slice(id);
        }
        if let (Some(status), Some(code)) = (self.status, &document.return_code)
            && child.range.contains(&code.range.start)
        {
            return set(code, splice, |out| {
                decimal::write(status, out);
                Ok(())
            });
        }
        Ok(())
    }

    /// Writes a status where there is none, as the `xr` codec does.
    fn add_status(&self, out: &mut Vec<u8>) {
        if let Some(status) = self.status {
            out.extend_from_slice(b"<Response><ReturnCode>");
            decimal::write(status, out);
            out.extend_from_slice(b"</ReturnCode></Response>");
        }
    }
}

/// Writes another content into an element, its tags and attributes kept.
pub(super) fn set(
    element: &Element<'_>,
    splice: &mut Splice<'_, '_>,
    write: impl FnOnce(&mut Vec<u8>) -> Result<(), Reason>,
) -> Result<(), FormatError> {
    if !element.is_empty_tag {
        return write(splice.replace(element.content.clone())).map_err(cannot);
    }
    let out = splice.replace(element.content.start..element.range.end);
    out.push(b'>');
    write(out).map_err(cannot)?;
    close(element.name, out);
    Ok(())
}

/// Appends an element for a header.
fn add(key: &[u8], value: &[u8], out: &mut Vec<u8>) -> Result<(), FormatError> {
    let name = name(key).ok_or(cannot(Reason::NoPlace))?;
    out.push(b'<');
    out.extend_from_slice(name);
    out.push(b'>');
    text::put(value, out).map_err(cannot)?;
    close(name, out);
    Ok(())
}

fn close(name: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(b"</");
    out.extend_from_slice(name);
    out.push(b'>');
}

/// Writes another body.
fn edit_body(
    document: &Document<'_>,
    body: &[u8],
    splice: &mut Splice<'_, '_>,
) -> Result<(), FormatError> {
    if !is_content(body) {
        return Err(cannot(Reason::NoPlace));
    }
    let put = |out: &mut Vec<u8>| {
        out.extend_from_slice(body);
        Ok(())
    };
    if let Some(element) = &document.body {
        return set(element, splice, put);
    }
    let out = splice.replace(document.end..document.end);
    out.extend_from_slice(b"<Body>");
    out.extend_from_slice(body);
    close(BODY, out);
    Ok(())
}

/// Whether these bytes can be a body: every element in them ends in them.
fn is_content(body: &[u8]) -> bool {
    let mut cursor = Cursor::new(body, 0);
    loop {
        cursor.characters();
        let at = cursor.at();
        match cursor.markup() {
            Ok(None) => return true,
            Ok(Some(Markup::Tag(TagKind::Close, _))) | Err(_) => return false,
            Ok(Some(Markup::Tag(kind, name))) => {
                // Below `Service` and `Body`.
                if cursor.element(at, kind, name, 3).is_err() {
                    return false;
                }
            }
            Ok(Some(Markup::Characters(_) | Markup::Other)) => {}
        }
    }
}
