//! The tables of the guide: complete, and the ones that are committed.
//!
//! `FERROMQ_BLESS=1 cargo test --test guide` writes them anew.

mod constants;
mod functions;
mod hazards;

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use ferromq::{Acts, NOT_OFFERED, OPTIONS, SocketType};

use constants::{CONSTANTS, DRAFT_CONSTANTS};
use functions::{DRAFT_FUNCTIONS, FUNCTIONS};

const SYS_FUNCTIONS: &str = include_str!("../../sys/src/functions.rs");
const SYS_DRAFT: &str = include_str!("../../sys/src/draft.rs");
const SYS_CONSTANTS: &str = include_str!("../../sys/src/constants.rs");
const SYS_OPTIONS: &str = include_str!("../../sys/src/options.rs");

/// The functions that a file of `ferromq-sys` declares.
fn declared_functions(file: &str) -> BTreeSet<&str> {
    file.lines()
        .filter_map(|line| line.trim().strip_prefix("fn ")?.split('(').next())
        .collect()
}

/// The constants that a file of `ferromq-sys` declares.
fn declared_constants(file: &str) -> BTreeSet<&str> {
    file.lines()
        .filter_map(|line| line.trim().split_once(" = "))
        .map(|(name, _)| name)
        .filter(|name| {
            name.bytes()
                .all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        })
        .collect()
}

fn names<'a>(table: impl IntoIterator<Item = &'a (&'a str, &'a str)>) -> BTreeSet<&'a str> {
    let mut names = BTreeSet::new();
    for (name, _) in table {
        assert!(names.insert(*name), "{name} twice");
    }
    names
}

#[test]
fn every_function_is_told_of() {
    assert_eq!(names(FUNCTIONS), declared_functions(SYS_FUNCTIONS));
    assert_eq!(names(DRAFT_FUNCTIONS), declared_functions(SYS_DRAFT));
    assert_eq!((FUNCTIONS.len(), DRAFT_FUNCTIONS.len()), (70, 26));
}

#[test]
fn every_constant_is_told_of() {
    let mut told = names(CONSTANTS.iter().flat_map(|(_, group)| *group));
    told.extend(names(DRAFT_CONSTANTS));
    // Of contexts as well as of sockets; declared with the latter.
    for shared in ["ZMQ_IPV6", "ZMQ_BLOCKY"] {
        assert!(told.remove(shared), "{shared}");
    }
    assert!(told.remove("ZMQ_PROTOCOL_ERROR_*"));
    let declared = declared_constants(SYS_CONSTANTS)
        .into_iter()
        .filter(|name| !name.starts_with("ZMQ_PROTOCOL_ERROR_"))
        .collect();
    assert_eq!(told, declared);
}

#[test]
fn every_option_is_told_of() {
    let mut told: BTreeSet<_> = OPTIONS.iter().map(|option| option.name).collect();
    told.extend(NOT_OFFERED.iter().map(|(name, _)| *name));
    for name in declared_constants(SYS_OPTIONS) {
        // What only a draft build knows has rows in a draft build.
        let of_draft = !cfg!(feature = "draft") && SYS_OPTIONS.contains("cfg(feature = \"draft\")");
        assert!(told.contains(name) || of_draft, "{name}");
    }
}

/// Paths of this crate in back quotes become links. Those behind a feature cannot: the
/// documentation is also made without it.
fn linked(text: &str) -> String {
    let mut linked = String::new();
    for (at, part) in text.split('`').enumerate() {
        let path = part.trim_end_matches("()");
        let last = path.rsplit("::").next().unwrap_or(path);
        let of_crate = !path.starts_with("std::")
            && !path.starts_with("ZMQ_")
            && !path.contains('<')
            && !path.contains('[')
            && (path.starts_with(|first: char| first.is_ascii_uppercase())
                || path.starts_with("z85::")
                || path.starts_with("curve::")
                || ["version", "has", "proxy"].contains(&path))
            && path != "From"
            && !last.is_empty();
        match (at % 2, of_crate) {
            (0, _) => linked += part,
            (_, true) if path == "proxy" => linked += "[`proxy`](crate::proxy())",
            (_, true) => write!(linked, "[`{part}`](crate::{path})").unwrap(),
            (_, false) => write!(linked, "`{part}`").unwrap(),
        }
    }
    linked
}

