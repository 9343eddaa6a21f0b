//! Builds the pinned libzmq, or finds the system's, and tells rustc how to link it.
//!
//! Reported to dependents as `DEP_FERROMQ_*`: `LINKAGE` (`vendored`, `system`, `system-static`,
//! `none`), and where they are known `INCLUDE` (the directory of `zmq.h`), `LIB` (the directory of
//! the library) and `VERSION` (of libzmq, at build time). The cfg `ferromq_vendored` says that
//! every C function has the prefix of `vendor/ferromq_rename.h`.

#[cfg(feature = "vendored")]
#[path = "build/fixes.rs"]
mod fixes;
#[path = "build/library.rs"]
mod library;
#[path = "build/settings.rs"]
mod settings;
#[cfg(feature = "vendored")]
#[path = "build/source.rs"]
mod source;
#[path = "build/system.rs"]
mod system;
#[cfg(feature = "vendored")]
#[path = "build/vendored.rs"]
mod vendored;

use library::Library;

fn main() {
    #[cfg(feature = "vendored")]
    if source::is_probe() {
        return source::probe();
    }

    // 1. When to run again: the modules add the files that they read.
    settings::watch();

    // 2. Which libzmq, and 3. what to tell Cargo about it.
    match choose() {
        Ok(library) => library.report(),
        Err(message) => {
            for line in message.lines() {
                println!("cargo::error={line}");
            }
        }
    }
}

/// The first of these that applies; a choice that fails is an error, never the next choice.
fn choose() -> Result<Library, String> {
    // 1. Documentation is not linked, and docs.rs has no libzmq.
    if std::env::var_os("DOCS_RS").is_some() {
        return Ok(Library::none());
    }
    // 2. The pinned source, unless a distributor forbids it.
    #[cfg(feature = "vendored")]
    if !settings::switch(settings::NO_VENDOR) {
        settings::warn_if_ignored(settings::LIB_DIR);
        return vendored::build();
    }
    // 3. The system's: a given directory.
    if let Some(lib) = settings::directory(settings::LIB_DIR)? {
        return system::in_directory(lib);
    }
    // 4. The system's: what pkg-config knows.
    system::by_pkg_config()
}
