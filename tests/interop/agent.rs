//! The other side of `agent.py`: a Python peer as a child process.

use std::cell::{Cell, RefCell, RefMut};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use ferromq::SocketType;
use serde_json::{Value, json};

use crate::peer::{Host, Side, Stranger, Transport};
use crate::program::Program;
use crate::python;

mod socket;
pub use crate::peer::DEADLINE;
pub use socket::Socket;

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/interop/agent.py");

/// A Python with its pyzmq and libzmq.
#[derive(Clone, Copy)]
pub enum Python {
    /// With the wheel that `requirements.txt` pins.
    Wheel,
    /// Debian's, with the package `python3-zmq`.
    Debian,
}

impl Python {
    fn command(self) -> Command {
        match self {
            Self::Wheel => Command::new(python::interpreter()),
            Self::Debian => {
                let mut command = Command::new("/usr/bin/python3");
                // Without what the user or the environment has of Python.
                command.arg("-I");
                command
            }
        }
    }

    /// What helps when the agent does not start.
    fn advice(self) -> &'static str {
        match self {
            Self::Wheel => "remove its virtual environment, which is made anew",
            Self::Debian => "install Debian's pyzmq: apt-get install python3-zmq",
        }
    }
}

/// A Python process that does with pyzmq what it is told. Dropping it ends the process.
///
/// Whatever goes wrong with it panics, with what it wrote to its standard error.
pub struct Agent {
    program: RefCell<Program>,
    sockets: Cell<u32>,
    python: Python,
    /// The test, and the versions of pyzmq and libzmq.
    label: String,
}

impl Agent {
    /// One of the Pythons, for a test.
    pub fn of(python: Python, test: &str) -> Self {
        let program = Program::start(python.command().arg(SCRIPT), python.advice());
        let mut agent = Self {
            program: RefCell::new(program),
            sockets: Cell::new(0),
            python,
            label: test.to_owned(),
        };
        let versions = agent.tell("hello", json!({}));
        let version = |name| versions[name].as_str().unwrap();
        let versions = format!("pyzmq {}, libzmq {}", version("pyzmq"), version("libzmq"));
        agent.label = format!("{test} | {versions}");
        agent
    }

    /// The wheel.
    pub fn start() -> Self {
        let test = thread::current().name().unwrap_or("?").to_owned();
        Self::of(Python::Wheel, &test)
    }

    /// Makes a socket; `kind` is named as in libzmq, `"REQ"`.
    #[track_caller]
    pub fn socket(&self, kind: &str) -> Socket<'_> {
        let number = self.sockets.replace(self.sockets.get() + 1);
        Socket::new(self, kind, number)
    }

    /// Forks workers that answer each task from `source` with its square, until `end` publishes
    /// anything.
    #[track_caller]
    pub fn fork_workers(&self, count: usize, [source, sink, end]: [&str; 3]) {
        let arguments = json!({"count": count, "source": source, "sink": sink, "end": end});
        self.tell("fork_workers", arguments);
    }

    /// Waits for the workers to end, each well.
    #[track_caller]
    pub fn join_workers(&self, count: usize) {
        let arguments = json!({"ms": DEADLINE.as_millis()});
        let codes = self.wait("join_workers", arguments, DEADLINE);
        assert_eq!(codes, json!(vec![0; count]));
    }

    /// Decides from now on who may come to a domain of the agent's sockets.
    #[track_caller]
    pub fn authenticate(&self, domain: &str, passwords: Value, keys: &[String], denied: &[&str]) {
        let arguments = json!({
            "domain": domain, "passwords": passwords, "keys": keys, "denied": denied
        });
        self.tell("authenticate", arguments);
    }

    /// Writes a certificate with new keys, and returns the names of the public and secret file.
    #[track_caller]
    pub fn create_certificate(
        &self,
        directory: &Path,
        name: &str,
        metadata: Value,
    ) -> [PathBuf; 2] {
        let arguments = json!({"directory": directory, "name": name, "metadata": metadata});
        serde_json::from_value(self.tell("create_certificate", arguments)).unwrap()
    }

    /// The public and the secret key of a certificate.
    #[track_caller]
    pub fn load_certificate(&self, file: &Path) -> (String, Option<String>) {
        let arguments = json!({"file": file});
        serde_json::from_value(self.tell("load_certificate", arguments)).unwrap()
    }

    /// The public keys of the certificates in a directory.
    #[track_caller]
    pub fn load_certificates(&self, directory: &Path) -> Vec<String> {
        let arguments = json!({"directory": directory});
        serde_json::from_value(self.tell("load_certificates", arguments)).unwrap()
    }

    #[track_caller]
    fn tell(&self, operation: &str, arguments: Value) -> Value {
        self.wait(operation, arguments, Duration::ZERO)
    }

    /// Has the agent do what may keep it busy for as long as `patience`.
    #[track_caller]
    fn wait(&self, operation: &str, arguments: Value, patience: Duration) -> Value {
        let result = self.attempt(operation, arguments, patience);
        result.unwrap_or_else(|refusal| {
            let program = &mut *self.program.borrow_mut();
            program.fail(operation, &format!("refused with {refusal}"))
        })
    }

    /// As `wait`; the error is the name of libzmq's.
    #[track_caller]
    fn attempt(
        &self,
        operation: &str,
        mut arguments: Value,
        patience: Duration,
    ) -> Result<Value, String> {
        arguments["op"] = json!(operation);
        let request = arguments.to_string();
        let reply = self.program.borrow_mut().ask(&request, patience);
        match serde_json::from_str::<Value>(&reply).unwrap() {
            Value::Object(mut reply) if reply.contains_key("ok") => Ok(reply["ok"].take()),
            refusal => Err(refusal["error"].as_str().unwrap().to_owned()),
        }
    }
}

impl Host for Agent {
    fn language(&self) -> &str {
        "Python"
    }

    fn open(&self, kind: SocketType) -> Box<dyn Side + '_> {
        Box::new(self.socket(kind.name()))
    }
}

impl Stranger for Agent {
    const TRANSPORTS: &[Transport] = &[
        Transport::Tcp,
        Transport::TcpIpv6,
        Transport::IpcPath,
        Transport::IpcAbstract,
    ];

    fn report(&self, cell: &str) {
        println!("cell | {} | {cell}", self.label);
    }

    fn another(&self) -> Self {
        let (test, _) = self.label.split_once(" | ").unwrap();
        Self::of(self.python, test)
    }

    fn program(&self) -> RefMut<'_, Program> {
        self.program.borrow_mut()
    }
}
