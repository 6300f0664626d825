//! The macros of `meshwire`. Use them through that crate, which documents them.
//!
//! Each input runs through four stages, in one direction: `attrs` (text to typed attributes), `model`
//! (meaning), `check` (rules), `expand` (tokens).

mod attrs;
mod check;
mod errors;
mod expand;
mod model;
mod names;
mod pipeline;
mod suggest;

#[cfg(test)]
mod tests;

use proc_macro::TokenStream;

/// Makes a struct a frame of a protocol, or an enum the codes of a field. See `meshwire::Frame`.
#[proc_macro_derive(Frame, attributes(frame))]
pub fn derive_frame(input: TokenStream) -> TokenStream {
    pipeline::frame(input.into()).into_tokens().into()
}

/// Makes a struct a record: a region whose fields have keys. See `meshwire::Record`.
#[proc_macro_derive(Record, attributes(record))]
pub fn derive_record(input: TokenStream) -> TokenStream {
    pipeline::record(input.into()).into_tokens().into()
}

/// Makes a unit struct a protocol, from its frames. See `meshwire::protocol`.
#[proc_macro_attribute]
pub fn protocol(args: TokenStream, item: TokenStream) -> TokenStream {
    pipeline::protocol(args.into(), item.into())
        .into_tokens()
        .into()
}
