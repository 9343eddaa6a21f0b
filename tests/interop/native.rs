//! The other side of `peer.cpp`: a peer in C++ as a child process, and its sockets.

use std::cell::{Cell, RefCell, RefMut};
use std::process::Command;
use std::time::Duration;

use ferromq::SocketType;
use serde_json::Value;

use crate::payload::{from_hex, hex, is_inline, pattern};
use crate::peer::{
    Event, Events, Frames, Host, Peer, Receiver, Sender, Sent, Setting, Side, Stranger, Transport,
};
use crate::program::Program;

mod build;

/// A process that does with libzmq what it is told. Dropping it ends the process.
pub struct Native {
    program: RefCell<Program>,
    sockets: Cell<u32>,
    /// The test, and the version of libzmq.
    label: String,
}

impl Native {
    pub fn of(test: &str) -> Self {
        let mut program = Program::start(&mut Command::new(build::peer()), "");
        let version = program.ask("hello", Duration::ZERO);
        let version = version.strip_prefix("ok ").unwrap();
        Self {
            program: RefCell::new(program),
            sockets: Cell::new(0),
            label: format!("{test} | C++, libzmq {version}"),
        }
    }

    #[track_caller]
    pub fn socket(&self, kind: SocketType) -> Socket<'_> {
        let number = self.sockets.replace(self.sockets.get() + 1);
        let socket = Socket {
            native: self,
            name: format!("{kind}-{number}"),
        };
        socket.tell("socket", kind.name());
        socket
    }
}

impl Host for Native {
    fn language(&self) -> &str {
        "C++"
    }

    fn open(&self, kind: SocketType) -> Box<dyn Side + '_> {
        Box::new(self.socket(kind))
    }
}

impl Stranger for Native {
    const TRANSPORTS: &[Transport] = &[Transport::Tcp, Transport::Ws];

    fn report(&self, cell: &str) {
        println!("cell | {} | {cell}", self.label);
    }

    fn another(&self) -> Self {
        let (test, _) = self.label.split_once(" | ").unwrap();
        Self::of(test)
    }

    fn program(&self) -> RefMut<'_, Program> {
        self.program.borrow_mut()
    }
}

/// Whom a message is for, or from: no address, a routing id, a group; as the peer writes it.
pub type Address = String;

/// No address.
pub const NOBODY: &str = "-";

/// A socket of a [`Native`].
pub struct Socket<'a> {
    native: &'a Native,
    name: String,
}

impl Socket<'_> {
    #[track_caller]
    pub fn send_to(&self, address: &str, frames: &Frames, patience: Duration) -> Sent {
        let frames: Vec<_> = frames.iter().map(|frame| frame_to_send(frame)).collect();
        let arguments = format!("{} {address} {}", patience.as_millis(), frames.join(" "));
        match self.ask("send", &arguments, patience).as_deref() {
            Ok("taken") => Sent::Taken,
            Ok("not-in-time") => Sent::NotInTime,
            Err(error) if error == "EHOSTUNREACH" => Sent::NoSuchPeer,
            other => panic!("send: {other:?}"),
        }
    }

    #[track_caller]
    pub fn recv_from(&self, patience: Duration) -> Option<(Address, Frames)> {
        let message = self.wait("recv", patience);
        let mut words = message.split_whitespace();
        let address = words.next()?.to_owned();
        Some((address, words.map(received_frame).collect()))
    }

    #[track_caller]
    pub fn join(&self, group: &str) {
        self.tell("join", group);
    }

    #[track_caller]
    pub fn close(&self, linger: Duration) {
        self.tell("close", &linger.as_millis().to_string());
    }

    /// The routing id of the peer.
    #[track_caller]
    pub fn connect_peer(&self, endpoint: &str) -> Address {
        format!("id:{}", self.tell("connect_peer", endpoint))
    }

    #[track_caller]
    fn tell(&self, operation: &str, arguments: &str) -> String {
        let answer = self.ask(operation, arguments, Duration::ZERO);
        answer.unwrap_or_else(|error| panic!("{operation} {arguments}: {error}"))
    }

    #[track_caller]
    fn wait(&self, operation: &str, patience: Duration) -> String {
        let answer = self.ask(operation, &patience.as_millis().to_string(), patience);
        answer.unwrap_or_else(|error| panic!("{operation}: {error}"))
    }

    #[track_caller]
    fn ask(&self, operation: &str, arguments: &str, patience: Duration) -> Result<String, String> {
        let request = format!("{operation} {} {arguments}", self.name);
        let reply = self.native.program.borrow_mut().ask(&request, patience);
        match reply.split_once(' ').unwrap() {
            ("ok", answer) => Ok(answer.to_owned()),
            (_, error) => Err(error.to_owned()),
        }
    }
}

fn frame_to_send(frame: &[u8]) -> String {
    if is_inline(frame) {
        return format!("x{}", hex(frame));
    }
    format!("p{}", frame.len())
}

#[track_caller]
fn received_frame(frame: &str) -> Vec<u8> {
    match frame.split_at(1) {
        ("x", digits) => from_hex(digits),
        ("p", length) => pattern(length.parse().unwrap()),
        _ => panic!("it got something else: {frame}"),
    }
}

impl Peer for Socket<'_> {
    fn bind_to(&self, endpoint: &str) -> String {
        self.tell("bind", endpoint)
    }

    fn connect_to(&self, endpoint: &str) {
        self.tell("connect", endpoint);
    }

    fn disconnect_from(&self, endpoint: &str) {
        self.tell("disconnect", endpoint);
    }
}

impl Sender for Socket<'_> {
    fn send_within(&self, frames: &Frames, patience: Duration) -> Sent {
        self.send_to(NOBODY, frames, patience)
    }
}

impl Receiver for Socket<'_> {
    fn recv_within(&self, patience: Duration) -> Option<Frames> {
        self.recv_from(patience).map(|(_, frames)| frames)
    }
}

impl Side for Socket<'_> {
    fn set(&self, setting: Setting) {
        for option in setting.in_libzmq() {
            let value = match option {
                (option, Value::String(digits)) => format!("{option} x{digits}"),
                (option, number) => format!("{option} {number}"),
            };
            self.tell("set", &value);
        }
    }

    fn subscribe_to(&self, topic: &str) {
        self.tell("subscribe", &frame_to_send(topic.as_bytes()));
    }

    fn unsubscribe_from(&self, topic: &str) {
        self.tell("unsubscribe", &frame_to_send(topic.as_bytes()));
    }

    fn events(&self) -> Box<dyn Events + '_> {
        self.tell("monitor", "");
        Box::new(self)
    }

    fn unbind_from(&self, endpoint: &str) {
        self.tell("unbind", endpoint);
    }

    fn close_within(self: Box<Self>, linger: Duration) {
        self.close(linger);
    }
}

impl Events for Socket<'_> {
    fn next_event(&self, patience: Duration) -> Option<Event> {
        let event = self.wait("event", patience);
        let (name, endpoint) = event.split_once(' ')?;
        Some(Event {
            name: name.to_owned(),
            reason: "",
            endpoint: endpoint.to_owned(),
        })
    }
}
