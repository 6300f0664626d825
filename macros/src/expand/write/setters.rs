//! What a host or an author sets in an owned frame.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::kinds;
use crate::check::Checked;
use crate::expand::calls::{codec_call, coded};
use crate::expand::header_fields::{self, no_other_headers};
use crate::expand::{idents, inputs, values};
use crate::model::FieldRole;
use crate::model::field::{Field, HeaderField};
use crate::model::frame::Frame;

/// A setter does nothing where the frame has no such role.
pub(in crate::expand) fn setters(frame: &Checked<Frame>) -> TokenStream {
    let id = ids(frame);
    let opaque = opaque_id(frame);
    let status = frame.status().map(|field| {
        let (slot, value) = (idents::slot(field), quote!(__status));
        let set =
            edit_payload(frame, field, &quote!(status: __mw::Some(#value))).unwrap_or_else(|| {
                let of_code = coded(field, "of_code");
                kinds::set(
                    frame,
                    field,
                    FieldRole::Status,
                    &quote!(#of_code(#slot, #value)?),
                )
            });
        quote! {
            fn set_status(&mut self, __status: __mw::i64) -> __mw::Result<()> {
                #set
                __mw::Ok(())
            }
        }
    });
    let body = frame.body().map(|field| {
        let value = quote!(__body);
        let set = edit_payload(frame, field, &quote!(body: __mw::Some(&#value)))
            .unwrap_or_else(|| kinds::set(frame, field, FieldRole::Body, &value));
        quote! {
            fn set_body(&mut self, __body: __mw::Bytes) -> __mw::Result<()> {
                #set
                __mw::Ok(())
            }
        }
    });
    let reason = frame.reason().map(|field| {
        let (name, value) = (&field.ident, quote!(__reason.as_bytes()));
        let set = edit_payload(frame, field, &quote!(reason: __mw::Some(#value)))
            .unwrap_or_else(|| quote!(self.#name = __mw::From::from(__reason);));
        quote! {
            const HAS_REASON: __mw::bool = true;
            fn set_reason(&mut self, __reason: &__mw::str) -> __mw::Result<(), __mw::Error> {
                #set
                __mw::Ok(())
            }
        }
    });
    let headers = headers(frame);
    quote! {
        fn set_id(&mut self, __id: __mw::u64) -> __mw::Result<()> {
            #id
            __mw::Ok(())
        }
        #opaque
        #status
        #headers
        #body
        #reason
    }
}

/// A change to a part with a payload codec; `None` for other parts.
fn edit_payload(frame: &Checked<Frame>, part: &Field, change: &TokenStream) -> Option<TokenStream> {
    let codec = part.codec()?;
    let inputs = inputs::owned(frame, part, "self")?;
    let (name, slot) = (&part.ident, idents::slot(part));
    let args = quote! {
        &mut self.#name,
        #slot,
        #inputs,
        &__mw::PayloadEdits { #change, ..__mw::Default::default() },
    };
    let call = codec_call(codec, "edit_payload", &args);
    Some(quote!(#call?;))
}

/// The correlation id in all its places, which may hold different values for as long as the id stays what it
/// was, as in a view.
fn ids(frame: &Checked<Frame>) -> TokenStream {
    let own = frame.roles.id;
    let id = frame.id();
    let (name, slot) = (&id.ident, idents::slot(id));
    let int = |field: &Field| {
        let (local, name, slot) = (idents::header(field), &field.ident, idents::slot(field));
        let narrowed = quote!(let #local = __mw::narrow_id(#slot, __id)?;);
        (narrowed, quote!(self.#name = #local;))
    };
    let is_copy = |field: &&Field| field.fixed().is_some_and(|fixed| fixed.id_copy.is_some());
    if !frame.fields.iter().any(|field| is_copy(&field)) {
        return match id.fixed() {
            None => edit_payload(frame, id, &quote!(id: __mw::Some(__id))).unwrap_or_default(),
            Some(fixed) if fixed.int.is_some() => {
                quote!(self.#name = __mw::narrow_id(#slot, __id)?;)
            }
            Some(_) => quote!(__mw::opaque_id(&mut self.#name, __id);),
        };
    }
    let places = frame.fields.iter().enumerate();
    let places = places.filter(|(index, field)| *index == own || is_copy(field));
    let (narrowed, set): (Vec<_>, Vec<_>) = places
        .map(|(index, field)| match field.fixed() {
            None if index == own => {
                let change = quote!(id: __mw::Some((__id, __mw::None)));
                (
                    TokenStream::new(),
                    edit_payload(frame, field, &change).unwrap_or_default(),
                )
            }
            _ => int(field),
        })
        .unzip();
    quote! {
        if __mw::Command::id(self) != __id {
            #(#narrowed)*
            #(#set)*
        }
    }
}

/// A non-numeric correlation id.
fn opaque_id(frame: &Checked<Frame>) -> Option<TokenStream> {
    let id = frame.id();
    let (name, slot) = (&id.ident, idents::slot(id));
    let set = match id.fixed() {
        None => edit_payload(frame, id, &quote!(opaque: __mw::Some(__id)))?,
        Some(fixed) if fixed.int.is_some() => return None,
        Some(_) => quote!(__mw::set_opaque(&mut self.#name, #slot, __id)?;),
    };
    Some(quote! {
        fn set_opaque_id(&mut self, __id: &[__mw::u8]) -> __mw::Result<()> {
            #set
            __mw::Ok(())
        }
    })
}

/// Fields among the headers get theirs, and the header map the rest.
fn headers(frame: &Checked<Frame>) -> TokenStream {
    let fields: Vec<(&Field, &HeaderField)> = frame
        .fields
        .iter()
        .filter_map(|field| Some((field, field.header.as_ref()?)))
        .collect();
    let all = quote!(__mw::Some(__headers.as_headers()));
    let indexed = frame.fields.iter().enumerate();
    let wanted = indexed.filter(|(_, field)| header_fields::is_wanted(field));
    let wanted = wanted.filter_map(|(index, _)| header_fields::wanted(frame, index, false, &all));
    let flags = header_fields::flags(frame, false);
    let set_flags = set_flags(frame);
    let changes = fields
        .iter()
        .map(|(field, header)| set_from_header(field, header));
    let of_map = header_fields::of_map(frame, false, &all);
    let keys = fields
        .iter()
        .map(|(field, header)| header_fields::key(frame, field, header));
    let only = no_other_headers(frame, &quote!(__mw::Some(__headers.as_headers())));
    let rest = (!fields.is_empty() && frame.headers().is_some()).then(
        || quote!(let __headers = __mw::other_headers(__headers.as_headers(), &[#(#keys),*], self);),
    );
    let map = frame.headers().map(|field| {
        let name: &Ident = &field.ident;
        let change = quote!(headers: __mw::Some(__headers.as_headers()));
        edit_payload(frame, field, &change).unwrap_or_else(|| {
            // The same pairs leave the region as it came, and others may keep some of it.
            quote!(self.#name.replace(__headers);)
        })
    });
    if fields.is_empty() && map.is_none() {
        return TokenStream::new();
    }
    quote! {
        fn set_headers(&mut self, __headers: __mw::HeaderMap) -> __mw::Result<()> {
            #only
            #of_map
            #(#wanted)*
            #flags
            #set_flags
            #(#changes)*
            #rest
            #map
            __mw::Ok(())
        }
    }
}

/// Sets the flags that change, and no field with them.
fn set_flags(frame: &Checked<Frame>) -> TokenStream {
    let flags = frame.flags().map(|(index, constraint)| {
        let field = &frame.fields[index];
        let (name, local) = (&field.ident, idents::flag(field));
        let set = constraint
            .values
            .first()
            .map(|value| values::of(frame, field, value));
        quote! {
            if let __mw::Some(__set) = #local {
                self.#name = if __set { #set } else { __mw::Bits::ZERO };
            }
        }
    });
    flags.collect()
}

fn set_from_header(field: &Field, header: &HeaderField) -> TokenStream {
    let (name, slot, ty) = (&field.ident, idents::slot(field), &field.ty);
    let (key, read_only) = (&header.name.value, header.read_only);
    if header_fields::is_wanted(field) {
        let wanted = idents::header(field);
        let set = match field.part() {
            None => quote!(set_field),
            Some(_) if field.is_nullable() => quote!(set_or_null),
            Some(_) => quote!(set),
        };
        return quote!(#wanted.#set(&mut self.#name););
    }
    if field.part().is_some() {
        quote!(__mw::set_text_from_header(&__headers, #key, &mut self.#name, #slot, #read_only)?;)
    } else {
        quote!(__mw::set_from_header::<#ty>(&__headers, #key, &mut self.#name, #slot, #read_only)?;)
    }
}
