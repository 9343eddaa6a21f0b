//! No name of ferromq's libzmq is one that another libzmq has.

use std::path::Path;
use std::process::Command;
use std::{env, fs};

#[test]
fn each_function_is_in_its_own_library() {
    let ours = file_of(ferromq_sys::zmq_version as *const () as usize);
    assert_eq!(Path::new(&ours), env::current_exe().unwrap());
    let systems = file_of(beside_system::zmq_version as *const () as usize);
    assert!(systems.contains("libzmq.so"), "{systems}");

    let (major, minor, patch) = beside_system::version();
    println!(
        "ferromq's: {}, the system's: {major}.{minor}.{patch}",
        ferromq::version()
    );
    assert_eq!(ferromq::linkage(), ferromq::Linkage::Vendored);
    assert_eq!(ferromq::version().to_string(), "4.3.5");
}

#[test]
fn the_archive_defines_prefixed_names_only() {
    let table = nm(
        &["--defined-only", "--extern-only"],
        env!("FERROMQ_ARCHIVE"),
    );
    let names: Vec<_> = table.lines().filter_map(name).collect();
    assert!(names.contains(&"ferromq_zmq_ctx_new"));
    let public: Vec<_> = names
        .into_iter()
        .filter(|name| !name.contains("ferromq_") && !is_cxx_standard(name))
        .collect();
    assert!(public.is_empty(), "{public:#?}");
}

#[test]
fn the_program_shows_no_libzmq_and_imports_the_system_s() {
    let program = env::current_exe().unwrap();
    let program = program.to_str().unwrap();
    let exported = nm(&["--dynamic", "--defined-only"], program);
    let exported: Vec<_> = exported
        .lines()
        .filter(|line| line.contains("zmq"))
        .collect();
    assert!(exported.is_empty(), "{exported:#?}");

    let imported = nm(&["--dynamic", "--undefined-only"], program);
    let imported = imported.lines().filter_map(name);
    let imported: Vec<_> = imported.filter(|name| name.contains("zmq")).collect();
    assert!(imported.contains(&"zmq_version"), "{imported:#?}");
    let ours: Vec<_> = imported
        .iter()
        .filter(|name| name.contains("ferromq"))
        .collect();
    assert!(ours.is_empty(), "{ours:#?}");
}

/// What templates of the C++ library give, the same in all programs.
fn is_cxx_standard(name: &str) -> bool {
    const STARTS: [&str; 8] = [
        "_ZNSt", "_ZNKSt", "_ZSt", "_ZTVSt", "_ZTISt", "_ZTSSt", "_ZZNSt", "DW.ref.",
    ];
    STARTS.iter().any(|start| name.starts_with(start))
}

fn nm(options: &[&str], file: &str) -> String {
    let output = Command::new("nm")
        .args(options)
        .arg(file)
        .output()
        .expect("`nm` is missing: apt-get install binutils");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

/// The name in a line of symbols: `0000000000000000 T zmq_version`.
fn name(line: &str) -> Option<&str> {
    match line.split_whitespace().collect::<Vec<_>>()[..] {
        [.., kind, name] if kind.len() == 1 => Some(name),
        _ => None,
    }
}

/// The file that is mapped at an address.
fn file_of(address: usize) -> String {
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    let file = maps.lines().find_map(|line| {
        let (start, rest) = line.split_once('-')?;
        let (end, rest) = rest.split_once(' ')?;
        let [start, end] = [start, end].map(|text| usize::from_str_radix(text, 16).unwrap());
        let at = (start..end).contains(&address).then(|| rest.find('/'))?;
        Some(rest[at?..].to_owned())
    });
    file.expect("nothing is mapped there")
}
