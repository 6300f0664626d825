//! Function types, in the few words the ABI needs.

use std::fmt;

/// A value type of WebAssembly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ty {
    /// A 32-bit integer: pointers, lengths, ids, statuses.
    I32,
    /// A 64-bit integer: request ids and metric values.
    I64,
    /// A 32-bit float; the ABI has none.
    F32,
    /// A 64-bit float; the ABI has none.
    F64,
    /// A vector; the ABI has none.
    V128,
    /// A reference; the ABI has none.
    Ref,
}

impl From<wasmparser::ValType> for Ty {
    fn from(ty: wasmparser::ValType) -> Self {
        match ty {
            wasmparser::ValType::I32 => Ty::I32,
            wasmparser::ValType::I64 => Ty::I64,
            wasmparser::ValType::F32 => Ty::F32,
            wasmparser::ValType::F64 => Ty::F64,
            wasmparser::ValType::V128 => Ty::V128,
            wasmparser::ValType::Ref(_) => Ty::Ref,
        }
    }
}

impl fmt::Display for Ty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Ty::I32 => "i32",
            Ty::I64 => "i64",
            Ty::F32 => "f32",
            Ty::F64 => "f64",
            Ty::V128 => "v128",
            Ty::Ref => "ref",
        })
    }
}

/// The type of a function: `(i32, i64) -> i32`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// The parameters, in order.
    pub params: Vec<Ty>,
    /// The results; the ABI never has more than one.
    pub results: Vec<Ty>,
}

impl Signature {
    /// The type with these parameters and results.
    pub fn new(params: &[Ty], results: &[Ty]) -> Self {
        Self {
            params: params.to_vec(),
            results: results.to_vec(),
        }
    }
}

impl From<&wasmparser::FuncType> for Signature {
    fn from(ty: &wasmparser::FuncType) -> Self {
        Self {
            params: ty.params().iter().copied().map(Ty::from).collect(),
            results: ty.results().iter().copied().map(Ty::from).collect(),
        }
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "({})", join(&self.params))?;
        match self.results.as_slice() {
            [] => Ok(()),
            [one] => write!(f, " -> {one}"),
            many => write!(f, " -> ({})", join(many)),
        }
    }
}

fn join(types: &[Ty]) -> String {
    let words: Vec<String> = types.iter().map(Ty::to_string).collect();
    words.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_like_rust() {
        use Ty::{I32, I64};
        assert_eq!(Signature::new(&[], &[]).to_string(), "()");
        assert_eq!(
            Signature::new(&[I32, I64], &[I32]).to_string(),
            "(i32, i64) -> i32"
        );
        assert_eq!(
            Signature::new(&[], &[I32, I32]).to_string(),
            "() -> (i32, i32)"
        );
    }
}
