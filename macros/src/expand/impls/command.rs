//! What a frame means to the host: `Command`, and `Request` or `Response`, on both shapes.

use proc_macro2::TokenStream;
use quote::quote;
use syn::Expr;

use crate::check::Checked;
use crate::expand::calls::{codec_call, coded, wire_fn};
use crate::expand::read::view::{in_view, or_start};
use crate::expand::{header_fields, idents, inputs, values};
use crate::model::constraint::Constraints;
use crate::model::field::{Field, PartKind};
use crate::model::frame::{Direction, Frame};

/// A shape of a frame, which gives what the commands ask for.
struct Shape<'f> {
    frame: &'f Checked<Frame>,
    /// The type, as an impl header names it.
    ty: TokenStream,
    borrowed: bool,
}

pub(in crate::expand) fn of_view(frame: &Checked<Frame>) -> TokenStream {
    let view = idents::view(&frame.ident);
    let shape = Shape {
        frame,
        ty: quote!(#view<'_>),
        borrowed: true,
    };
    shape.impls()
}

pub(in crate::expand) fn of_struct(frame: &Checked<Frame>) -> TokenStream {
    let ident = &frame.ident;
    let shape = Shape {
        frame,
        ty: quote!(#ident),
        borrowed: false,
    };
    shape.impls()
}

/// One question to a shape about one of its fields.
impl Shape<'_> {
    /// Whether a field has a value.
    fn holds(&self, index: usize, value: &Expr) -> TokenStream {
        let field = &self.frame.fields[index];
        let (name, slot) = (&field.ident, idents::slot(field));
        let (is, same) = (wire_fn(field, "is"), wire_fn(field, "same"));
        let value = values::of(self.frame, field, value);
        if field.part().is_some() {
            let region = self.region(field);
            quote!(__mw::same_bytes(#region, #value))
        } else if self.borrowed {
            let run = in_view(self.frame, index);
            let is = quote!(#is(#run, #slot, &#value));
            or_start(
                self.frame,
                index,
                is,
                |start| quote!(#same(&#start, &#value)),
            )
        } else {
            quote!(#same(&self.#name, &#value))
        }
    }

    /// The integer in a field.
    fn int(&self, index: usize) -> TokenStream {
        let field = &self.frame.fields[index];
        let name = &field.ident;
        if self.borrowed {
            quote!(self.#name())
        } else {
            quote!(self.#name)
        }
    }

    /// The number of a code.
    fn code(&self, index: usize) -> TokenStream {
        let field = &self.frame.fields[index];
        let (name, slot) = (&field.ident, idents::slot(field));
        let code = coded(field, "code");
        if self.borrowed {
            let run = in_view(self.frame, index);
            let code_in = coded(field, "code_in");
            let read = quote!(#code_in(#run, #slot));
            or_start(self.frame, index, read, |start| quote!(#code(&#start)))
        } else {
            quote!(#code(&self.#name))
        }
    }

    /// The bytes of a part.
    fn region(&self, part: &Field) -> TokenStream {
        let name = &part.ident;
        if self.borrowed {
            quote!(self.#name)
        } else if part.is_nullable() {
            quote!(__mw::part_region(&self.#name))
        } else {
            quote!(__mw::Part::region(&self.#name))
        }
    }

    /// The metadata of a part with a payload codec.
    fn metadata(&self, part: &Field) -> Option<TokenStream> {
        let codec = part.codec()?;
        Some(if self.borrowed {
            let metadata = idents::metadata(part);
            quote!(self.#metadata)
        } else {
            let (region, slot) = (self.region(part), idents::slot(part));
            let inputs = self.inputs(part)?;
            codec_call(codec, "metadata_of", &quote!(#region, #slot, #inputs))
        })
    }

    /// The inputs of the payload codec of a part.
    fn inputs(&self, part: &Field) -> Option<TokenStream> {
        if self.borrowed {
            inputs::kept(self.frame, part, |run| quote!(self.#run))
        } else {
            inputs::owned(self.frame, part, "self")
        }
    }
}

impl Shape<'_> {
    fn impls(&self) -> TokenStream {
        let command = self.command();
        let direction = self.frame.direction;
        let request = (direction != Direction::Response).then(|| self.request());
        let response = (direction != Direction::Request).then(|| self.response());
        quote! { #command #request #response }
    }

    fn command(&self) -> TokenStream {
        let ty = &self.ty;
        let kind = self.kind();
        let (id, opaque) = self.id();
        let body = self.body();
        let headers = self.write_headers();
        let verbatim = self.is_verbatim();
        let local = self.local();
        let asks = quote!(__mw::Command::kind(self).is_request());
        let (request, response) = match self.frame.direction {
            Direction::Request => (Some(quote!(__mw::Some(self))), None),
            Direction::Response => (None, Some(quote!(__mw::Some(self)))),
            Direction::Either => (
                Some(quote!(if #asks { __mw::Some(self) } else { __mw::None })),
                Some(quote!(if #asks { __mw::None } else { __mw::Some(self) })),
            ),
        };
        let request = request.map(|request| {
            quote! {
                #[inline]
                fn as_request(&self) -> __mw::Option<&dyn __mw::Request> {
                    #request
                }
            }
        });
        let response = response.map(|response| {
            quote! {
                #[inline]
                fn as_response(&self) -> __mw::Option<&dyn __mw::Response> {
                    #response
                }
            }
        });
        quote! {
            #[automatically_derived]
            impl __mw::Command for #ty {
                #[inline]
                fn kind(&self) -> __mw::MessageKind {
                    #kind
                }
                #[inline]
                fn id(&self) -> __mw::u64 {
                    #id
                }
                #opaque
                #verbatim
                #local
                #[inline]
                fn body(&self) -> &[__mw::u8] {
                    #body
                }
                #headers
                #request
                #response
            }
        }
    }

    /// The correlation id as a number, and as received if it is not a number.
    fn id(&self) -> (TokenStream, Option<TokenStream>) {
        let index = self.frame.roles.id;
        let field = self.frame.id();
        let opaque = |id: &TokenStream| {
            quote! {
                fn opaque_id(&self) -> __mw::Option<&[__mw::u8]> {
                    #id
                }
            }
        };
        if let Some(metadata) = self.metadata(field) {
            let region = self.region(field);
            let id = opaque(&quote!(#metadata.opaque_id(#region)));
            return (quote!(#metadata.id()), Some(id));
        }
        if field.fixed().is_some_and(|fixed| fixed.int.is_some()) {
            let int = self.int(index);
            return (quote!(__mw::Int::pattern(#int)), None);
        }
        let bytes = if self.borrowed {
            let (run, slot) = (in_view(self.frame, index), idents::slot(field));
            quote!(__mw::bytes(#run, #slot))
        } else {
            let name = &field.ident;
            quote!(&self.#name[..])
        };
        let id = opaque(&quote!(__mw::Some(#bytes)));
        (quote!(__mw::opaque::number(#bytes)), Some(id))
    }

    fn body(&self) -> TokenStream {
        let Some(body) = self.frame.body() else {
            return quote!(&[]);
        };
        let region = self.region(body);
        match self.metadata(body) {
            Some(metadata) => quote!(#metadata.body(#region)),
            None => region,
        }
    }

    fn kind(&self) -> TokenStream {
        let (frame, ident) = (self.frame, &self.frame.ident);
        if let Some(metadata) = frame.kind_part().and_then(|part| self.metadata(part)) {
            return quote!(#metadata.kind);
        }
        let heartbeat = self.all_hold(frame.heartbeat.as_ref());
        let heartbeat = match &frame.local {
            Some(_) => quote!((#heartbeat) || __mw::Command::local(self).is_some()),
            None => heartbeat,
        };
        let oneway = self.all_hold(frame.oneway.as_ref());
        let oneway = match &frame.verbatim {
            Some(_) => quote!((#oneway) || __mw::Command::is_verbatim(self)),
            None => oneway,
        };
        if frame.direction == Direction::Either {
            let response = self.all_hold(frame.response.as_ref());
            let ack = self.all_hold(frame.heartbeat_ack.as_ref());
            quote!(__mw::kind(__mw::half(#response, #ack), (#heartbeat) | (#ack), #oneway))
        } else {
            quote!(__mw::kind_of::<#ident>(#heartbeat, #oneway))
        }
    }

    /// Whether the mesh answers the frame itself: a request with these values, which is dropped if it is one-way.
    fn local(&self) -> Option<TokenStream> {
        let list = self.frame.local.as_ref()?;
        let (holds, oneway) = (
            self.all_hold(Some(list)),
            self.all_hold(self.frame.oneway.as_ref()),
        );
        let asks = (self.frame.direction == Direction::Either).then(|| {
            let response = self.all_hold(self.frame.response.as_ref());
            let ack = self.all_hold(self.frame.heartbeat_ack.as_ref());
            quote!(!((#response) || (#ack)) &&)
        });
        Some(quote! {
            #[inline]
            fn local(&self) -> __mw::Option<__mw::Local> {
                __mw::local(#asks #holds, #oneway)
            }
        })
    }

    /// Whether hosts leave the frame alone.
    fn is_verbatim(&self) -> Option<TokenStream> {
        let list = self.frame.verbatim.as_ref()?;
        let holds = self.all_hold(Some(list));
        Some(quote! {
            #[inline]
            fn is_verbatim(&self) -> __mw::bool {
                #holds
            }
        })
    }

    /// All constraints of a list, or `false` where there is none.
    fn all_hold(&self, list: Option<&Constraints>) -> TokenStream {
        let Some(list) = list else {
            return quote!(false);
        };
        let holds = list.value.iter().map(|constraint| {
            let values = constraint.values.iter();
            let any: Vec<_> = values
                .map(|value| self.holds(constraint.field, value))
                .collect();
            if let [only] = any.as_slice() {
                only.clone()
            } else {
                quote!((#(#any)||*))
            }
        });
        quote!(#(#holds)&&*)
    }

    /// The fields that are shown as headers, and then the header map.
    fn write_headers(&self) -> TokenStream {
        let fields = self.frame.fields.iter().enumerate();
        let fields = fields.filter_map(|(index, field)| self.to_header(index, field));
        let map = self.frame.headers().map(|headers| self.map(headers));
        let calls: TokenStream = fields.chain(map).collect();
        let out = if calls.is_empty() {
            quote!(_)
        } else {
            quote!(__out)
        };
        quote! {
            #[inline]
            fn write_headers(&self, #out: &mut __mw::HeaderWriter<'_>) -> __mw::Result<()> {
                #calls
                __mw::Ok(())
            }
        }
    }

    fn to_header(&self, index: usize, field: &Field) -> Option<TokenStream> {
        let header = field.header.as_ref()?;
        let key = &header.name.value;
        if header_fields::is_wanted(field) {
            return header_fields::shown(self.frame, index, self.borrowed);
        }
        if field.part().is_some() {
            let region = self.region(field);
            return Some(quote!(__mw::text_to_header(__out, #key, #region);));
        }
        let (name, ty) = (&field.ident, &field.ty);
        let value = match (self.borrowed, field.fixed()?.int.is_some()) {
            (false, _) => quote!(self.#name),
            (true, true) => self.int(index),
            (true, false) => quote!(self.#name()?),
        };
        Some(quote!(__mw::to_header::<#ty>(__out, #key, &#value);))
    }

    fn map(&self, headers: &Field) -> TokenStream {
        let (name, slot) = (&headers.ident, idents::slot(headers));
        if let (Some(codec), Some(inputs)) = (headers.codec(), self.inputs(headers)) {
            let region = self.region(headers);
            let raw = if self.borrowed {
                quote!(self.__raw)
            } else {
                region.clone()
            };
            let args = quote!(#raw, #region, #slot, #inputs, __out);
            let call = codec_call(codec, "headers", &args);
            quote!(#call?;)
        } else if !self.borrowed {
            quote!(__out.all(self.#name.as_headers());)
        } else if headers.format().is_some() {
            let format = idents::format(headers);
            quote!(#format.read(self.__raw, self.#name, #slot, __out)?;)
        } else {
            quote!(__out.all(self.#name()?);)
        }
    }

    fn request(&self) -> TokenStream {
        let ty = &self.ty;
        let timeout = self.timeout();
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
        let status = self.status();
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

    fn timeout(&self) -> TokenStream {
        if let Some(index) = self.frame.roles.timeout {
            let field = &self.frame.fields[index];
            return if let (Some(metadata), Some(codec)) = (self.metadata(field), field.codec()) {
                let (region, inputs) = (self.region(field), self.inputs(field));
                codec_call(codec, "timeout", &quote!(&#metadata, #region, #inputs))
            } else {
                let millis = self.int(index);
                quote!(__mw::timeout(#millis))
            };
        }
        let key = self.frame.headers().and_then(|headers| {
            let part = headers
                .part()
                .filter(|part| part.kind == PartKind::Headers)?;
            part.timeout_key.as_ref()
        });
        if let Some(key) = key.map(|key| &key.value) {
            quote!(__mw::timeout_in(self, #key))
        } else {
            quote!(__mw::Timeout::Unset)
        }
    }

    fn status(&self) -> TokenStream {
        let Some(index) = self.frame.roles.status else {
            return quote!(0);
        };
        match self.metadata(&self.frame.fields[index]) {
            Some(metadata) => quote!(#metadata.status),
            None => self.code(index),
        }
    }
}
