//! Our own fixes to libzmq: edits to a copy of its source, made in `OUT_DIR`.
//!
//! A file of `vendor/fixes/` is one fix: a sentence that says why, then its edits. An edit begins
//! with a line such as `=== replace pipe.cpp:40-42 0123456789abcdef` (or `before`, `after`; `:40`
//! for one line) and goes on with our text. The number is the hash of the original lines, which
//! so need not be quoted; where they differ, nothing is built.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::{settings, vendored};

/// What the compiler reads of libzmq.
const DIRECTORIES: [&str; 4] = ["include", "src", "external/sha1", "external/wepoll"];

struct Edit {
    /// The name of the fix.
    fix: String,
    /// The original lines, counted from 1.
    first: usize,
    last: usize,
    hash: u64,
    /// How many of the original lines stay in front of our text, and how many behind it.
    kept: (usize, usize),
    text: String,
}

/// Copies libzmq, with all fixes made; gives the copy.
pub fn fixed_copy(libzmq: &Path, out: &Path) -> Result<PathBuf, String> {
    let copy = out.join("libzmq");
    copy_source(libzmq, &copy)
        .map_err(|error| format!("cannot copy {}: {error}", libzmq.display()))?;
    for (name, mut edits) in edits()? {
        let path = copy.join("src").join(&name);
        let original = fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
        edits.sort_by_key(|edit| edit.first);
        let fixed = apply(&name, &original, &edits)?;
        fs::write(&path, fixed)
            .map_err(|error| format!("cannot write {}: {error}", path.display()))?;
    }
    Ok(copy)
}

fn copy_source(libzmq: &Path, copy: &Path) -> io::Result<()> {
    if copy.exists() {
        fs::remove_dir_all(copy)?;
    }
    for directory in DIRECTORIES {
        fs::create_dir_all(copy.join(directory))?;
        for entry in fs::read_dir(libzmq.join(directory))? {
            let entry = entry?;
            if entry.file_type()?.is_file() {
                let bytes = fs::read(entry.path())?;
                fs::write(copy.join(directory).join(entry.file_name()), bytes)?;
            }
        }
    }
    Ok(())
}

/// The edits of all fixes, by the file that they concern.
fn edits() -> Result<BTreeMap<String, Vec<Edit>>, String> {
    let directory = vendored::watched("fixes");
    let mut without = settings::text(settings::WITHOUT_FIX);
    let mut edits = BTreeMap::<String, Vec<Edit>>::new();
    let entries = fs::read_dir(&directory)
        .map_err(|error| format!("cannot read {}: {error}", directory.display()))?;
    for path in entries.flatten().map(|entry| entry.path()) {
        let fix = path.file_stem().unwrap_or_default().to_string_lossy();
        if without.take_if(|name| *name == fix).is_some() {
            continue;
        }
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("cannot read {}: {error}", path.display()))?
            .replace('\r', "");
        for edit in text.split("\n=== ").skip(1) {
            let (file, edit) = parse(&fix, edit)
                .ok_or_else(|| format!("{}: cannot read the edit {edit}", path.display()))?;
            edits.entry(file).or_default().push(edit);
        }
    }
    match without {
        Some(name) => Err(format!("{}={name}: no such fix", settings::WITHOUT_FIX)),
        None => Ok(edits),
    }
}

/// Reads an edit, and the name of the file that it concerns.
fn parse(fix: &str, edit: &str) -> Option<(String, Edit)> {
    let (header, text) = edit.split_once('\n').unwrap_or((edit, ""));
    let [verb, place, hash] = header.split(' ').collect::<Vec<_>>().try_into().ok()?;
    let (file, lines) = place.split_once(':')?;
    let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
    let (first, last) = (first.parse().ok()?, last.parse().ok()?);
    let count = 1 + usize::checked_sub(last, first)?;
    let edit = Edit {
        fix: fix.to_owned(),
        first,
        last,
        hash: u64::from_str_radix(hash, 16).ok()?,
        kept: match verb {
            "before" => (0, count),
            "after" => (count, 0),
            "replace" => (0, 0),
            _ => return None,
        },
        text: text.trim_end_matches('\n').to_owned() + "\n",
    };
    Some((file.to_owned(), edit))
}

/// The file with the edits made, which are in the order of their lines.
fn apply(file: &str, original: &str, edits: &[Edit]) -> Result<String, String> {
    let lines: Vec<_> = original.lines().collect();
    let mut fixed = String::new();
    let mut next = 0;
    for edit in edits {
        let fix = &edit.fix;
        let at = format!("{fix}: {file}:{}-{}", edit.first, edit.last);
        let found = (edit.first > next)
            .then(|| lines.get(edit.first - 1..edit.last))
            .flatten()
            .ok_or_else(|| format!("{at}: no such lines, or another fix edits them"))?;
        if hash(found) != edit.hash {
            return Err(format!(
                "{at}: not the lines that the fix is for; their hash is {:016x}\n\
                 The fixes belong to the libzmq that vendor/README.md names, which also says what \
                 to do.",
                hash(found)
            ));
        }
        push(&mut fixed, &lines[next..edit.first - 1]);
        push(&mut fixed, &found[..edit.kept.0]);
        fixed += &edit.text;
        push(&mut fixed, &found[found.len() - edit.kept.1..]);
        next = edit.last;
    }
    push(&mut fixed, &lines[next..]);
    Ok(fixed)
}

fn push(text: &mut String, lines: &[&str]) {
    for line in lines {
        *text += line;
        text.push('\n');
    }
}

/// FNV-1a of the lines, the same for both kinds of line ends.
fn hash(lines: &[&str]) -> u64 {
    let bytes = lines.iter().flat_map(|line| line.bytes().chain([b'\n']));
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
