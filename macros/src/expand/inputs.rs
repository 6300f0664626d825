//! The values of fixed fields with which the payload codec of a part is read.

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};

use super::calls::{codec_call, codec_item, place};
use super::idents;
use super::values::initial;
use crate::check::Checked;
use crate::model::field::{Field, Input};
use crate::model::frame::Frame;

/// The types of the inputs, by a name with which a value can be written.
pub(super) fn types(frame: &Checked<Frame>) -> TokenStream {
    let types = frame.parts().filter_map(|(field, part)| {
        let (codec, _) = (field.codec()?, part.inputs.as_ref()?);
        let (name, inputs) = (idents::inputs(field), codec_item(codec, "Inputs"));
        Some(quote! {
            #[allow(non_camel_case_types)]
            type #name = #inputs;
        })
    });
    types.collect()
}

/// The inputs of a part's payload codec, each from `value`.
fn inputs(part: &Field, value: impl Fn(&Input) -> TokenStream) -> Option<TokenStream> {
    let codec = part.codec()?;
    let Some(inputs) = part.part().and_then(|part| part.inputs.as_ref()) else {
        return Some(codec_call(codec, "no_inputs", &TokenStream::new()));
    };
    let fields = inputs.value.iter().map(|input| {
        // By the name as it is given there, for what the compiler has to say of it.
        let (name, value) = (&input.name, value(input));
        quote!(#name: #value)
    });
    let ty = idents::inputs(part);
    Some(quote!(#ty { #(#fields),* }))
}

/// Those of a kept frame: `bytes` gives the bytes of a run, by its name.
pub(super) fn kept(
    frame: &Checked<Frame>,
    part: &Field,
    bytes: impl Fn(TokenStream) -> TokenStream,
) -> Option<TokenStream> {
    inputs(part, |input| {
        let field = &frame.fields[input.field];
        let (ty, slot) = (&field.ty, idents::slot(field));
        let run = frame.plan.run_of(input.field);
        let name = idents::run(run);
        let bytes = bytes(quote!(#name));
        let place = place(&input.name);
        let get = quote_spanned!(place=> __mw::get::<#ty>(#bytes, #slot));
        if run.conditional {
            let start = initial(frame, field);
            quote_spanned!(place=> if #bytes.is_empty() { #start } else { #get })
        } else {
            get
        }
    })
}

/// Those of an owned frame, by the name that it has there.
pub(super) fn owned(frame: &Checked<Frame>, part: &Field, owner: &str) -> Option<TokenStream> {
    inputs(part, |input| {
        let owner = Ident::new(owner, place(&input.name));
        let name = &frame.fields[input.field].ident;
        quote!(#owner.#name)
    })
}
