//! What `zmq.h` declares, as libclang and the C preprocessor read it.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::panic;
use std::path::Path;
use std::process::{Command, Stdio};

use syn::{ForeignItem, Item};

use crate::{Extent, signature};

/// The folder with the header that the linked libzmq was built from.
const INCLUDE: &str = env!("ZMQ_INCLUDE");

/// What switches the draft part of the header on.
const DRAFT: &str = "-DZMQ_BUILD_DRAFT_API";

/// The functions and the types of functions that the header declares, with their signatures.
pub fn functions(extent: Extent) -> BTreeMap<String, String> {
    panic::catch_unwind(bindgen::clang_version).unwrap_or_else(|_| {
        panic!("libclang is missing; on Debian and Ubuntu: sudo apt-get install libclang-dev")
    });
    let header = Path::new(INCLUDE).join("zmq.h");
    let mut builder = bindgen::builder()
        .header(header.to_str().expect("the folder's name is UTF-8"))
        .allowlist_file(".*/zmq\\.h")
        .allowlist_recursively(false)
        .layout_tests(false);
    if extent == Extent::Draft {
        builder = builder.clang_arg(DRAFT);
    }
    let text = builder.generate().expect("bindgen reads zmq.h").to_string();
    let file = syn::parse_file(&text).expect("bindgen writes Rust");
    let mut functions = BTreeMap::new();
    for item in file.items {
        match item {
            Item::ForeignMod(block) => {
                for item in block.items {
                    if let ForeignItem::Fn(function) = item {
                        let text = signature::of_function(&function.sig);
                        functions.insert(function.sig.ident.to_string(), text);
                    }
                }
            }
            Item::Type(alias) if alias.ident.to_string().ends_with("_fn") => {
                functions.insert(alias.ident.to_string(), signature::of_type(&alias.ty));
            }
            _ => {}
        }
    }
    functions
}

/// The macros that the header defines itself, and not by what it includes.
pub fn macros(extent: Extent) -> BTreeSet<String> {
    let includes = "#include <errno.h>\n#include <signal.h>\n#include <stddef.h>\n\
                    #include <stdint.h>\n#include <stdio.h>\n";
    let others = defined_by(includes, extent);
    let all = defined_by(&format!("{includes}#include <zmq.h>\n"), extent);
    all.difference(&others).cloned().collect()
}

/// The names of the macros defined at the end of a C source.
fn defined_by(source: &str, extent: Extent) -> BTreeSet<String> {
    let mut compiler = Command::new("cc");
    compiler.args(["-E", "-dM", "-x", "c", "-I", INCLUDE, "-"]);
    if extent == Extent::Draft {
        compiler.arg(DRAFT);
    }
    let mut child = compiler
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a C compiler; on Debian and Ubuntu: sudo apt-get install gcc");
    let mut input = child.stdin.take().expect("the input is piped");
    input
        .write_all(source.as_bytes())
        .expect("the compiler reads the source");
    drop(input);
    let output = child.wait_with_output().expect("the compiler ends");
    assert!(output.status.success(), "the C compiler refused:\n{source}");
    let text = String::from_utf8(output.stdout).expect("the compiler writes UTF-8");
    text.lines()
        .filter_map(|line| line.strip_prefix("#define "))
        .map(|definition| {
            let end = definition.find([' ', '(']).unwrap_or(definition.len());
            definition[..end].to_string()
        })
        .filter(|name| name != "ZMQ_BUILD_DRAFT_API")
        .collect()
}
