//! What a frame means to the host: `Command`, and `Request` or `Response`, on both shapes.

use proc_macro2::{Ident, TokenStream};
use quote::quote;

use super::idents;
use crate::check::Checked;
use crate::model::field::Field;
use crate::model::frame::{Constraints, Frame, Kind};

/// How a shape gives what the commands ask for.
struct Shape<'f> {
    frame: &'f Checked<Frame>,
    /// The type, as an impl header names it.
    ty: TokenStream,
    /// Whether a fixed field has a value.
    holds: fn(&Field, value: &syn::Expr) -> TokenStream,
    /// The integer in a field.
    int: fn(&Field) -> TokenStream,
    /// The number of the status.
    code: fn(&Field) -> TokenStream,
    body: fn(&Ident) -> TokenStream,
    /// Appends the headers to `__out`.
    headers: fn(&Field) -> TokenStream,
}

pub(super) fn of_view(frame: &Checked<Frame>) -> TokenStream {
    let view = idents::view(&frame.ident);
    let shape = Shape {
        frame,
        ty: quote!(#view<'_>),
        holds: |field, value| {
            let (ty, slot) = (&field.ty, idents::slot(field));
            quote!(__mw::is::<#ty>(self.__head, #slot, &(#value)))
        },
        int: |field| {
            let (ty, slot) = (&field.ty, idents::slot(field));
            quote!(__mw::get::<#ty>(self.__head, #slot))
        },
        code: |field| {
            let (ty, slot) = (&field.ty, idents::slot(field));
            quote!(__mw::Int::signed(__mw::get::<<#ty as __mw::Fixed>::Bits>(self.__head, #slot)))
        },
        body: |body| quote!(self.#body),
        headers: |headers| {
            let name = &headers.ident;
            if headers.format().is_some() {
                let (format, slot) = (idents::format(headers), idents::slot(headers));
                quote!(#format.read(self.__raw, self.#name, #slot, __out)?;)
            } else {
                quote!(__out.all(self.#name()?);)
            }
        },
    };
    shape.impls()
}

pub(super) fn of_struct(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let shape = Shape {
        frame,
        ty: quote!(#ident),
        holds: |field, value| {
            let (ty, name) = (&field.ty, &field.ident);
            quote!(__mw::same::<#ty>(&self.#name, &(#value)))
        },
        int: |field| {
            let name = &field.ident;
            quote!(self.#name)
        },
        code: |field| {
            let name = &field.ident;
            quote!(__mw::code(&self.#name))
        },
        body: |body| quote!(&self.#body),
        headers: |headers| {
            let name = &headers.ident;
            quote!(__out.all(self.#name.as_headers());)
        },
    };
    shape.impls()
}

impl Shape<'_> {
    fn impls(&self) -> TokenStream {
        let command = self.command();
        let kind = self.frame.kind;
        let request = (kind != Kind::Response).then(|| self.request());
        let response = (kind != Kind::Request).then(|| self.response());
        quote! { #command #request #response }
    }

    fn command(&self) -> TokenStream {
        let ty = &self.ty;
        let kind = self.kind();
        let id = (self.int)(self.frame.id());
        let body = self.frame.body().map(|body| (self.body)(&body.ident));
        let body = body.unwrap_or_else(|| quote!(&[]));
        let headers = self.write_headers();
        let (request, response) = match self.frame.kind {
            Kind::Request => (quote!(__mw::Some(self)), quote!(__mw::None)),
            Kind::Response => (quote!(__mw::None), quote!(__mw::Some(self))),
            Kind::Either => {
                let asks = quote!(__mw::Command::kind(self).is_request());
                (
                    quote!(if #asks { __mw::Some(self) } else { __mw::None }),
                    quote!(if #asks { __mw::None } else { __mw::Some(self) }),
                )
            }
        };
        quote! {
            #[automatically_derived]
            impl __mw::Command for #ty {
                #[inline]
                fn kind(&self) -> __mw::Kind {
                    #kind
                }
                #[inline]
                fn id(&self) -> __mw::u64 {
                    __mw::Int::pattern(#id)
                }
                #[inline]
                fn body(&self) -> &[__mw::u8] {
                    #body
                }
                #headers
                #[inline]
                fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
                    #request
                }
                #[inline]
                fn as_response(&self) -> __mw::Option<&dyn __mw::Response> {
                    #response
                }
            }
        }
    }

    fn kind(&self) -> TokenStream {
        let (frame, ident) = (self.frame, &self.frame.ident);
        let heartbeat = self.all_hold(frame.heartbeat.as_ref());
        let oneway = self.all_hold(frame.oneway.as_ref());
        if frame.kind == Kind::Either {
            let response = self.all_hold(frame.response.as_ref());
            let ack = self.all_hold(frame.heartbeat_ack.as_ref());
            quote!(__mw::kind(__mw::half(#response, #ack), #heartbeat | #ack, #oneway))
        } else {
            quote!(__mw::kind(<#ident as __mw::Frame>::ROLE, #heartbeat, #oneway))
        }
    }

    /// All constraints of a list, or `false` where there is none.
    fn all_hold(&self, list: Option<&Constraints>) -> TokenStream {
        let Some(list) = list else {
            return quote!(false);
        };
        let holds = list.value.iter().map(|constraint| {
            let field = &self.frame.fields[constraint.field];
            (self.holds)(field, &constraint.value)
        });
        quote!(#(#holds)&&*)
    }

    fn write_headers(&self) -> TokenStream {
        let (out, body) = match self.frame.headers() {
            Some(headers) => (quote!(__out), (self.headers)(headers)),
            None => (quote!(_), TokenStream::new()),
        };
        quote! {
            #[inline]
            fn write_headers(&self, #out: &mut __mw::HeaderWriter<'_>) -> __mw::Result<(), __mw::Error> {
                #body
                __mw::Ok(())
            }
        }
    }

    fn request(&self) -> TokenStream {
        let ty = &self.ty;
        let timeout = self.frame.timeout().map(|timeout| {
            let millis = (self.int)(timeout);
            quote!(__mw::timeout(#millis))
        });
        let timeout = timeout.unwrap_or_else(|| quote!(__mw::Timeout::Unset));
        quote! {
            #[automatically_derived]
            impl __mw::Request for #ty {
                #[inline]
                fn timeout(&self) -> __mw::Timeout {
                    #timeout
                }
            }
        }
    }

    fn response(&self) -> TokenStream {
        let ty = &self.ty;
        let status = self.frame.status().map(self.code);
        let status = status.unwrap_or_else(|| quote!(0));
        quote! {
            #[automatically_derived]
            impl __mw::Response for #ty {
                #[inline]
                fn status(&self) -> __mw::i64 {
                    #status
                }
            }
        }
    }
}
