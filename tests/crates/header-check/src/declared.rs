//! What `ferromq-sys` declares, read from its source.

use std::fs;
use std::path::Path;

use syn::parse::{Parse, ParseStream};
use syn::{Attribute, ForeignItemFn, Item, Token, Type};

use crate::{Extent, Interface, signature};

/// Reads the declarations, of the draft interface only if `extent` says so.
pub fn read(extent: Extent) -> Interface {
    let mut interface = Interface::default();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../sys/src");
    read_module(&sources, "lib", extent, &mut interface);
    interface
}

fn read_module(sources: &Path, name: &str, extent: Extent, interface: &mut Interface) {
    let path = sources.join(name).with_extension("rs");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let file = syn::parse_file(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    for item in file.items {
        match item {
            Item::Mod(module) if wanted(&module.attrs, extent) => {
                read_module(sources, &module.ident.to_string(), extent, interface);
            }
            Item::Macro(call) if wanted(&call.attrs, extent) => {
                if call.mac.path.is_ident("constants") {
                    let rows: Constants = call.mac.parse_body().expect("rows of constants!");
                    interface.constants.extend(rows.0);
                } else if call.mac.path.is_ident("functions") {
                    let rows: Functions = call.mac.parse_body().expect("rows of functions!");
                    for row in rows.0 {
                        let text = signature::of_function(&row.sig);
                        interface.functions.insert(row.sig.ident.to_string(), text);
                    }
                }
            }
            Item::Type(alias) if matches!(*alias.ty, Type::BareFn(_)) => {
                let text = signature::of_type(&alias.ty);
                interface.functions.insert(alias.ident.to_string(), text);
            }
            // What the header does by a macro with parameters.
            Item::Fn(function) => {
                interface.constants.insert(function.sig.ident.to_string());
            }
            _ => {}
        }
    }
}

/// Whether an item with these attributes belongs to so much of the interface. Under another condition
/// than the feature `draft` stands what is no declaration of the header.
fn wanted(attributes: &[Attribute], extent: Extent) -> bool {
    attributes
        .iter()
        .filter(|attribute| attribute.path().is_ident("cfg"))
        .all(|attribute| {
            let condition = attribute
                .meta
                .require_list()
                .map(|list| list.tokens.to_string());
            extent == Extent::Draft && condition.is_ok_and(|text| text == "feature = \"draft\"")
        })
}

/// The names in a `constants!`.
struct Constants(Vec<String>);

impl Parse for Constants {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        input.parse::<Type>()?;
        input.parse::<Token![:]>()?;
        let mut names = Vec::new();
        while !input.is_empty() {
            names.push(input.parse::<syn::Ident>()?.to_string());
            input.parse::<Token![=]>()?;
            input.parse::<syn::Expr>()?;
            input.parse::<Token![,]>()?;
            input.parse::<syn::LitStr>()?;
            input.parse::<Token![;]>()?;
        }
        Ok(Self(names))
    }
}

/// The functions in a `functions!`.
struct Functions(Vec<ForeignItemFn>);

impl Parse for Functions {
    fn parse(input: ParseStream) -> syn::Result<Self> {
        let mut functions = Vec::new();
        while !input.is_empty() {
            functions.push(input.parse()?);
        }
        Ok(Self(functions))
    }
}
