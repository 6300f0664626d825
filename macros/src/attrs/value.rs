//! The forms a value can have, each read once.

use proc_macro2::{Ident, TokenStream, TokenTree};
use quote::{ToTokens, quote};
use syn::ext::IdentExt;
use syn::parse::{Parse, ParseStream};
use syn::{Expr, Item, LitInt, LitStr, Path, Token, Type, parenthesized, token};

use super::Found;
use crate::suggest;

/// A value that is one of a few words.
pub(crate) trait Word: Copy + 'static {
    const WORDS: &'static [(&'static str, Self)];
}

impl Word for bool {
    const WORDS: &'static [(&'static str, Self)] = &[("true", true), ("false", false)];
}

/// The order of the bytes of an integer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Endian {
    Big,
    Little,
}

impl Word for Endian {
    const WORDS: &'static [(&'static str, Self)] =
        &[("big", Endian::Big), ("little", Endian::Little)];
}

/// What an answer has in the place of a field of its request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Echo {
    /// The value of another field.
    pub(crate) of: Option<Ident>,
    pub(crate) change: Option<EchoChange>,
}

/// How the value differs from that of the request.
#[derive(Clone, Debug)]
pub(crate) enum EchoChange {
    /// It is larger by this number.
    Add(Expr),
    /// It has these bits, too.
    Set(Expr),
}

impl EchoChange {
    pub(crate) fn number(&self) -> &Expr {
        match self {
            EchoChange::Add(number) | EchoChange::Set(number) => number,
        }
    }
}

/// How bytes are a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    Hex,
}

impl Word for Form {
    const WORDS: &'static [(&'static str, Self)] = &[("hex", Form::Hex)];
}

/// `field = value`, as in `heartbeat(cmd_code = 0)`, or `field(value, …)`, where any of them will do.
#[derive(Clone, Debug)]
pub(crate) struct Equation {
    pub(crate) field: Ident,
    /// At least one: the first is the one to write.
    pub(crate) values: Vec<Expr>,
}

/// Some fields in a row: `field`, `first..=last`, `first..` up to the end, `..=last` from the start,
/// `..` all.
#[derive(Clone, Debug)]
pub(crate) struct Extent {
    pub(crate) first: Option<Ident>,
    pub(crate) last: Option<Ident>,
}

impl Extent {
    /// The field, where it is only one by its name.
    pub(crate) fn single(&self) -> Option<&Ident> {
        match (&self.first, &self.last) {
            (Some(first), Some(last)) if first == last => Some(first),
            _ => None,
        }
    }
}

