//! The names that the library exports: those of `zmq.h` and those of `ferromq.h`, no others.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use crate::library;
use crate::run::{succeed, tool};

/// The functions that a header declares after `marker`.
fn declared(header: &Path, marker: &str, prefix: &str) -> BTreeSet<String> {
    let text = fs::read_to_string(header).unwrap();
    let names = text.split(marker).skip(1).filter_map(|declaration| {
        let (before, _) = declaration.split_once('(')?;
        let name = before
            .rsplit([' ', '*', '\n'])
            .find(|word| !word.is_empty())?;
        name.starts_with(prefix).then(|| name.to_owned())
    });
    names.collect()
}

fn exported(library: &Path) -> BTreeSet<String> {
    let symbols = succeed(
        tool("nm", "binutils")
            .args(["--dynamic", "--defined-only", "--format=posix"])
            .arg(library),
    );
    let names = symbols.lines().filter_map(|line| line.split(' ').next());
    names.map(str::to_owned).collect()
}

#[test]
fn are_those_of_the_headers() {
    let zmq_h = Path::new(library::ZMQ_INCLUDE).join("zmq.h");
    let text = fs::read_to_string(&zmq_h).unwrap();
    let (stable, _) = text
        .split_once("#ifdef ZMQ_BUILD_DRAFT_API")
        .expect("zmq.h ends with its drafts");
    let all = declared(&zmq_h, "ZMQ_EXPORT", "zmq_");
    let drafts = all
        .iter()
        .filter(|name| !stable.contains(&format!("{name} (")));
    let drafts: BTreeSet<_> = drafts.cloned().collect();

    let mut expected = all;
    assert_eq!((expected.len(), drafts.len()), (96, 26));
    if cfg!(not(feature = "draft")) {
        expected = &expected - &drafts;
    }
    let extensions = fs::read_to_string(library::here("include/ferromq.h")).unwrap();
    let extensions = extensions
        .split(|c: char| !c.is_ascii_lowercase() && c != '_')
        .filter(|word| word.starts_with("ferromq_"))
        .filter(|word| extensions.contains(&format!("{word}(")));
    expected.extend(extensions.map(str::to_owned));
    assert_eq!(exported(&library::shared()), expected);
}

#[test]
fn are_those_of_the_systems_libzmq() {
    let list = succeed(tool("pkg-config", "pkg-config").args(["--variable=libdir", "libzmq"]));
    let system = Path::new(list.trim()).join("libzmq.so.5");
    assert!(
        system.exists(),
        "no libzmq of the system: apt-get install libzmq3-dev"
    );
    let missing = &exported(&system) - &exported(&library::shared());
    assert!(missing.is_empty(), "{missing:?}");
}

/// What a program was linked to is what the loader looks for.
#[test]
fn the_library_calls_itself_libzmq() {
    let dynamic = succeed(
        tool("readelf", "binutils")
            .arg("--dynamic")
            .arg(library::shared()),
    );
    assert!(
        dynamic.contains("Library soname: [libzmq.so.5]"),
        "{dynamic}"
    );
}
