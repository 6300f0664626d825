//! Values of other fields that something depends on, and the fields that an attribute names.

use proc_macro2::Ident;
use syn::Expr;

use super::literal;
use crate::attrs::Given;
use crate::attrs::value::Equation;
use crate::errors::Errors;
use crate::suggest;

/// The values that fields of a frame have when it is a heartbeat, or a one-way call.
pub(crate) type Constraints = Given<Vec<Constraint>>;

#[derive(Clone, Debug)]
pub(crate) struct Constraint {
    /// The index of the field.
    pub(crate) field: usize,
    /// The field as it was named here, for errors.
    pub(crate) name: Ident,
    /// At least one: any of them will do, and the first is the one to write.
    pub(crate) values: Vec<Expr>,
}

impl Constraint {
    /// The constraint in words, to compare it with others.
    pub(crate) fn text(&self) -> String {
        let values: Vec<String> = self.values.iter().map(literal::text).collect();
        format!("{}={}", self.field, values.join("|"))
    }
}

/// Looks up a field by its name.
pub(super) fn index_of(name: &Ident, names: &[Ident], errors: &mut Errors) -> Option<usize> {
    let found = names.iter().position(|field| field == name);
    if found.is_none() {
        let fields: Vec<String> = names.iter().map(Ident::to_string).collect();
        let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
        let hint = suggest::hint(&name.to_string(), &fields);
        errors.on(name, format_args!("no field `{name}` in this frame{hint}"));
    }
    found
}

/// Looks up the fields that `heartbeat(…)`, `oneway(…)` or `when(…)` names.
pub(super) fn constraints_of(
    given: Option<Given<Vec<Equation>>>,
    names: &[Ident],
    errors: &mut Errors,
) -> Option<Constraints> {
    let given = given?;
    let mut found = Vec::new();
    for Equation {
        field: name,
        values,
    } in given.value
    {
        let Some(field) = index_of(&name, names, errors) else {
            continue;
        };
        found.push(Constraint {
            field,
            name,
            values,
        });
    }
    Some(Given {
        key: given.key,
        value: found,
    })
}
