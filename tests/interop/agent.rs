//! The other side of `agent.py`: a Python peer as a child process, and its sockets.

use std::cell::{Cell, RefCell};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::python;

/// How long anything may take that should happen at once, on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(20);

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/agent.py");

/// The longest frame that travels as text to the agent; longer ones are `pattern(length)`.
const INLINE: usize = 4096;

/// A Python process that does with pyzmq what it is told. Dropping it ends the process.
///
/// Whatever goes wrong with it panics, with what it wrote to its standard error.
pub struct Agent {
    process: RefCell<Process>,
    sockets: Cell<u32>,
}

struct Process {
    child: Child,
    requests: ChildStdin,
    replies: Receiver<String>,
    complaints: Option<JoinHandle<String>>,
}

impl Agent {
    pub fn start() -> Agent {
        let python = python::interpreter();
        let mut child = Command::new(&python)
            .arg(SCRIPT)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap_or_else(|error| panic!("start {python:?}: {error}"));
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
        let process = Process {
            child,
            requests,
            replies,
            complaints: Some(complaints),
        };
        let agent = Agent {
            process: RefCell::new(process),
            sockets: Cell::new(0),
        };
        println!(
            "{python:?}: {}",
            agent.request(json!({"op": "hello"}), Duration::ZERO)
        );
        agent
    }

    /// Makes a socket; `kind` is named as in libzmq, `"REQ"`.
    #[track_caller]
    pub fn socket(&self, kind: &str) -> Socket<'_> {
        let number = self.sockets.replace(self.sockets.get() + 1);
        let socket = Socket {
            agent: self,
            name: format!("{kind}-{number}"),
        };
        socket.tell("socket", json!({"kind": kind}));
        socket
    }

    /// Waits until one of the sockets can be read, and returns the places in the list of those that
    /// can.
    #[track_caller]
    pub fn poll(&self, sockets: &[&Socket], patience: Duration) -> Vec<usize> {
        let names: Vec<_> = sockets.iter().map(|socket| &socket.name).collect();
        let request = json!({"op": "poll", "sockets": names, "ms": patience.as_millis()});
        serde_json::from_value(self.request(request, patience)).unwrap()
    }

    /// Forks workers that answer each task from `source` with its square, until an empty one comes.
    #[track_caller]
    pub fn fork_workers(&self, count: usize, [source, sink, end]: [&str; 3]) {
        let request = json!({
            "op": "fork_workers", "count": count,
            "source": source, "sink": sink, "end": end
        });
        self.request(request, Duration::ZERO);
    }

    /// Waits for the workers to end, each well.
    #[track_caller]
    pub fn join_workers(&self, count: usize) {
        let request = json!({"op": "join_workers", "ms": DEADLINE.as_millis()});
        assert_eq!(self.request(request, DEADLINE), json!(vec![0; count]));
    }

    /// Decides from now on who may come to a domain of the agent's sockets.
    #[track_caller]
    pub fn authenticate(&self, domain: &str, passwords: Value, keys: &[String], denied: &[&str]) {
        let request = json!({
            "op": "authenticate", "domain": domain,
            "passwords": passwords, "keys": keys, "denied": denied
        });
        self.request(request, Duration::ZERO);
    }

    /// Writes a certificate with new keys, and returns the names of the public and secret file.
    #[track_caller]
    pub fn create_certificate(
        &self,
        directory: &Path,
        name: &str,
        metadata: Value,
    ) -> [PathBuf; 2] {
        let request = json!({
            "op": "create_certificate", "directory": directory, "name": name, "metadata": metadata
        });
        serde_json::from_value(self.request(request, Duration::ZERO)).unwrap()
    }

    /// The public and the secret key of a certificate.
    #[track_caller]
    pub fn load_certificate(&self, file: &Path) -> (String, Option<String>) {
        let request = json!({"op": "load_certificate", "file": file});
        serde_json::from_value(self.request(request, Duration::ZERO)).unwrap()
    }

    /// The public keys of the certificates in a directory.
    #[track_caller]
    pub fn load_certificates(&self, directory: &Path) -> Vec<String> {
        let request = json!({"op": "load_certificates", "directory": directory});
        serde_json::from_value(self.request(request, Duration::ZERO)).unwrap()
    }

    /// Sends a request that may keep the agent busy for as long as `patience`.
    #[track_caller]
    fn request(&self, request: Value, patience: Duration) -> Value {
        let process = &mut *self.process.borrow_mut();
        let request = request.to_string();
        let sent = writeln!(process.requests, "{request}").map_err(|error| error.to_string());
        let reply = sent.and_then(|()| {
            process
                .replies
                .recv_timeout(patience + DEADLINE)
                .map_err(|error| match error {
                    RecvTimeoutError::Timeout => "no reply in time".into(),
                    RecvTimeoutError::Disconnected => "ended".into(),
                })
        });
        let trouble = match reply {
            Ok(line) => match serde_json::from_str::<Value>(&line).unwrap() {
                Value::Object(mut reply) if reply.contains_key("ok") => return reply["ok"].take(),
                refusal => refusal.to_string(),
            },
            Err(trouble) => trouble,
        };
        panic!(
            "the Python peer, asked {request:.300}: {trouble}\n{}",
            process.end()
        );
    }
}

