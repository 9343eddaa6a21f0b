//! Finds a libzmq that is installed already.

use std::fs;
use std::path::{Path, PathBuf};

use crate::library::{self, Library};
use crate::settings::{self, INCLUDE_DIR, LIB_DIR, NO_VENDOR, STATIC};

/// The oldest libzmq with the functions that ferromq cannot do without.
const MINIMUM: &str = "4.1";

/// The library in a directory that the user named.
pub fn in_directory(lib: PathBuf) -> Result<Library, String> {
    let is_static = settings::switch(STATIC);
    let (file, name) = file_in(&lib, is_static).ok_or_else(|| {
        let names: Vec<_> = file_names(is_static)
            .iter()
            .map(|(file, _)| *file)
            .collect();
        format!(
            "{LIB_DIR}={} holds no {}",
            lib.display(),
            names.join(" or ")
        )
    })?;
    require_draft(&file)?;

    println!("cargo::rustc-link-search=native={}", lib.display());
    if is_static {
        println!("cargo::rustc-link-lib=static={name}");
        link_cxx_runtime();
        library::link_windows_libraries();
    } else {
        println!("cargo::rustc-link-lib={name}");
    }

    let include = match settings::directory(INCLUDE_DIR)? {
        Some(given) => Some(given),
        None => Some(lib.join("../include")).filter(|path| path.join("zmq.h").is_file()),
    };
    Ok(Library {
        linkage: if is_static { "system-static" } else { "system" },
        version: include.as_deref().and_then(library::header_version),
        include,
        lib: Some(lib),
    })
}

/// The shared library that pkg-config knows.
pub fn by_pkg_config() -> Result<Library, String> {
    if settings::switch(STATIC) {
        return Err(format!(
            "{STATIC} is set, but pkg-config would link the shared library of the system all the \
             same.\nSet {LIB_DIR} to the directory of libzmq.a, or use the feature `vendored` \
             without {NO_VENDOR}: that library is always static."
        ));
    }

    let found = pkg_config::Config::new()
        .atleast_version(MINIMUM)
        .statik(false)
        .probe("libzmq")
        .map_err(|error| nothing_found(&error))?;
    let lib = found
        .link_paths
        .iter()
        .find(|path| file_in(path, false).is_some());
    if cfg!(feature = "draft") {
        let file = lib.and_then(|path| file_in(path, false)).ok_or_else(|| {
            format!(
                "the feature `draft` is on, and none of pkg-config's directories {:?} holds the \
                 libzmq to look into for the draft functions; set {LIB_DIR}",
                found.link_paths
            )
        })?;
        require_draft(&file.0)?;
    }
    let include = found
        .include_paths
        .iter()
        .find(|path| path.join("zmq.h").is_file());
    Ok(Library {
        linkage: "system",
        lib: lib.cloned(),
        include: include.cloned(),
        version: Some(found.version),
    })
}

fn nothing_found(error: &pkg_config::Error) -> String {
    let vendored = if cfg!(feature = "vendored") {
        format!("the pinned source: forbidden by {NO_VENDOR}")
    } else {
        "the pinned source: the feature `vendored` is off".to_owned()
    };
    format!(
        "no libzmq to link. Tried:\n\
         - {vendored}\n\
         - a given directory: {LIB_DIR} is not set\n\
         - pkg-config, for libzmq {MINIMUM} or later: {}\n\
         Use the feature `vendored` (a C++ compiler is all it needs), or install libzmq's \
         development package (Debian: libzmq3-dev), or set {LIB_DIR} to the directory of the \
         library. Where pkg-config keeps to the host, see PKG_CONFIG_PATH and PKG_CONFIG_ALLOW_CROSS.",
        cause(error)
    )
}

/// The start of pkg-config's answer; the whole is a page long.
fn cause(error: &pkg_config::Error) -> String {
    use pkg_config::Error::{Failure, ProbeFailure};
    let text = match error {
        Failure { output, .. } | ProbeFailure { output, .. } => {
            String::from_utf8_lossy(&output.stderr).into_owned()
        }
        other => other.to_string(),
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    lines.take(2).collect::<Vec<_>>().join(" ")
}

/// The library's file in the directory, and the name to link it by.
fn file_in(lib: &Path, is_static: bool) -> Option<(PathBuf, &'static str)> {
    file_names(is_static)
        .iter()
        .map(|&(file, name)| (lib.join(file), name))
        .find(|(file, _)| file.is_file())
}

/// What the library's file is called on the target, and the name to link it by.
fn file_names(is_static: bool) -> &'static [(&'static str, &'static str)] {
    match (
        settings::target_cfg("os").as_str(),
        settings::target_cfg("env").as_str(),
    ) {
        ("windows", "msvc") => &[("zmq.lib", "zmq"), ("libzmq.lib", "libzmq")],
        _ if is_static => &[("libzmq.a", "zmq")],
        ("windows", _) => &[("libzmq.dll.a", "zmq")],
        ("macos" | "ios", _) => &[("libzmq.dylib", "zmq")],
        _ => &[("libzmq.so", "zmq")],
    }
}

/// With the feature `draft`, refuses a library that was built without the draft functions.
fn require_draft(file: &Path) -> Result<(), String> {
    if cfg!(feature = "draft") && !has_symbol(file, "zmq_join")? {
        return Err(format!(
            "the feature `draft` is on, but {} was built without the draft functions.\n\
             Use the feature `vendored` (without {NO_VENDOR}), or a libzmq built with drafts.",
            file.display()
        ));
    }
    Ok(())
}

/// Whether a table of names in the file holds the symbol, with or without a leading underscore.
fn has_symbol(file: &Path, name: &str) -> Result<bool, String> {
    let bytes =
        fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))?;
    let plain = format!("\0{name}\0");
    let underscored = format!("\0_{name}\0");
    Ok([plain, underscored].iter().any(|entry| {
        bytes
            .windows(entry.len())
            .any(|window| window == entry.as_bytes())
    }))
}

/// The C++ library that a static libzmq calls: the one that the target's compilers take.
fn link_cxx_runtime() {
    let name = match (
        settings::target_cfg("env").as_str(),
        settings::target_cfg("os").as_str(),
    ) {
        ("msvc", _) => return,
        (_, "android") => "c++_shared",
        (_, "macos" | "ios" | "freebsd" | "openbsd") => "c++",
        _ => "stdc++",
    };
    println!("cargo::rustc-link-lib={name}");
}
