//! Compiles the pinned libzmq into a static library of our own.
//!
//! The files are compiled as a few chunks, each of which includes many of them: that takes a third
//! of the time, and the compiler sees across files. Headers of `vendor/` go in front of every file:
//! they have libzmq look at its process our way, configure it for the target, make its symbols private,
//! and give it memory for what is large.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

use crate::library::{self, Library};
use crate::{fixes, settings, source};

/// Compiled side by side, as the machine allows.
const CHUNKS: usize = 4;

/// What every message passes through, together in the first chunk: an in-process message costs
/// 14 % fewer instructions than with chunks by the alphabet (callgrind, g++ 12).
#[rustfmt::skip]
const MESSAGE_PATH: [&str; 22] = [
    "err.cpp", "msg.cpp", "pipe.cpp", "lb.cpp", "fq.cpp", "dist.cpp", "mailbox.cpp", "signaler.cpp",
    "object.cpp", "pair.cpp", "push.cpp", "pull.cpp", "pub.cpp", "sub.cpp", "xpub.cpp", "xsub.cpp",
    "req.cpp", "rep.cpp", "dealer.cpp", "router.cpp", "socket_base.cpp", "zmq.cpp",
];

/// In front of every file, in this order.
#[rustfmt::skip]
const HEADERS: [&str; 4] =
    ["ferromq_process.h", "ferromq_config.h", "ferromq_rename.h", "ferromq_blocks.h"];

/// Compiled along with libzmq.
const OWN_FILES: [&str; 2] = ["ferromq_process.cpp", "ferromq_blocks.cpp"];

pub fn build() -> Result<Library, String> {
    let out = PathBuf::from(settings::cargo("OUT_DIR"));

    // 1. Find the source, and fix a copy of it.
    let found = source::find(&out)?;
    let libzmq = fixes::fixed_copy(&found, &out)?;

    // 2. Write the chunks, and list what is compiled.
    let unity = out.join("unity");
    let mut files = write_chunks(&libzmq.join("src"), &unity)
        .map_err(|error| format!("cannot write into {}: {error}", unity.display()))?;
    files.push(libzmq.join("external/sha1/sha1.c"));
    files.extend(OWN_FILES.map(watched));
    if cfg!(all(feature = "curve", not(feature = "curve-libsodium"))) {
        watched("sodium/salsa20_lanes.h");
        files.push(watched("sodium/salsa20.cpp"));
    }
    if settings::target_cfg("env") == "msvc" {
        files.push(libzmq.join("external/wepoll/wepoll.c"));
    }

    // 3. Compile and link them.
    compiler(&libzmq, &unity)?
        .files(files)
        .try_compile("ferromq_zmq")
        .map_err(|error| {
            format!(
                "libzmq did not compile: {error}\n\
                 It needs a C++11 compiler (g++ or clang++; the variable CXX names another one)."
            )
        })?;
    library::link_windows_libraries();

    let include = found.join("include");
    Ok(Library {
        linkage: "vendored",
        version: library::header_version(&include),
        include: Some(include),
        lib: Some(out),
    })
}

/// Writes the chunks and an empty `platform.hpp`, which libzmq insists on; gives the chunks' paths.
fn write_chunks(src: &Path, unity: &Path) -> io::Result<Vec<PathBuf>> {
    fs::create_dir_all(unity)?;
    write_if_changed(&unity.join("platform.hpp"), "")?;

    let sources = sources(src)?;
    let total: u64 = sources.iter().map(|(_, size)| size).sum();
    let mut chunks = [const { String::new() }; CHUNKS];
    let mut before = 0;
    for (name, size) in &sources {
        chunks[(before * CHUNKS as u64 / total) as usize] += &format!("#include \"{name}\"\n");
        before += size;
    }

    let mut paths = Vec::new();
    for (number, chunk) in chunks.iter().enumerate() {
        let path = unity.join(format!("libzmq_{number}.cpp"));
        write_if_changed(&path, chunk)?;
        paths.push(path);
    }
    Ok(paths)
}

/// Names and sizes of libzmq's C++ files in the order of compilation. Those of optional parts are
/// empty without their macro, all but WSS, which wants GnuTLS.
fn sources(src: &Path) -> io::Result<Vec<(String, u64)>> {
    let mut sources = Vec::new();
    for entry in fs::read_dir(src)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if name.ends_with(".cpp") && !name.starts_with("wss_") {
            sources.push((name, entry.metadata()?.len()));
        }
    }
    let place = |name: &str| MESSAGE_PATH.iter().position(|&first| first == name);
    sources.sort_by_key(|(name, _)| (place(name).unwrap_or(MESSAGE_PATH.len()), name.clone()));
    Ok(sources)
}

/// Keeps the time stamp of a file that is right already.
fn write_if_changed(path: &Path, text: &str) -> io::Result<()> {
    if fs::read_to_string(path).is_ok_and(|old| old == text) {
        return Ok(());
    }
    fs::write(path, text)
}

/// The compiler with all flags. Flags of the user (`CXXFLAGS`) come last.
fn compiler(libzmq: &Path, unity: &Path) -> Result<cc::Build, String> {
    let mut build = cc::Build::new();
    let debug = settings::switch(settings::DEBUG);
    build
        .cpp(true)
        .warnings(false)
        .opt_level(if debug { 0 } else { 2 })
        .debug(debug)
        .include(unity)
        .include(libzmq.join("src"));

    // The dialect of the command line.
    let msvc = build
        .try_get_compiler()
        .map_err(|error| format!("no C++ compiler found: {error}"))?
        .is_like_msvc();
    if msvc {
        build.flag("/EHsc").flag("/GL-");
    } else {
        build.std("c++11").flag("-fvisibility=hidden");
        // Assertions name their file: the same on every machine.
        build.flag_if_supported(format!("-fmacro-prefix-map={}=libzmq", libzmq.display()));
    }

    // The configuration.
    for header in HEADERS.map(watched) {
        match msvc {
            true => build.flag(format!("/FI{}", header.display())),
            false => build.flag("-include").flag(&header),
        };
    }
    if cfg!(feature = "draft") {
        build.define("ZMQ_BUILD_DRAFT_API", "1");
    }
    if cfg!(any(feature = "curve", feature = "curve-libsodium")) {
        build
            .include(sodium_include()?)
            .define("ZMQ_HAVE_CURVE", "1")
            .define("ZMQ_USE_LIBSODIUM", "1")
            .define("SODIUM_STATIC", "1");
    }
    Ok(build)
}

/// The path of what is ours, and has Cargo run this again when it changes.
pub fn watched(name: &str) -> PathBuf {
    let manifest = settings::cargo("CARGO_MANIFEST_DIR");
    let path = Path::new(&manifest).join("vendor").join(name);
    println!("cargo::rerun-if-changed={}", path.display());
    path
}

/// The directory of `sodium.h`: ours, or that of the crate that builds or finds libsodium.
fn sodium_include() -> Result<PathBuf, String> {
    if cfg!(not(feature = "curve-libsodium")) {
        watched("sodium/sodium.h");
        return Ok(watched("sodium"));
    }
    env::var_os("DEP_SODIUM_INCLUDE")
        .map(PathBuf::from)
        .ok_or_else(|| {
            "the feature `curve-libsodium` needs libsodium, but the crate libsodium-sys-stable did not \
             tell where its headers are.\n\
             Leave SODIUM_LIB_DIR unset: that crate then builds libsodium, or finds the system's \
             with SODIUM_USE_PKG_CONFIG=1."
                .to_owned()
        })
}