impl Process {
    /// Ends the process, and returns what it wrote to its standard error.
    fn end(&mut self) -> String {
        let _ = self.child.kill();
        let _ = self.child.wait();
        self.complaints
            .take()
            .map_or_else(String::new, |text| text.join().unwrap())
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        self.process.get_mut().end();
    }
}

/// A socket of an [`Agent`].
pub struct Socket<'a> {
    agent: &'a Agent,
    name: String,
}

impl Socket<'_> {
    #[track_caller]
    pub fn set(&self, option: &str, value: impl Into<Value>) {
        self.tell("set", json!({"option": option, "value": value.into()}));
    }

    /// Binds, and returns the endpoint with its wildcards resolved.
    #[track_caller]
    pub fn bind(&self, endpoint: &str) -> String {
        let endpoint = self.tell("bind", json!({"endpoint": endpoint}));
        endpoint.as_str().unwrap().to_owned()
    }

    #[track_caller]
    pub fn unbind(&self, endpoint: &str) {
        self.tell("unbind", json!({"endpoint": endpoint}));
    }

    #[track_caller]
    pub fn connect(&self, endpoint: &str) {
        self.tell("connect", json!({"endpoint": endpoint}));
    }

    #[track_caller]
    pub fn disconnect(&self, endpoint: &str) {
        self.tell("disconnect", json!({"endpoint": endpoint}));
    }

    /// Returns whether the message was taken in time.
    #[track_caller]
    pub fn send(&self, frames: &[Vec<u8>], patience: Duration) -> bool {
        let frames: Vec<_> = frames.iter().map(|frame| frame_to_send(frame)).collect();
        self.wait("send", json!({"frames": frames}), patience)
            .as_bool()
            .unwrap()
    }

    /// Returns the next message, or nothing when the time is up.
    #[track_caller]
    pub fn recv(&self, patience: Duration) -> Option<Vec<Vec<u8>>> {
        let frames = self.wait("recv", json!({}), patience);
        Some(frames.as_array()?.iter().map(received_frame).collect())
    }

    /// Starts to record the events of the socket.
    #[track_caller]
    pub fn monitor(&self) {
        self.tell("monitor", json!({}));
    }

    /// Skips events until the named one, and returns its endpoint.
    #[track_caller]
    pub fn wait_for_event(&self, name: &str) -> String {
        let event = self.find_event(name, |event| event == name);
        event["endpoint"].as_str().unwrap().to_owned()
    }

    /// Skips events until the result of a handshake, and returns its name and value.
    #[track_caller]
    pub fn wait_for_handshake(&self) -> (String, u64) {
        let event = self.find_event("handshake", |event| event.starts_with("HANDSHAKE_"));
        let name = event["event"].as_str().unwrap().to_owned();
        (name, event["value"].as_u64().unwrap())
    }

    #[track_caller]
    fn find_event(&self, what: &str, is_it: impl Fn(&str) -> bool) -> Value {
        let start = Instant::now();
        loop {
            let event = self.wait("event", json!({}), DEADLINE.saturating_sub(start.elapsed()));
            assert!(event.is_object(), "no {what} from {}", self.name);
            if is_it(event["event"].as_str().unwrap()) {
                return event;
            }
        }
    }

    /// Closes the socket; libzmq goes on to deliver what it holds for as long as `linger`.
    #[track_caller]
    pub fn close(self, linger: Duration) {
        self.tell("close", json!({"linger": linger.as_millis()}));
    }

    #[track_caller]
    fn tell(&self, operation: &str, arguments: Value) -> Value {
        self.request(operation, arguments, Duration::ZERO)
    }

    #[track_caller]
    fn wait(&self, operation: &str, mut arguments: Value, patience: Duration) -> Value {
        arguments["ms"] = json!(patience.as_millis());
        self.request(operation, arguments, patience)
    }

    #[track_caller]
    fn request(&self, operation: &str, mut arguments: Value, patience: Duration) -> Value {
        arguments["op"] = json!(operation);
        arguments["socket"] = json!(self.name);
        self.agent.request(arguments, patience)
    }
}

/// Bytes that both sides can make: byte `i` is `i % 251`.
pub fn pattern(length: usize) -> Vec<u8> {
    let period: Vec<u8> = (0..251).collect();
    let mut bytes = period.repeat(length.div_ceil(period.len()));
    bytes.truncate(length);
    bytes
}

fn frame_to_send(frame: &[u8]) -> Value {
    if frame.len() <= INLINE {
        return hex(frame).into();
    }
    assert!(
        frame == pattern(frame.len()),
        "a frame of {} bytes must be the pattern",
        frame.len()
    );
    json!({"pattern": frame.len()})
}

fn received_frame(frame: &Value) -> Vec<u8> {
    if let Some(digits) = frame.as_str() {
        return (0..digits.len())
            .step_by(2)
            .map(|i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap())
            .collect();
    }
    let bytes = pattern(frame["length"].as_u64().unwrap().try_into().unwrap());
    assert_eq!(
        frame["sha256"],
        hex(&Sha256::digest(&bytes)),
        "{} bytes arrived, but not the pattern",
        bytes.len()
    );
    bytes
}

/// Bytes as the agent takes and gives them.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
