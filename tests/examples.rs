//! Runs each example, and compares all that it prints with what `examples/README.md` promises.

use std::collections::BTreeSet;
use std::env;
use std::fs;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{self, Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use ferromq::curve::{Certificate, Keypair};

#[path = "it/support.rs"]
#[allow(dead_code)] // The rest is for the other tests.
mod support;

use support::Directory;

const DEADLINE: Duration = Duration::from_secs(60);

const ANY_PORT: &str = "tcp://127.0.0.1:*";

/// What stands in the README before the name of an example.
const COMMAND: &str = "$ cargo run --example ";

#[test]
fn readme_shows_every_example() {
    let shown: BTreeSet<_> = readme()
        .lines()
        .filter_map(|line| Some(line.strip_prefix(COMMAND)?.split(' ').next()?.to_owned()))
        .collect();
    let present: BTreeSet<_> = fs::read_dir(directory())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "rs"))
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
    Example::start("late_worker", &[&vacant("late-worker")]).finish();
}

#[cfg(unix)]
#[test]
fn fork_workers() {
    let endpoints = [vacant("fork-tasks"), vacant("fork-results")];
    Example::start("fork_workers", &endpoints.each_ref().map(String::as_str)).finish();
}

/// Nobody else can take this endpoint before the example binds it.
fn vacant(name: &str) -> String {
    let path = env::temp_dir().join(format!("ferromq-{name}-{}", process::id()));
    format!("ipc://{}", path.display())
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
    let output = Command::new(program(name)).arg(argument).output().unwrap();
    assert!(!output.status.success(), "{name}: {output:?}");
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains(words), "{name}: {error}");
}

/// A running example, ended when dropped.
struct Example {
    name: &'static str,
    /// What the README shows.
    expected: Vec<String>,
    child: Child,
    /// What comes from the child's standard output.
    lines: Receiver<String>,
    /// What has come.
    printed: Vec<String>,
}

impl Example {
    fn start(name: &'static str, arguments: &[&str]) -> Self {
        let mut child = Command::new(program(name))
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = BufReader::new(child.stdout.take().unwrap());
        let (sender, lines) = mpsc::channel();
        thread::spawn(move || {
            for line in stdout.lines() {
                // Refused only by a test that has failed already.
                let _ = sender.send(line.unwrap());
            }
        });
        Self {
            name,
            expected: promised(name),
            child,
            lines,
            printed: Vec::new(),
        }
    }

    /// Waits for the first line, which tells where the example is bound, and from then on expects
    /// that endpoint instead of the one in the README.
    fn endpoint(&mut self) -> String {
        assert!(self.print_line(), "{} ended at once", self.name);
        let endpoint = bound_to(&self.printed[0]);
        let documented = bound_to(&self.expected[0]);
        let source = fs::read_to_string(directory().join(self.name).with_extension("rs")).unwrap();
        assert!(
            source.contains(&format!("\"{documented}\"")),
            "{documented} is not the default endpoint of {}",
            self.name
        );
        self.expected[0].clone_from(&self.printed[0]);
        endpoint.to_owned()
    }

    /// Waits for the next line; without one the example has ended.
    fn print_line(&mut self) -> bool {
        match self.lines.recv_timeout(DEADLINE) {
            Ok(line) => self.printed.push(line),
            Err(RecvTimeoutError::Disconnected) => return false,
            Err(RecvTimeoutError::Timeout) => {
                panic!("{} hangs after printing {:#?}", self.name, self.printed)
            }
        }
        true
    }

    /// Waits for the end.
    fn finish(mut self) {
        while self.print_line() {}
        let status = self.child.wait().unwrap();
        assert!(status.success(), "{}: {status}", self.name);
        assert_eq!(self.printed, self.expected, "{}", self.name);
    }

    /// Ends an example that would run for ever once it has printed what is promised.
    fn stop(mut self) {
        while self.printed.len() < self.expected.len() {
            assert!(self.print_line(), "{} ended by itself", self.name);
        }
        self.child.kill().unwrap();
        while self.print_line() {}
        assert_eq!(self.printed, self.expected, "{}", self.name);
    }
}

impl Drop for Example {
    fn drop(&mut self) {
        // Both fail only where the child has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Cargo puts examples beside the directory of the tests, and builds them with the tests.
fn program(name: &str) -> PathBuf {
    let test = env::current_exe().unwrap();
    let program = test
        .ancestors()
        .nth(2)
        .unwrap()
        .join("examples")
        .join(name)
        .with_extension(env::consts::EXE_EXTENSION);
    assert!(
        program.is_file(),
        "there is no {}; build it with `cargo build --examples`, and the profile, features and \
         target of this test",
        program.display()
    );
    program
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
