//! All mistakes of one input, collected.

use std::fmt::Display;

use proc_macro2::{Span, TokenStream};
use quote::ToTokens;

/// The mistakes found so far. Reading on after a mistake lets the user fix all of them at once.
///
/// Dropping it unread would swallow them and let a broken expansion through, so that is a bug, and in
/// debug builds a panic.
#[derive(Debug)]
pub(crate) struct Errors {
    found: Option<Vec<syn::Error>>,
}

impl Errors {
    pub(crate) fn new() -> Self {
        Errors {
            found: Some(Vec::new()),
        }
    }

    /// A mistake at one token.
    pub(crate) fn at(&mut self, span: Span, message: impl Display) {
        self.add(syn::Error::new(span, message));
    }

    /// A mistake over all of `tokens`.
    pub(crate) fn on(&mut self, tokens: impl ToTokens, message: impl Display) {
        self.add(syn::Error::new_spanned(tokens, message));
    }

    pub(crate) fn add(&mut self, error: syn::Error) {
        if let Some(found) = &mut self.found {
            found.push(error);
        }
    }

    /// The value, or its error noted.
    pub(crate) fn ok<T>(&mut self, result: syn::Result<T>) -> Option<T> {
        result.map_err(|error| self.add(error)).ok()
    }

    /// `Some` while nothing was found: the way into the next stage, taken with `?`.
    pub(crate) fn gate(&self) -> Option<()> {
        let clean = self.found.as_ref().is_none_or(Vec::is_empty);
        clean.then_some(())
    }

    /// Reads an input that is known to have mistakes, for what can be made of it.
    pub(crate) fn ignored<T>(read: impl FnOnce(&mut Errors) -> T) -> T {
        let mut errors = Errors::new();
        let read = read(&mut errors);
        drop(errors.finish());
        read
    }

    /// Hands out what was found, in the order of the stages.
    pub(crate) fn finish(mut self) -> Vec<syn::Error> {
        self.found.take().unwrap_or_default()
    }
}

impl Drop for Errors {
    fn drop(&mut self) {
        if self.found.is_some() && !std::thread::panicking() {
            debug_assert!(false, "errors were dropped unread");
        }
    }
}

/// The errors as tokens that make the compiler report each of them.
pub(crate) fn report(errors: &[syn::Error]) -> TokenStream {
    errors.iter().map(syn::Error::to_compile_error).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gate_opens_only_for_none() {
        let mut errors = Errors::new();
        assert!(errors.gate().is_some());
        errors.at(Span::call_site(), "first");
        assert!(errors.gate().is_none());
        errors.at(Span::call_site(), "second");
        let texts: Vec<String> = errors.finish().iter().map(ToString::to_string).collect();
        assert_eq!(texts, ["first", "second"]);
    }

    #[test]
    #[should_panic = "errors were dropped unread"]
    fn errors_are_not_lost() {
        drop(Errors::new());
    }
}
