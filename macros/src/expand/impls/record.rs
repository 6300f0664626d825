//! A record: its table, and what its region says of a frame.

mod owned;

use proc_macro2::{Ident, TokenStream};
use quote::{quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Expr, ExprLit, Lit, Path};

use crate::attrs::Given;
use crate::attrs::record::{Case, Encoding, Test};
use crate::check::Checked;
use crate::model::record::{Bits, Entry, Record, Role, Variants};
use crate::names::{self, RecordKey};

/// The rows of the fields.
pub(in crate::expand) fn table(record: &Checked<Record>) -> TokenStream {
    let ident = &record.ident;
    let name = ident.unraw().to_string();
    let entries = record.entries.iter().enumerate();
    let rows = entries.filter_map(|(index, entry)| match entry.bits {
        None => Some(row(record, entry)),
        Some(bits) if bits.head == index => Some(integer(record, index)),
        Some(_) => None,
    });
    let cases = record
        .cases
        .iter()
        .map(|case| self::case(record, &case.value));
    let fields = record.entries.iter().map(|entry| &entry.ident);
    let inner_fields = inner_fields(record);
    let value = owned::value(record);
    quote! {
        #(#inner_fields)*
        // The fields say what a region has, and nothing else has them.
        const _: fn(&#ident) = |__record| {
            let _ = (#(&__record.#fields,)*);
        };
        #[automatically_derived]
        impl __mw::Record for #ident {
            const TABLE: &'static __mw::Table = {
                const __ROWS: &[__mw::Row] = &__mw::record::placed([#(#rows),*]);
                static __TABLE: __mw::Table =
                    __mw::Table::new(#name, __ROWS).with_cases(&[#(#cases),*]);
                &__TABLE
            };
        }
        #[automatically_derived]
        impl __mw::RecordField for #ident {
            const TY: __mw::Ty = __mw::Ty::Record(<Self as __mw::Record>::TABLE);
            #value
        }
    }
}

fn key(entry: &Entry) -> TokenStream {
    if entry.rest.is_some() {
        return quote!(__mw::Key::Rest);
    }
    match &entry.key {
        Lit::Str(name) => quote!(__mw::Key::Name(#name)),
        number => quote!(__mw::Key::Number(#number)),
    }
}

/// The row of an integer whose bits are fields.
fn integer(record: &Record, head: usize) -> TokenStream {
    let first = &record.entries[head];
    let (key, name) = (key(first), first.ident.unraw().to_string());
    let group = group(record, head);
    let width: u32 = group.clone().map(|(_, bits)| u32::from(bits.count)).sum();
    let width = proc_macro2::Literal::u8_unsuffixed(u8::try_from(width).unwrap_or(64));
    let defaults = group.filter_map(|(entry, bits)| {
        let shift = proc_macro2::Literal::u8_unsuffixed(bits.shift);
        let value = entry.default.as_ref()?;
        Some(quote!(((#value) as __mw::u64) << #shift))
    });
    let defaults: Vec<_> = defaults.collect();
    let default =
        (!defaults.is_empty()).then(|| quote!(.default(&__mw::RecordDefault::Int(#(#defaults)|*))));
    quote! {
        __mw::Row::new(#key, #name, __mw::Ty::Int { bits: #width, signed: true }) #default
    }
}

/// The fields of an integer whose first one is `head`.
fn group(record: &Record, head: usize) -> impl Iterator<Item = (&Entry, Bits)> + Clone {
    let entries = record.entries.iter();
    entries.filter_map(move |entry| {
        let bits = entry.bits.filter(|bits| bits.head == head)?;
        Some((entry, bits))
    })
}

fn row(record: &Record, entry: &Entry) -> TokenStream {
    let (ty, name) = (&entry.ty, entry.ident.unraw().to_string());
    let key = key(entry);
    let header = entry.header.as_ref().map(|name| quote!(.header(#name)));
    let role = entry.role.as_ref().map(|(role, _)| {
        let role = match role {
            Role::Id => quote!(Id),
            Role::Timeout => quote!(Timeout),
            Role::Status => quote!(Status),
            Role::Headers => quote!(Headers),
            Role::Body => quote!(Body),
        };
        quote!(.role(__mw::RecordRole::#role))
    });
    let of = record.kind_of(entry).map(|kind| {
        let kind = self::kind(kind);
        quote!(.of(#kind))
    });
    let default = entry.default.as_ref().map(default);
    let other = entry
        .other
        .as_ref()
        .map(|status| quote!(.other(&((#status) as __mw::i64))));
    let tag = entry.tag.as_ref().map(|tag| {
        let values = &tag.value;
        let values = (!values.is_empty())
            .then(|| quote!(.values(&[#((#values) as __mw::i64 as __mw::u64),*])));
        quote!(.tag() #values)
    });
    let required = entry.required.as_ref().map(|_| quote!(.required()));
    let given = entry.given.iter().map(|given| {
        let (name, value) = (given.key.unraw().to_string(), &given.value);
        quote!((#name, (#value) as __mw::u64))
    });
    let given = (!entry.given.is_empty()).then(|| quote!(.given(&[#(#given),*])));
    let sought = record.is_sought(entry).then(|| quote!(.sought()));
    let echo = entry.echo.then(|| quote!(.echo()));
    let reason = entry.reason.as_ref().map(|_| quote!(.reason()));
    quote_spanned! {ty.span()=>
        __mw::Row::of_type::<#ty>(#key, #name) #header #role #other #tag #of #sought #required #echo #reason #default #given
    }
}

fn default(value: &Expr) -> TokenStream {
    match value {
        Expr::Lit(ExprLit {
            lit: Lit::Str(text),
            ..
        }) => quote!(.default(&__mw::RecordDefault::Text(#text.as_bytes()))),
        Expr::Lit(ExprLit {
            lit: Lit::ByteStr(bytes),
            ..
        }) => quote!(.default(&__mw::RecordDefault::Text(#bytes))),
        number => quote!(.default(&__mw::RecordDefault::Int((#number) as __mw::i64 as __mw::u64))),
    }
}

fn case(record: &Record, case: &Case) -> TokenStream {
    let kind = kind(case.kind);
    let conditions = case.tests.iter().filter_map(|test| {
        let index = record.row_of(&test.field)?;
        let place = match &test.inner {
            None => quote!(#index),
            Some(inner) => {
                let name = inner.unraw().to_string();
                quote_spanned!(inner.span()=> __mw::record::place_of(__ROWS, #index, #name))
            }
        };
        let test = self::test(record, test);
        Some(quote!(__mw::RecordCondition { place: #place, test: #test }))
    });
    quote!(__mw::Case { kind: #kind, conditions: &[#(#conditions),*] })
}

/// What a field has to be.
fn test(record: &Record, test: &Test) -> TokenStream {
    let bits = record.entry(&test.field).and_then(|entry| entry.bits);
    compared(&test.values, bits)
}

fn compared(values: &[Expr], bits: Option<Bits>) -> TokenStream {
    match values.first() {
        None => quote!(__mw::Test::Present),
        Some(Expr::Lit(ExprLit {
            lit: Lit::Str(_), ..
        })) => quote!(__mw::Test::Text(&[#(#values.as_bytes()),*])),
        Some(_) => {
            let (shift, unused) = bits.map_or((0, 0), |bits| (bits.shift, 64 - bits.count));
            let shift = proc_macro2::Literal::u8_unsuffixed(shift);
            let unused = proc_macro2::Literal::u8_unsuffixed(unused);
            quote! {
                __mw::Test::Is {
                    mask: (__mw::u64::MAX >> #unused) << #shift,
                    values: &[#(((#values) as __mw::i64 as __mw::u64) << #shift),*],
                }
            }
        }
    }
}

/// The compiler finds the fields that conditions name inside others.
fn inner_fields(record: &Record) -> impl Iterator<Item = TokenStream> {
    let tests = record.cases.iter().flat_map(|case| &case.value.tests);
    tests.filter_map(|test| {
        let inner = test.inner.as_ref()?;
        let ty = record.entry(&test.field)?.record();
        Some(quote_spanned! {inner.span()=>
            const _: fn(&#ty) = |__inner: &#ty| {
                let _ = &__inner.#inner;
            };
        })
    })
}

fn kind(key: RecordKey) -> TokenStream {
    let kind = match key {
        RecordKey::Oneway => quote!(OneWay),
        RecordKey::Response => quote!(Response),
        RecordKey::Heartbeat => quote!(Heartbeat),
        RecordKey::HeartbeatAck => quote!(HeartbeatAck),
        _ => quote!(Request),
    };
    quote!(__mw::MessageKind::#kind)
}

/// An enum of records.
pub(in crate::expand) fn variants(variants: &Checked<Variants>) -> TokenStream {
    let (ident, records) = (&variants.ident, &variants.records);
    let name = ident.unraw().to_string();
    let tables = records
        .iter()
        .map(|(_, ty)| quote_spanned!(ty.span()=> <#ty as __mw::Record>::TABLE));
    // A plugin makes regions, not values: to the compiler, the variants are used.
    let used = records
        .iter()
        .map(|(variant, ty)| quote!(const _: fn(#ty) -> #ident = #ident::#variant;));
    let codec = variants.encoding.as_ref().map(|given| {
        let encoding = fitted(ident, given, false);
        let table = quote!(<Self as __mw::Record>::TABLE);
        let size = quote!({ <#ident as __mw::Record>::TABLE.size() });
        let general =
            quote!(__mw::record::locate_of_several::<_, #size>(#encoding, __region, #table));
        let scans = records.iter().map(|(_, ty)| {
            let table = quote!(<#ty as __mw::Record>::TABLE);
            quote! {
                __mw::record::glance_as::<_, #ty, { #table.rows.len() }>(
                    #encoding,
                    __region,
                )
            }
        });
        let of_record = OfRecord {
            runtime: names::runtime(variants.krate.as_ref()),
            several: true,
            kind: None,
            glance: quote! {{
                #(match #scans {
                    __mw::record::Scanned::Is(__located) => return __mw::Some(__located),
                    __mw::record::Scanned::Other => {}
                    __mw::record::Scanned::Unclear => return __mw::None,
                })*
                __mw::None
            }},
            locate: general,
            answer: Some(quote!(answer::<_, #size, true>)),
            encoding,
        };
        let codec = region(ident, given, &of_record);
        let owned = owned::of_variants(variants, &of_record.encoding);
        quote!(#codec #owned)
    });
    quote! {
        #[automatically_derived]
        impl __mw::Record for #ident {
            const TABLE: &'static __mw::Table = {
                static __TABLE: __mw::Table = __mw::Table::of_variants(#name, &[#(#tables),*]);
                &__TABLE
            };
        }
        #(#used)*
        #codec
    }
}

/// What the region of the outermost record says of its frame.
pub(in crate::expand) fn codec(record: &Checked<Record>) -> TokenStream {
    let Some(given) = &record.encoding else {
        return TokenStream::new();
    };
    let ident = &record.ident;
    let encoding = fitted(ident, given, record.echo.is_some());
    let size = quote!({ <#ident as __mw::Record>::TABLE.size() });
    let rows = quote!({ <#ident as __mw::Record>::TABLE.rows.len() });
    let repeats = record.entries.iter().any(|entry| entry.echo);
    let of_record = OfRecord {
        runtime: names::runtime(record.krate.as_ref()),
        several: false,
        kind: record.cases.is_empty().then(|| {
            quote!(
                const HAS_KIND: __mw::bool = false;
            )
        }),
        glance: quote!(__mw::record::glance::<_, Self, #rows>(#encoding, __region)),
        locate: quote! {
            __mw::record::locate::<_, #size>(#encoding, __region, <Self as __mw::Record>::TABLE)
        },
        answer: if record.echo.is_some() {
            Some(quote!(repeated::<_, #size>))
        } else {
            repeats.then(|| quote!(answer::<_, #size, false>))
        },
        encoding,
    };
    let codec = region(ident, given, &of_record);
    let owned = owned::of_record(ident, &of_record.encoding);
    quote!(#codec #owned)
}

/// What differs between one record and several.
struct OfRecord {
    /// The crate `meshwire`.
    runtime: Path,
    several: bool,
    /// The encoding, with the code for what the record has.
    encoding: TokenStream,
    /// `HAS_KIND`, of a record whose frame knows its kind.
    kind: Option<TokenStream>,
    glance: TokenStream,
    locate: TokenStream,
    /// The function that makes an answer, if it repeats something.
    answer: Option<TokenStream>,
}

fn encoding(encoding: &Encoding) -> TokenStream {
    match encoding {
        Encoding::Protobuf => quote!(__mw::Protobuf),
        Encoding::Json => quote!(__mw::Json),
        Encoding::Jce => quote!(__mw::Jce),
        Encoding::Bitmap(formats) => quote!(__mw::Bitmap::new(&#formats)),
        Encoding::Xml(root) => quote!(__mw::Xml::new(#root)),
        Encoding::Tlv(types) => {
            let (tag, length) = &**types;
            quote!(__mw::Tlv::<#tag, #length>::new())
        }
        Encoding::Entry(layout) => quote!(__mw::Drawn::<#layout>::new()),
        Encoding::Other(value) => quote!(#value),
    }
}

/// The encoding with the features of the record; `repeated` if answers are their request with changes.
fn fitted(ident: &Ident, given: &Given<Encoding>, repeated: bool) -> TokenStream {
    let encoding = encoding(&given.value);
    let features = quote!({
        __mw::record::Features::of(<#ident as __mw::Record>::TABLE, #repeated)
    });
    quote!(__mw::record::Fitted::<_, #features>::new(#encoding))
}

fn region(ident: &Ident, given: &Given<Encoding>, of_record: &OfRecord) -> TokenStream {
    let place = given.key.span();
    let largest_id = if let Encoding::Bitmap(formats) = &given.value {
        quote!(__mw::bitmap::largest_id(&#formats, <Self as __mw::Record>::TABLE))
    } else {
        quote!(<Self as __mw::Record>::TABLE.largest_id())
    };
    let table = quote!(<Self as __mw::Record>::TABLE);
    let size = quote!({ <#ident as __mw::Record>::TABLE.size() });
    let OfRecord {
        runtime,
        several,
        encoding,
        kind,
        glance,
        locate,
        answer,
    } = of_record;
    let template = if *several {
        quote!(__mw::record::answer::<_, #size, true>(#encoding, #table, __template, &[]))
    } else {
        quote!(__mw::record::template(#encoding, #table, __template))
    };
    let answer = answer.as_ref().map(|answer| {
        quote! {
            fn answer(
                __template: __mw::Template,
                __inputs: (),
                __request: &[__mw::u8],
            ) -> __mw::Option<__mw::Vec<__mw::u8>> {
                __mw::record::#answer(#encoding, #table, __template, __request)
            }
        }
    });
    let doubtful = matches!(given.value, Encoding::Json).then(|| {
        quote! {
            fn is_doubtful(__region: &[__mw::u8], __inputs: (), __header: &__mw::str) -> __mw::bool {
                __mw::record::json::is_doubtful(__region, #table, __header)
            }
        }
    });
    let fits = quote_spanned! {place=>
        const _: () = __mw::record::fits(
            <#ident as __mw::Record>::TABLE,
            __mw::record::rules_of(&#encoding),
        );
    };
    let (metadata, replace_id) = (metadata(glance, locate), replace_id(encoding));
    let keys = keys(runtime, ident, encoding);
    quote! {
        #fits
        #[automatically_derived]
        impl __mw::PayloadCodec for #ident {
            type Inputs = ();
            const LARGEST_ID: __mw::u64 = #largest_id;
            const HAS_OPAQUE_ID: __mw::bool = <Self as __mw::Record>::TABLE.has_opaque_id();
            #kind
            #keys
            #metadata
            #replace_id
            fn timeout(__region: &[__mw::u8], __inputs: ()) -> __mw::Option<__mw::Timeout> {
                __mw::record::timeout::<_, #size, #several>(#encoding, __region, #table)
            }
            fn headers(
                __region: &[__mw::u8],
                __inputs: (),
                __out: &mut __mw::HeaderWriter<'_>,
            ) -> __mw::Result<(), __mw::FormatError> {
                __mw::record::headers::<_, #size, #several>(#encoding, __region, #table, __out)
            }
            fn rewrite(
                __region: &[__mw::u8],
                __inputs: (),
                __changes: &__mw::MetadataEdits<'_>,
                __out: &mut __mw::Vec<__mw::u8>,
            ) -> __mw::Result<(), __mw::FormatError> {
                __mw::record::rewrite::<_, #size, #several>(#encoding, __region, #table, __changes, __out)
            }
            fn template(
                __template: __mw::Template,
                __inputs: (),
            ) -> __mw::Option<__mw::Vec<__mw::u8>> {
                #template
            }
            #answer
            #doubtful
        }
    }
}

/// What finds and names its keys, in errors and dumps: a plugin has nothing of it.
fn keys(runtime: &Path, ident: &Ident, encoding: &TokenStream) -> TokenStream {
    let table = quote!(<#ident as __mw::Record>::TABLE);
    quote! {
        #runtime::__for_conformance! {
            const KEYS: __mw::Option<&'static __mw::Keys> = {
                static __KEYS: __mw::Keys = __mw::Keys {
                    key_at: |__region, __offset, __reason| {
                        __mw::record::key_at(#encoding, __region, #table, (__offset, __reason))
                    },
                    path: |__key| __mw::record::path(#table, __key),
                    entries: |__region| __mw::record::entries(#encoding, __region, #table),
                    declared: || __mw::record::declared(#table),
                };
                __mw::Some(&__KEYS)
            };
        }
    }
}

/// The functions that say what a region says of its frame.
fn metadata(glance: &TokenStream, locate: &TokenStream) -> TokenStream {
    quote! {
            fn metadata(
                __region: &[__mw::u8],
                __inputs: (),
            ) -> __mw::Result<__mw::PayloadMetadata, __mw::FormatError> {
                let __located = match <Self as __mw::PayloadCodec>::glance(__region, __inputs) {
                    __mw::Some(__located) => __located,
                    __mw::None => <Self as __mw::PayloadCodec>::locate(__region, __inputs)?,
                };
                __mw::Ok(__mw::record::Located::into_metadata(__located))
            }
            #[inline]
            fn glance(
                __region: &[__mw::u8],
                __inputs: (),
            ) -> __mw::Option<__mw::record::Located> {
                #glance
            }
            fn locate(
                __region: &[__mw::u8],
                __inputs: (),
            ) -> __mw::Result<__mw::record::Located, __mw::FormatError> {
                #locate
            }
    }
}

/// The function that replaces the id of a frame that is passed on.
fn replace_id(encoding: &TokenStream) -> TokenStream {
    quote! {
        #[inline]
        fn replace_id(
            __raw: (&[__mw::u8], __mw::usize),
            __place: __mw::RecordIdPlace,
            __id: __mw::IdEdit<'_>,
            __out: &mut __mw::Vec<__mw::u8>,
        ) -> __mw::Result<__mw::usize, __mw::FormatError> {
            __mw::record::replace_id::<_, Self>(#encoding, __raw, __place, __id, __out)
        }
    }
}
