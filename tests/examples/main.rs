//! Runs each example, and compares all that it prints with what `examples/README.md` promises. The
//! reliable patterns have a module each, in which their processes are killed.

mod ack_pipeline;
mod clone;
mod lazy_pirate;
mod majordomo;
mod program;
mod proxy_broker;
#[path = "../it/support.rs"]
#[allow(dead_code)] // The rest is for the other tests.
mod support;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use ferromq::curve::{Certificate, Keypair};

use program::{Program, executable};
use support::Directory;

const ANY_PORT: &str = "tcp://127.0.0.1:*";

/// What stands in the README before the name of an example.
const COMMAND: &str = "$ cargo run --example ";

#[test]
fn readme_shows_every_example() {
    let shown: BTreeSet<_> = readme()
        .lines()
        .filter_map(|line| line.strip_prefix(COMMAND)?.split(' ').next())
        .map(str::to_owned)
        .collect();
    let present: BTreeSet<_> = fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.file_name().is_none_or(|name| name != "README.md"))
        .map(|path| path.file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    assert_eq!(shown, present);
}

#[test]
fn readme_of_the_project_shows_hello() {
    let source = fs::read_to_string(directory().join("hello.rs")).unwrap();
    let (_, program) = source.split_once("\n\n").unwrap();
    let readme = fs::read_to_string(directory().with_file_name("README.md")).unwrap();
    assert!(readme.contains(&format!("```rust\n{program}```\n")));
}

#[test]
fn hello() {
    Example::start("hello", &[]).finish();
}

#[cfg(feature = "tokio")]
#[test]
fn hello_async() {
    Example::start("hello_async", &[]).finish();
}

#[test]
fn request_and_reply() {
    let mut server = Example::start("rep_server", &[ANY_PORT, "1"]);
    Example::start("req_client", &[&server.endpoint()]).finish();
    server.finish();
}

#[test]
fn publish_and_subscribe() {
    let mut server = Example::start("pub_server", &[ANY_PORT]);
    Example::start("sub_client", &[&server.endpoint()]).finish();
    server.stop();
}

#[test]
fn publishing_ends_after_the_rounds_asked_for() {
    let mut server = Example::start("pub_server", &[ANY_PORT, "1"]);
    server.endpoint();
    server.finish();
}

#[test]
fn pipeline() {
    let mut sink = Example::start("pull_sink", &[ANY_PORT, "5"]);
    let mut source = Example::start("push_source", &[ANY_PORT]);
    let arguments = [&*source.endpoint(), &*sink.endpoint(), "5"];
    Example::start("worker", &arguments).finish();
    source.finish();
    sink.finish();
}

#[test]
fn late_worker() {
    let directory = Directory::new();
    Example::start("late_worker", &[&directory.endpoint("tasks")]).finish();
}

#[cfg(unix)]
#[test]
fn fork_workers() {
    let directory = Directory::new();
    let endpoints = ["tasks", "results", "end"].map(|name| directory.endpoint(name));
    Example::start(
        "fork_workers",
        &endpoints.each_ref().map(|endpoint| &**endpoint),
    )
    .finish();
}

#[test]
fn one_to_many() {
    Example::start("one_to_many", &[]).finish();
}

#[test]
fn plain() {
    Example::start("plain", &[]).finish();
}

#[test]
fn curve() {
    let directory = Directory::new();
    let path = directory.to_str().unwrap();
    if !ferromq::has(ferromq::Capability::Curve) {
        // Keys that were made elsewhere.
        let certificate = Certificate::from(Keypair {
            public: [1; 32].into(),
            secret: [2; 32].into(),
        });
        fs::create_dir(directory.join("clients")).unwrap();
        for file in ["server.key", "clients/client.key"] {
            certificate.save(directory.join(file)).unwrap();
        }
        for name in ["keygen", "curve_server", "curve_client"] {
            assert_fails(name, path, "without CURVE");
        }
        return;
    }
    Example::start("keygen", &[path]).finish();
    assert_fails("keygen", path, "there is such a file");
    let mut server = Example::start("curve_server", &[path, ANY_PORT, "1"]);
    Example::start("curve_client", &[path, &server.endpoint()]).finish();
    server.finish();
}

/// The example ends with an error that says this.
fn assert_fails(name: &str, argument: &str, words: &str) {
    let output = Command::new(executable(name))
        .arg(argument)
        .output()
        .unwrap();
    assert!(!output.status.success(), "{name}: {output:?}");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains(words), "{name}: {error}");
}

/// The replies to as many requests.
fn squares(count: u64) -> Vec<String> {
    (1..=count)
        .map(|number| format!("{number} squared is {}", number * number))
        .collect()
}

/// A running example.
struct Example {
    command: &'static str,
    /// What the README shows.
    expected: Vec<String>,
    program: Program,
}

impl Example {
    fn start(command: &'static str, arguments: &[&str]) -> Self {
        Self {
            command,
            expected: promised(command),
            program: Program::start(command, arguments),
        }
    }

    /// Expects this endpoint, which was an argument, instead of the one in the README.
    fn at(mut self, documented: &str, endpoint: &str) -> Self {
        self.check_default(documented);
        for line in &mut self.expected {
            *line = line.replace(documented, endpoint);
        }
        self
    }

    /// Waits for the first line, which tells where the example is bound, and from then on expects
    /// that endpoint instead of the one in the README.
    fn endpoint(&mut self) -> String {
        let first = self.program.next_line().expect("it ended at once");
        let endpoint = bound_to(first).to_owned();
        self.check_default(bound_to(&self.expected[0]));
        self.expected[0] = format!("bound to {endpoint}");
        endpoint
    }

    fn check_default(&self, endpoint: &str) {
        let name = self.command.split(' ').next().unwrap();
        let file = directory().join(name).with_extension("rs");
        let source = fs::read_to_string(&file)
            .or_else(|_| fs::read_to_string(directory().join(name).join("main.rs")))
            .unwrap();
        assert!(
            source.contains(&format!("\"{endpoint}\"")),
            "{endpoint} is not a default endpoint of {name}"
        );
    }

    /// Waits for the end.
    fn finish(self) {
        assert_eq!(self.program.finish(), self.expected, "{}", self.command);
    }

    /// Waits for all that is promised.
    fn print_all(&mut self) {
        while self.program.printed().len() < self.expected.len() {
            let line = self.program.next_line();
            assert!(line.is_some(), "{} ended by itself", self.command);
        }
    }

    /// Ends an example that would run for ever once it has printed what is promised.
    fn stop(mut self) {
        self.print_all();
        assert_eq!(self.program.kill(), self.expected, "{}", self.command);
    }
}

fn directory() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples")
}

fn readme() -> String {
    fs::read_to_string(directory().join("README.md")).unwrap()
}

/// What the README shows under the command that runs the example.
fn promised(name: &str) -> Vec<String> {
    let command = format!("{COMMAND}{name}");
    let readme = readme();
    let mut lines = readme.lines();
    assert!(
        lines.any(|line| line.split(" --features ").next() == Some(&*command)),
        "examples/README.md does not show {command}"
    );
    lines
        .take_while(|line| *line != "```")
        .map(str::to_owned)
        .collect()
}

fn bound_to(line: &str) -> &str {
    line.strip_prefix("bound to ")
        .unwrap_or_else(|| panic!("{line:?} does not tell an endpoint"))
}
