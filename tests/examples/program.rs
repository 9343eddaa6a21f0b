//! An example that runs.

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

const DEADLINE: Duration = Duration::from_secs(60);

/// Killed when dropped.
pub struct Program {
    command: &'static str,
    child: Child,
    /// What comes from its standard output.
    lines: Receiver<String>,
    /// What has come.
    printed: Vec<String>,
}

impl Program {
    /// The command is as the README has it: the name of the example, and perhaps ` -- ` and its
    /// first arguments.
    pub fn start(command: &'static str, arguments: &[&str]) -> Self {
        let (name, first) = command.split_once(" -- ").unwrap_or((command, ""));
        let mut child = Command::new(executable(name))
            .args(first.split_whitespace())
            .args(arguments)
            .stdin(Stdio::piped())
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
            command,
            child,
            lines,
            printed: Vec::new(),
        }
    }

    pub fn signal(&self, signal: libc::c_int) {
        let id = self.child.id().try_into().unwrap();
        // SAFETY: the child is not waited for yet, so the number is still its own.
        assert_eq!(unsafe { libc::kill(id, signal) }, 0);
    }

    pub fn printed(&self) -> &[String] {
        &self.printed
    }

    /// Waits for the next line; without one the example has ended.
    pub fn next_line(&mut self) -> Option<&str> {
        match self.lines.recv_timeout(DEADLINE) {
            Ok(line) => self.printed.push(line),
            Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) => {
                panic!("{} hangs after printing {:#?}", self.command, self.printed)
            }
        }
        self.printed.last().map(String::as_str)
    }

    /// Waits for a line that starts so.
    #[track_caller]
    pub fn wait_for(&mut self, start: &str) {
        while let Some(line) = self.next_line() {
            if line.starts_with(start) {
                return;
            }
        }
        panic!("{} has ended without {start:?}", self.command);
    }

    pub fn has_ended(&mut self) -> bool {
        self.child.try_wait().unwrap().is_some()
    }

    /// Gives it a line to read.
    pub fn tell(&mut self, line: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{line}").unwrap();
    }

    /// Waits for the end, and returns whether it was a good one, and all that was printed.
    pub fn wait(mut self) -> (bool, Vec<String>) {
        while self.next_line().is_some() {}
        let status = self.child.wait().unwrap();
        (status.success(), std::mem::take(&mut self.printed))
    }

    /// Waits for a good end, and returns all that was printed.
    #[track_caller]
    pub fn finish(self) -> Vec<String> {
        let command = self.command;
        let (well, printed) = self.wait();
        assert!(well, "{command} has failed after printing {printed:#?}");
        printed
    }

    /// Kills it with SIGKILL, and returns all that it has printed.
    pub fn kill(mut self) -> Vec<String> {
        self.child.kill().unwrap();
        self.wait().1
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        // Both fail only where the child has ended.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Cargo puts examples beside the directory of the tests, and builds them with the tests.
pub fn executable(name: &str) -> PathBuf {
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
