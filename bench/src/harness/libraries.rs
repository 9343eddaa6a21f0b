//! Who is measured.

use std::ffi::OsString;

use ferromq_bench_worker::Kind;

use super::programs::{Program, make};

/// A library, in one way of using it.
#[derive(Clone, Copy, Debug)]
pub struct Library {
    pub name: &'static str,
    program: Program,
    pub about: &'static str,
    /// What it is measured at.
    kinds: &'static [Kind],
}

impl Library {
    const fn new(name: &'static str, program: Program, about: &'static str) -> Self {
        Self {
            name,
            program,
            about,
            kinds: &Kind::ALL,
        }
    }

    const fn only(mut self, kinds: &'static [Kind]) -> Self {
        self.kinds = kinds;
        self
    }

    pub fn does(&self, kind: Kind) -> bool {
        self.kinds.contains(&kind)
    }
}

/// What all others are compared with, if nothing else is asked for.
pub const BASE: &str = "c-system";
/// Ours as it is usually built, in each way of using it.
pub const OURS: [&str; 4] = [BLOCKING, "ferromq-batch", ASYNC[0], ASYNC[1]];
pub const BLOCKING: &str = "ferromq";
/// Plain C calls of the libzmq that ours has.
pub const PLAIN: &str = "c";
/// In each kind of runtime.
pub const ASYNC: [&str; 2] = ["ferromq-tokio", "ferromq-tokio-ct"];
/// Ours with libzmq inlined.
pub const LTO: &str = "ferromq-lto";
/// Not on libzmq.
pub const PURE_RUST: [&str; 6] = ["zeromq", "rzmq", "omq", "zeromq-ct", "rzmq-ct", "omq-ct"];

pub const LIBRARIES: &[Library] = &[
    Library::new(
        BASE,
        Program::CSystem,
        "plain calls from C, the system's shared libzmq",
    ),
    Library::new(
        PLAIN,
        Program::Own,
        "plain calls from C, the libzmq that ferromq has",
    ),
    Library::new(BLOCKING, Program::Own, "ferromq, blocking"),
    Library::new(
        "ferromq-batch",
        Program::Own,
        "ferromq, blocking, up to 64 messages by each `send_all` and `recv_many`",
    )
    .only(&[Kind::Throughput]),
    Library::new(
        LTO,
        Program::Lto,
        "ferromq, blocking, libzmq inlined into the program by its linker",
    ),
    Library::new(
        ASYNC[0],
        Program::Tokio,
        "ferromq, async in tokio with two workers",
    ),
    Library::new(
        ASYNC[1],
        Program::Tokio,
        "ferromq, async, a current-thread runtime for each side",
    ),
    Library::new(
        "zmq",
        Program::Rivals,
        "crate zmq, blocking, libzmq as it is shipped with it",
    ),
    Library::new(
        "arzmq",
        Program::Arzmq,
        "crate arzmq, blocking, libzmq as it is shipped with it",
    ),
    Library::new(
        "tmq",
        Program::Rivals,
        "crate tmq, async over zmq, two workers",
    ),
    Library::new(
        "tmq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    )
    .only(&[Kind::Throughput, Kind::RoundTrip]),
    Library::new(
        "zeromq",
        Program::Rivals,
        "crate zeromq, async, in Rust alone, two workers",
    ),
    Library::new(
        "zeromq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    ),
    Library::new(
        "rzmq",
        Program::Rivals,
        "crate rzmq, async, in Rust alone, two workers",
    ),
    Library::new(
        "rzmq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    ),
    Library::new(
        "omq",
        Program::Rivals,
        "crate omq-tokio, async, in Rust alone, two workers",
    ),
    Library::new(
        "omq-ct",
        Program::Rivals,
        "the same, a current-thread runtime for each side",
    ),
    Library::new("pyzmq", Program::Python, "pyzmq, the system's libzmq"),
    Library::new(
        "floor",
        Program::Own,
        "no library: a copy, a stream, a ping-pong, a wake-up",
    )
    .only(&[Kind::Throughput, Kind::RoundTrip]),
];

/// All of them, or those named, and the one that they are compared with.
pub fn chosen(names: &[String], base: &str) -> Result<Vec<&'static Library>, String> {
    for name in names.iter().map(String::as_str).chain([base]) {
        if !LIBRARIES.iter().any(|library| library.name == name) {
            let known: Vec<&str> = LIBRARIES.iter().map(|library| library.name).collect();
            return Err(format!("no library {name}; there are {}", known.join(", ")));
        }
    }
    let wanted = |library: &&Library| match names {
        _ if library.name == base => true,
        [] => true,
        _ => names.iter().any(|name| name == library.name),
    };
    Ok(LIBRARIES.iter().filter(wanted).collect())
}

/// A library whose program is there, or the reason that it is not.
pub struct Contender {
    pub library: &'static Library,
    pub command: Result<Vec<OsString>, String>,
}

/// Builds what the libraries need, each program once.
pub fn prepared(libraries: &[&'static Library]) -> Vec<Contender> {
    let mut made: Vec<(Program, Result<Vec<OsString>, String>)> = Vec::new();
    let mut contenders = Vec::new();
    for library in libraries {
        let known = made.iter().find(|(program, _)| *program == library.program);
        let command = match known {
            Some((_, command)) => command.clone(),
            None => {
                let command = make(library.program);
                if let Err(reason) = &command {
                    eprintln!("without {}: {reason}", library.name);
                }
                made.push((library.program, command.clone()));
                command
            }
        };
        let command = command.map(|mut command| {
            // The programs of one library are not told its name.
            if !matches!(library.program, Program::CSystem | Program::Python) {
                command.push(library.name.into());
            }
            command
        });
        contenders.push(Contender { library, command });
    }
    contenders
}
