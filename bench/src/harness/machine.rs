//! Where and with what it was measured.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use super::programs::pkg_config;

/// What the results depend on.
pub fn facts() -> BTreeMap<String, String> {
    let processor = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let processor = processor
        .lines()
        .find_map(|line| line.strip_prefix("model name")?.split_once(": "))
        .map_or("unknown", |(_, model)| model)
        .to_owned();
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let facts = [
        ("processor", processor),
        ("cores", cores.to_string()),
        ("kernel", read("/proc/sys/kernel/osrelease")),
        ("compiler", told("rustc", &["--version"])),
        ("load at the beginning", load()),
    ];
    facts
        .map(|(what, value)| (what.to_owned(), value))
        .into_iter()
        .collect()
}

pub fn now() -> String {
    jiff::Timestamp::now()
        .strftime("%Y-%m-%d %H:%M UTC")
        .to_string()
}

/// How many tasks wanted to run in the last minute.
pub fn load() -> String {
    let load = read("/proc/loadavg");
    load.split(' ').next().unwrap_or_default().to_owned()
}

/// Of each library that is measured.
pub fn versions() -> BTreeMap<String, String> {
    let own = Path::new(env!("CARGO_MANIFEST_DIR"));
    let system = pkg_config(&["--modversion", "libzmq"]).unwrap_or_default();
    let vendored = format!("libzmq {}", ferromq::version());
    let import = "import zmq; print(f'{zmq.__version__}, libzmq {zmq.zmq_version()}')";
    let mut versions: BTreeMap<String, String> = [
        ("c-system", format!("libzmq {system}")),
        ("c", vendored.clone()),
        ("ferromq", vendored.clone()),
        ("ferromq-batch", vendored.clone()),
        ("ferromq-lto", vendored.clone()),
        ("ferromq-tokio", vendored),
        ("pyzmq", told("/usr/bin/python3", &["-I", "-c", import])),
    ]
    .map(|(library, version)| (library.to_owned(), version))
    .into_iter()
    .collect();
    let rivals = [
        ("zmq", "zmq", "rivals"),
        ("tmq", "tmq", "rivals"),
        ("zeromq", "zeromq", "rivals"),
        ("rzmq", "rzmq", "rivals"),
        ("omq", "omq-tokio", "rivals"),
        ("arzmq", "arzmq", "rivals/arzmq"),
    ];
    for (library, package, directory) in rivals {
        let lock = fs::read_to_string(own.join(directory).join("Cargo.lock")).unwrap_or_default();
        if let Some(version) = locked(&lock, package) {
            versions.insert(library.to_owned(), version);
        }
    }
    versions
}

fn locked(lock: &str, package: &str) -> Option<String> {
    let (_, rest) = lock.split_once(&format!("name = \"{package}\"\nversion = \""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

fn read(path: &str) -> String {
    let text = fs::read_to_string(path).unwrap_or_default();
    text.trim().to_owned()
}

fn told(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output();
    let text = output.map(|output| String::from_utf8_lossy(&output.stdout).trim().to_owned());
    text.unwrap_or_default()
}