impl ToTokens for Extent {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        if let Some(only) = self.single() {
            only.to_tokens(tokens);
        } else {
            let (first, last) = (&self.first, &self.last);
            let equals = last.as_ref().map(|last| quote!(=#last));
            tokens.extend(quote!(#first..#equals));
        }
    }
}

/// One row of a status map.
#[derive(Clone, Debug)]
pub(crate) struct StatusRow {
    pub(crate) code: StatusCode,
    pub(crate) value: Expr,
}

/// The left side of a row of a status map.
#[derive(Clone, Debug)]
pub(crate) enum StatusCode {
    Code(LitInt),
    Rest(Token![_]),
}

/// Nothing: the key says it all.
#[expect(clippy::unnecessary_wraps, reason = "every other form can fail")]
pub(crate) fn none<K>(_: &Found<K>, _: ParseStream) -> syn::Result<()> {
    Ok(())
}

/// `= value`, an expression.
pub(crate) fn expr<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Expr> {
    equals(found, input)?;
    input.parse()
}

/// `= value`, or `(value, …)`.
pub(crate) fn exprs<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Vec<Expr>> {
    if input.peek(Token![=]) {
        return Ok(vec![expr(found, input)?]);
    }
    list(found, input, Expr::parse)
}

/// `= field`, or `= first..=last` with either end left out.
pub(crate) fn extent<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Extent> {
    equals(found, input)?;
    let first: Option<Ident> = input.parse()?;
    if input.peek(Token![..=]) {
        input.parse::<Token![..=]>()?;
        let last = Some(input.parse().map_err(|_| found.misspelt())?);
        return Ok(Extent { first, last });
    }
    if input.peek(Token![..]) {
        input.parse::<Token![..]>()?;
        if input.peek(syn::Ident) {
            return Err(input.error("write `..=`: the range includes its last field"));
        }
        return Ok(Extent { first, last: None });
    }
    match first {
        Some(only) => Ok(Extent {
            first: Some(only.clone()),
            last: Some(only),
        }),
        None => Err(found.misspelt()),
    }
}

/// `= path`
fn path<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Path> {
    equals(found, input)?;
    input
        .call(Path::parse_mod_style)
        .map_err(|_| found.misspelt())
}

/// `= path`, of a crate or module whose macros can be called as items.
pub(crate) fn module<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Path> {
    let path = path(found, input)?;
    // `Self::m! {}` is no item, for example.
    if syn::parse2::<Item>(quote!(#path::m! {})).is_err() {
        let key = &found.ident;
        return Err(syn::Error::new_spanned(
            path,
            format_args!("`{key}` takes the path of a crate or module: write `{key} = ::meshwire`"),
        ));
    }
    Ok(path)
}

/// `= Type`
pub(crate) fn ty<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Type> {
    equals(found, input)?;
    input.parse()
}

/// `= "text"`
pub(crate) fn string<K>(found: &Found<K>, input: ParseStream) -> syn::Result<LitStr> {
    equals(found, input)?;
    input.parse().map_err(|_| found.misspelt())
}

/// `("text", …)`
pub(crate) fn strings<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Vec<LitStr>> {
    list(found, input, |inner| {
        inner.parse().map_err(|_| found.misspelt())
    })
}

/// `= word`
pub(crate) fn word<K, T: Word>(found: &Found<K>, input: ParseStream) -> syn::Result<T> {
    equals(found, input)?;
    let word = input.call(Ident::parse_any).map_err(|_| found.misspelt())?;
    let text = word.to_string();
    if let Some((_, value)) = T::WORDS.iter().find(|(name, _)| *name == text) {
        return Ok(*value);
    }
    let words: Vec<&str> = T::WORDS.iter().map(|(name, _)| *name).collect();
    let instead = suggest::instead(&text, &words);
    let key = &found.ident;
    Err(syn::Error::new(
        word.span(),
        format_args!("unknown value `{text}` of `{key}`{instead}"),
    ))
}

/// `(Path, …)`
pub(crate) fn paths<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Vec<Path>> {
    list(found, input, Path::parse_mod_style)
}

/// `(field, …)`
pub(crate) fn idents<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Vec<Ident>> {
    list(found, input, |inner| {
        inner.parse().map_err(|_| found.misspelt())
    })
}

/// Nothing, `= field`, `(add = number)`, `(set = bits)`, or one of these after a field: `(field, add = number)`
pub(crate) fn echo<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Echo> {
    if input.peek(Token![=]) {
        equals(found, input)?;
        let of = input.parse().map_err(|_| found.misspelt())?;
        return Ok(Echo {
            of: Some(of),
            change: None,
        });
    }
    let mut echo = Echo::default();
    if !input.peek(token::Paren) {
        return Ok(echo);
    }
    let items = list(found, input, |inner| {
        let word: Ident = inner.parse().map_err(|_| found.misspelt())?;
        if !inner.peek(Token![=]) {
            return Ok((word, None));
        }
        inner.parse::<Token![=]>()?;
        Ok((word, Some(inner.parse::<Expr>()?)))
    })?;
    for (word, value) in items {
        let free = echo.change.is_none();
        match (word.to_string().as_str(), value) {
            ("add", Some(number)) if free => echo.change = Some(EchoChange::Add(number)),
            ("set", Some(bits)) if free => echo.change = Some(EchoChange::Set(bits)),
            (_, None) if free && echo.of.is_none() => echo.of = Some(word),
            _ => return Err(found.misspelt()),
        }
    }
    Ok(echo)
}

/// `(field = value, …)`, or `(field(value, …), …)`
pub(crate) fn equations<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Vec<Equation>> {
    list(found, input, |inner| {
        let field: Ident = inner.parse().map_err(|_| found.misspelt())?;
        if inner.peek(token::Paren) {
            let values = list(found, inner, Expr::parse)?;
            if values.is_empty() {
                return Err(syn::Error::new(
                    field.span(),
                    format_args!("`{field}` has no value here: write `{field} = value`"),
                ));
            }
            return Ok(Equation { field, values });
        }
        inner.parse::<Token![=]>().map_err(|_| found.misspelt())?;
        let values = vec![inner.parse()?];
        Ok(Equation { field, values })
    })
}

/// Nothing, or `(field = value, …)`
pub(crate) fn perhaps_equations<K>(
    found: &Found<K>,
    input: ParseStream,
) -> syn::Result<Option<Vec<Equation>>> {
    if input.peek(token::Paren) {
        equations(found, input).map(Some)
    } else {
        Ok(None)
    }
}

/// `(200 => 0, …, _ => 1)`
pub(crate) fn status_map<K>(found: &Found<K>, input: ParseStream) -> syn::Result<Vec<StatusRow>> {
    list(found, input, |inner| {
        let code = if inner.peek(Token![_]) {
            StatusCode::Rest(inner.parse()?)
        } else if inner.peek(syn::LitInt) {
            StatusCode::Code(inner.parse()?)
        } else {
            return Err(inner.error("expected a status code of the host, or `_` for all others"));
        };
        inner.parse::<Token![=>]>().map_err(|_| found.misspelt())?;
        let value = inner.parse()?;
        Ok(StatusRow { code, value })
    })
}

fn equals<K>(found: &Found<K>, input: ParseStream) -> syn::Result<()> {
    input
        .parse::<Token![=]>()
        .map(drop)
        .map_err(|_| found.misspelt())
}

pub(crate) fn list<K, T>(
    found: &Found<K>,
    input: ParseStream,
    each: impl Fn(ParseStream) -> syn::Result<T>,
) -> syn::Result<Vec<T>> {
    if !input.peek(token::Paren) {
        return Err(found.misspelt());
    }
    let inner;
    parenthesized!(inner in input);
    let items = items(&inner, each);
    // What is left after an error would be reported once more, as unexpected.
    while !inner.is_empty() {
        inner.parse::<TokenTree>()?;
    }
    items
}

/// `(item)`
pub(crate) fn only<K, T>(
    found: &Found<K>,
    input: ParseStream,
    item: impl Fn(ParseStream) -> syn::Result<T>,
) -> syn::Result<T> {
    let items = list(found, input, item)?;
    match <[T; 1]>::try_from(items) {
        Ok([item]) => Ok(item),
        Err(_) => Err(found.misspelt()),
    }
}

fn items<T>(
    inner: ParseStream,
    each: impl Fn(ParseStream) -> syn::Result<T>,
) -> syn::Result<Vec<T>> {
    let mut items = Vec::new();
    while !inner.is_empty() {
        items.push(each(inner)?);
        if !inner.is_empty() {
            inner.parse::<Token![,]>()?;
        }
    }
    Ok(items)
}
