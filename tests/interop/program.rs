//! A child process that answers each line with a line.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use crate::peer::DEADLINE;

/// Dropping it ends the process.
pub struct Program {
    child: Child,
    requests: ChildStdin,
    replies: Receiver<String>,
    complaints: Option<JoinHandle<String>>,
    /// What to do about a program that does not start.
    advice: &'static str,
    has_started: bool,
}

impl Program {
    pub fn start(command: &mut Command, advice: &'static str) -> Self {
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("start {command:?}: {error}; {advice}"));
        let requests = child.stdin.take().unwrap();
        let output = BufReader::new(child.stdout.take().unwrap());
        let mut errors = child.stderr.take().unwrap();
        let (sender, replies) = mpsc::channel();
        thread::spawn(move || {
            output
                .lines()
                .map_while(Result::ok)
                .try_for_each(|line| sender.send(line))
        });
        let complaints = thread::spawn(move || {
            let mut text = String::new();
            let _ = errors.read_to_string(&mut text);
            text
        });
        Self {
            child,
            requests,
            replies,
            complaints: Some(complaints),
            advice,
            has_started: false,
        }
    }

    /// The reply to a request that may keep the process busy for as long as `patience`.
    ///
    /// Whatever goes wrong panics, with what the process wrote to its standard error.
    #[track_caller]
    pub fn ask(&mut self, request: &str, patience: Duration) -> String {
        let sent = writeln!(self.requests, "{request}").map_err(|error| error.to_string());
        let reply = sent.and_then(|()| {
            self.replies
                .recv_timeout(patience + DEADLINE)
                .map_err(|error| match error {
                    RecvTimeoutError::Timeout => "no reply in time".into(),
                    RecvTimeoutError::Disconnected => "ended".into(),
                })
        });
        let reply = reply.unwrap_or_else(|trouble: String| self.fail(request, &trouble));
        self.has_started = true;
        reply
    }

    /// Panics about a request.
    #[track_caller]
    pub fn fail(&mut self, request: &str, trouble: &str) -> ! {
        let complaints = self.end();
        let advice = if self.has_started { "" } else { self.advice };
        panic!("the peer, asked {request:.300}: {trouble}\n{complaints}{advice}")
    }

    /// Sends a signal to the process.
    pub fn signal(&self, signal: libc::c_int) {
        let process = self.child.id().try_into().unwrap();
        // SAFETY: no preconditions; the child has not been waited for, so that its number is its own.
        let status = unsafe { libc::kill(process, signal) };
        assert_eq!(status, 0, "{}", std::io::Error::last_os_error());
    }

    /// Ends the process at once, as `kill -9` does, and returns what it wrote to its standard error.
    pub fn end(&mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.complaints
            .take()
            .map_or_else(String::new, |text| text.join().unwrap())
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        self.end();
    }
}
