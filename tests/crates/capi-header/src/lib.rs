//! Generates `ferromq.h` from the source of the C interface.

use std::path::PathBuf;

use cbindgen::{Builder, Config, DocumentationStyle, Language};

const ABOUT: &str = "\
/*
 * What libferromq has beyond zmq.h: why calls were refused, and sockets and
 * contexts shared with Rust. Include zmq.h for all the rest.
 *
 * Generated from capi/src/extension.rs; see tests/crates/capi-header.
 */";

const FORKED: &str = "
/**
 * errno of a call on a socket or context that was made before a fork, by the
 * parent of this process. zmq_close and zmq_ctx_term release such a handle, and
 * succeed.
 */
#define FERROMQ_EFORKED ESTALE";

pub fn capi() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../capi"))
}

pub fn generate() -> String {
    let config = Config {
        language: Language::C,
        cpp_compat: true,
        usize_is_size_t: true,
        no_includes: true,
        sys_includes: ["errno.h", "stddef.h", "stdint.h"]
            .map(str::to_owned)
            .into(),
        header: Some(ABOUT.to_owned()),
        include_guard: Some("FERROMQ_H".to_owned()),
        after_includes: Some(FORKED.to_owned()),
        documentation_style: DocumentationStyle::Doxy,
        ..Config::default()
    };
    let mut header = Vec::new();
    Builder::new()
        .with_config(config)
        .with_src(capi().join("src/extension.rs"))
        .generate()
        .expect("the source is what cbindgen reads")
        .write(&mut header);
    without_safety(&String::from_utf8(header).unwrap())
}

/// What Rust callers must know of their pointers, C callers always must.
fn without_safety(header: &str) -> String {
    let mut text = String::new();
    let mut skipping = false;
    for line in header.lines() {
        skipping |= line == " * # Safety";
        if line == " */" {
            if skipping {
                text.truncate(text.trim_end_matches([' ', '*', '\n']).len() + 1);
            }
            skipping = false;
        }
        if !skipping {
            text += line;
            text.push('\n');
        }
    }
    text
}