fn table(rows: &[(&str, &str)], link: bool) -> String {
    let mut table = String::from("| `zmq.h` | here |\n|---|---|\n");
    for (name, text) in rows {
        let text = if link {
            linked(text)
        } else {
            (*text).to_owned()
        };
        let (absent, text) = match text.strip_prefix("no: ") {
            Some(reason) => ("not offered: ", reason),
            None => ("", text.as_str()),
        };
        writeln!(table, "| `{name}` | {absent}{text} |").unwrap();
    }
    table
}

fn reference() -> String {
    let mut page = String::from(
        "Everything that `zmq.h` of libzmq 4.3.5 declares, and what it is here or why it is not.\n\
         The options of sockets have a page of their own: [options](crate::guide::options).\n\n\
         # Functions\n\n",
    );
    page += &table(FUNCTIONS, true);
    page += "\n# Functions of the draft interface\n\nWith the feature `draft`.\n\n";
    page += &table(DRAFT_FUNCTIONS, false);
    for (heading, group) in CONSTANTS {
        write!(page, "\n# {heading}\n\n{}", table(group, true)).unwrap();
    }
    page += "\n# Constants of the draft interface\n\nWith the feature `draft`.\n\n";
    page += &table(DRAFT_CONSTANTS, false);
    page
}

/// The kinds that a trait stands for, in words.
fn kinds(on: &str) -> String {
    if on == "Kind" {
        return "all".into();
    }
    let option = OPTIONS.iter().find(|option| option.on == on).unwrap();
    let kinds: Vec<_> = SocketType::ALL
        .iter()
        .filter(|kind| option.applies_to(**kind))
        .map(ToString::to_string)
        .collect();
    kinds.join(", ")
}

fn options() -> String {
    let mut page = String::from(
        "The options of sockets, in the order of their names in `zmq.h`. When a value acts:\n\n\
         - *now*: at once;\n\
         - *next*: from the next bind or connect on, and setting it after the first logs a warning;\n\
         - *first*: it must be set before the first bind or connect, and is refused later;\n\
         - *never*: it is read only.\n\n\
         | `zmq.h` | read | set | default | unit | acts | kinds | since |\n\
         |---|---|---|---|---|---|---|---|\n",
    );
    let method = |name: Option<&str>| {
        name.map_or_else(String::new, |name| {
            format!("[`{name}`](crate::Socket::{name})")
        })
    };
    let mut rows: Vec<_> = OPTIONS.iter().collect();
    rows.sort_by_key(|option| option.name);
    for option in rows {
        let acts = match option.acts {
            Acts::Now => "now",
            Acts::Next => "next",
            Acts::First => "first",
            Acts::Never => "never",
            _ => unreachable!("a new way to act needs a word here"),
        };
        let draft = if option.draft { ", draft" } else { "" };
        writeln!(
            page,
            "| `{}` | {} | {} | {} | {} | {acts} | {} | {}{draft} |",
            option.name,
            method(option.getter),
            method(option.setter),
            option.default,
            option.unit,
            kinds(option.on),
            option.since,
        )
        .unwrap();
    }
    page += "\n# Not offered\n\n| `zmq.h` | instead, or why |\n|---|---|\n";
    for (name, reason) in NOT_OFFERED {
        writeln!(page, "| `{name}` | {reason} |").unwrap();
    }
    page
}

/// The page that is committed must be the one that is made now.
fn committed(name: &str, page: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("src/guide")
        .join(name);
    if std::env::var_os("FERROMQ_BLESS").is_some() {
        return std::fs::write(path, page).unwrap();
    }
    let old = std::fs::read_to_string(&path).unwrap_or_default();
    let first = old.lines().zip(page.lines()).find(|(old, new)| old != new);
    assert!(
        old == page,
        "src/guide/{name} is out of date; write it anew: FERROMQ_BLESS=1 cargo test --test guide\n\
         first difference: {first:#?}"
    );
}

// A draft build has more options; the page is of the default one.
#[cfg(not(feature = "draft"))]
#[test]
fn the_page_of_options_is_up_to_date() {
    committed("options.md", &options());
}

#[cfg(feature = "draft")]
#[test]
fn a_draft_build_has_more_options() {
    assert!(options().contains("ZMQ_HELLO_MSG"));
}

#[test]
fn the_reference_is_up_to_date() {
    committed("reference.md", &reference());
}
