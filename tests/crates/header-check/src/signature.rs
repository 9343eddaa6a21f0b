//! One text for one type of function, however its parts are imported or named.

use quote::quote;
use syn::{FnArg, GenericArgument, PathArguments, ReturnType, Signature, Type};

/// The text of a function's type.
pub fn of_function(function: &Signature) -> String {
    let parameters = function.inputs.iter().map(|input| match input {
        FnArg::Typed(parameter) => of_type(&parameter.ty),
        FnArg::Receiver(_) => panic!("{}: no function of C has a self", function.ident),
    });
    join(parameters, &function.output)
}

/// The text of a type. `Option` is left out: in C every pointer to a function may be null.
pub fn of_type(ty: &Type) -> String {
    match ty {
        Type::Path(path) => {
            let last = path.path.segments.last().expect("a path has a segment");
            match &last.arguments {
                PathArguments::AngleBracketed(inner) if last.ident == "Option" => {
                    let Some(GenericArgument::Type(inner)) = inner.args.first() else {
                        panic!("an Option of no type: {}", quote!(#ty));
                    };
                    of_type(inner)
                }
                _ => last.ident.to_string(),
            }
        }
        Type::Ptr(pointer) => {
            let access = if pointer.mutability.is_some() {
                "mut"
            } else {
                "const"
            };
            format!("*{access} {}", of_type(&pointer.elem))
        }
        Type::BareFn(function) => {
            assert!(
                function.unsafety.is_some() && function.abi.is_some(),
                "functions of C are `unsafe extern \"C\" fn`"
            );
            join(
                function.inputs.iter().map(|input| of_type(&input.ty)),
                &function.output,
            )
        }
        other => panic!("a type that C does not have: {}", quote!(#other)),
    }
}

fn join(parameters: impl Iterator<Item = String>, result: &ReturnType) -> String {
    let parameters = parameters.collect::<Vec<_>>().join(", ");
    match result {
        ReturnType::Default => format!("fn({parameters})"),
        ReturnType::Type(_, ty) => format!("fn({parameters}) -> {}", of_type(ty)),
    }
}
