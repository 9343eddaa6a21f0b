//! What was built or found, and how that is told to Cargo.

use std::fs;
use std::path::{Path, PathBuf};

use crate::settings;

/// A libzmq to link.
pub struct Library {
    /// `vendored`, `system`, `system-static` or `none`.
    pub linkage: &'static str,
    /// The directory of the library.
    pub lib: Option<PathBuf>,
    /// The directory of `zmq.h`.
    pub include: Option<PathBuf>,
    pub version: Option<String>,
}

impl Library {
    /// For documentation, which links nothing.
    pub fn none() -> Self {
        Self {
            linkage: "none",
            lib: None,
            include: None,
            version: None,
        }
    }

    pub fn report(&self) {
        println!("cargo::rustc-check-cfg=cfg(ferromq_vendored)");
        if self.linkage == "vendored" {
            println!("cargo::rustc-cfg=ferromq_vendored");
        }
        println!("cargo::metadata=linkage={}", self.linkage);
        for (key, path) in [("lib", &self.lib), ("include", &self.include)] {
            if let Some(path) = path {
                println!("cargo::metadata={key}={}", path.display());
            }
        }
        if let Some(version) = &self.version {
            println!("cargo::metadata=version={version}");
        }
    }
}

/// The version that the directory's `zmq.h` states.
pub fn header_version(include: &Path) -> Option<String> {
    let header = fs::read_to_string(include.join("zmq.h")).ok()?;
    let part = |name: &str| {
        header.lines().find_map(|line| {
            let mut words = line.split_whitespace();
            (words.next()? == "#define" && words.next()? == name).then(|| words.next())?
        })
    };
    Some(format!(
        "{}.{}.{}",
        part("ZMQ_VERSION_MAJOR")?,
        part("ZMQ_VERSION_MINOR")?,
        part("ZMQ_VERSION_PATCH")?
    ))
}

/// Links the libraries of Windows that a static libzmq calls.
pub fn link_windows_libraries() {
    if settings::target_cfg("os") == "windows" {
        for name in ["advapi32", "iphlpapi", "rpcrt4", "ws2_32"] {
            println!("cargo::rustc-link-lib={name}");
        }
    }
}
