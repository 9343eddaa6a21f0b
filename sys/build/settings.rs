//! The environment variables that steer the build.
//!
//! Each is looked up first with the target in front of its name, so that a cross build can be
//! steered apart from the host's: `AARCH64_UNKNOWN_LINUX_GNU_FERROMQ_LIB_DIR`. An empty variable
//! counts as unset, and so does a switch that is `0`.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;

/// Switch: link the system's libzmq although the feature `vendored` is on (for distributors, who
/// can't reach the features of every crate).
pub const NO_VENDOR: &str = "FERROMQ_NO_VENDOR";
/// Directory of the system's library, instead of asking pkg-config.
pub const LIB_DIR: &str = "FERROMQ_LIB_DIR";
/// Directory of that library's `zmq.h`; without it, `../include` as seen from the library.
pub const INCLUDE_DIR: &str = "FERROMQ_INCLUDE_DIR";
/// Switch: link the static library of `FERROMQ_LIB_DIR`. The libraries that it needs in turn are
/// the user's to name, as in `RUSTFLAGS="-lsodium"`.
pub const STATIC: &str = "FERROMQ_STATIC";
/// Directory of libzmq's source (the one with `src` and `include`), instead of the pinned crate's.
pub const SOURCE_DIR: &str = "FERROMQ_SOURCE_DIR";
/// Switch: compile libzmq without optimisation and with debug information.
pub const DEBUG: &str = "FERROMQ_DEBUG";

/// Name of one fix in `vendor/fixes/` to leave out, so that its test can be seen to fail.
pub const WITHOUT_FIX: &str = "FERROMQ_WITHOUT_FIX";

const ALL: [&str; 7] = [
    NO_VENDOR,
    LIB_DIR,
    INCLUDE_DIR,
    STATIC,
    SOURCE_DIR,
    DEBUG,
    WITHOUT_FIX,
];

/// Makes Cargo run the build script again when one of the variables changes.
pub fn watch() {
    println!("cargo::rerun-if-env-changed=DOCS_RS");
    for name in ALL {
        println!("cargo::rerun-if-env-changed={}", with_target(name));
        println!("cargo::rerun-if-env-changed={name}");
    }
}

pub fn switch(name: &str) -> bool {
    value(name).is_some_and(|value| value != "0")
}

#[cfg(feature = "vendored")]
pub fn text(name: &str) -> Option<String> {
    value(name).map(|value| value.to_string_lossy().into_owned())
}

/// The directory that the variable names. A relative path is an error, as it would not say where
/// from, and so is a path to nothing.
pub fn directory(name: &str) -> Result<Option<PathBuf>, String> {
    match value(name).map(PathBuf::from) {
        Some(path) if !path.is_absolute() || !path.is_dir() => Err(format!(
            "{name}={} is not the absolute path of a directory",
            path.display()
        )),
        found => Ok(found),
    }
}

/// For a variable about the system's library, where that is not asked for.
#[cfg(feature = "vendored")]
pub fn warn_if_ignored(name: &str) {
    if value(name).is_some() {
        println!(
            "cargo::warning={name} is ignored: the feature `vendored` is on, and {NO_VENDOR} is not set"
        );
    }
}

fn value(name: &str) -> Option<OsString> {
    [with_target(name).as_str(), name]
        .into_iter()
        .filter_map(env::var_os)
        .find(|value| !value.is_empty())
}

fn with_target(name: &str) -> String {
    let target = target().to_uppercase().replace(['-', '.'], "_");
    format!("{target}_{name}")
}

/// The target's triple.
pub fn target() -> String {
    cargo("TARGET")
}

/// A property of the target, such as `os` or `env`.
pub fn target_cfg(key: &str) -> String {
    cargo(&format!("CARGO_CFG_TARGET_{}", key.to_uppercase()))
}

/// A variable that Cargo sets for every build script.
pub fn cargo(name: &str) -> String {
    env::var(name).unwrap_or_else(|error| panic!("Cargo sets {name}: {error}"))
}
