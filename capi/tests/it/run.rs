//! Programs, each with a deadline.

use std::io::Read;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// What came of a program.
#[derive(Debug)]
pub struct Outcome {
    /// `None` if it had to be ended.
    pub status: Option<ExitStatus>,
    /// What it printed, and then its errors.
    pub output: String,
}

impl Outcome {
    pub fn signal(&self) -> Option<i32> {
        self.status.and_then(|status| status.signal())
    }

    pub fn code(&self) -> Option<i32> {
        self.status.and_then(|status| status.code())
    }
}

/// Runs the program until the deadline.
pub fn within(limit: Duration, command: &mut Command) -> Outcome {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .unwrap_or_else(|error| panic!("cannot run {command:?}: {error}"));
    let outputs = [
        read_all(child.stdout.take().unwrap()),
        read_all(child.stderr.take().unwrap()),
    ];
    let deadline = Instant::now() + limit;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break Some(status);
        }
        if Instant::now() > deadline {
            break None;
        }
        thread::sleep(Duration::from_millis(5));
    };
    // The program and what it started.
    let _ = Command::new("kill")
        .args(["-KILL", "--", &format!("-{}", child.id())])
        .stderr(Stdio::null())
        .status();
    let _ = child.wait();
    Outcome {
        status,
        output: outputs.map(|output| output.join().unwrap()).concat(),
    }
}

fn read_all(mut pipe: impl Read + Send + 'static) -> JoinHandle<String> {
    thread::spawn(move || {
        let mut output = Vec::new();
        let _ = pipe.read_to_end(&mut output);
        String::from_utf8_lossy(&output).into_owned()
    })
}

/// Runs the program, which must succeed within a minute; gives its output.
pub fn succeed(command: &mut Command) -> String {
    let outcome = within(Duration::from_secs(60), command);
    assert!(
        outcome.code() == Some(0),
        "{command:?}: {:?}\n{}",
        outcome.status,
        outcome.output
    );
    outcome.output
}

/// A program that Debian has a package for.
pub fn tool(name: &str, package: &str) -> Command {
    let found = Command::new("sh")
        .args(["-c", &format!("command -v {name}")])
        .stdout(Stdio::null())
        .status()
        .is_ok_and(|status| status.success());
    assert!(found, "missing: {name}: apt-get install {package}");
    Command::new(name)
}
