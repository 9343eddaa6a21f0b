//! A socket of a scenario, whichever language it lives in.

use std::cell::RefMut;
use std::time::{Duration, Instant};

use ferromq::{
    Any, AuthStatus, CanMultipart, CanRecv, CanSend, Context, ErrorKind, Kind, Monitor,
    MonitorEventKind, MonitorEvents, ProtocolError, Socket, SocketType, TrySendError,
};

use crate::program::Program;
pub use crate::setting::Setting;
use crate::support::{Directory, context};

/// How long anything may take that should happen at once, on a busy machine.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// How long to wait for one side before the other gets its turn.
pub const TURN: Duration = Duration::from_millis(20);

/// The frames of a message.
pub type Frames = Vec<Vec<u8>>;

pub fn frames<const N: usize>(texts: [&str; N]) -> Frames {
    texts.map(|text| text.as_bytes().to_vec()).into()
}

pub trait Peer {
    /// Binds, and returns the endpoint with its wildcards resolved.
    #[track_caller]
    fn bind_to(&self, endpoint: &str) -> String;

    #[track_caller]
    fn connect_to(&self, endpoint: &str);

    #[track_caller]
    fn disconnect_from(&self, endpoint: &str);

    #[track_caller]
    fn bind_to_any_port(&self) -> String {
        self.bind_to("tcp://127.0.0.1:*")
    }
}

pub trait Sender: Peer {
    /// Sends, and waits for somebody to take the message until the time is up.
    #[track_caller]
    fn send_within(&self, frames: &Frames, patience: Duration) -> Sent;

    #[track_caller]
    fn send_frames(&self, frames: &Frames) {
        assert_eq!(self.send_within(frames, DEADLINE), Sent::Taken);
    }
}

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sent {
    Taken,
    /// `EAGAIN`, when the time was up.
    NotInTime,
    /// `EHOSTUNREACH`.
    NoSuchPeer,
}

pub trait Receiver: Peer {
    /// Returns the next message, or nothing when the time is up.
    #[track_caller]
    fn recv_within(&self, patience: Duration) -> Option<Frames>;

    #[track_caller]
    fn recv_frames(&self) -> Frames {
        self.recv_within(DEADLINE).expect("no message comes")
    }
}

/// A socket of a scenario that is the same in every language.
pub trait Side: Sender + Receiver {
    #[track_caller]
    fn set(&self, setting: Setting);

    #[track_caller]
    fn subscribe_to(&self, topic: &str);

    #[track_caller]
    fn unsubscribe_from(&self, topic: &str);

    /// What happens to the socket's connections from now on.
    #[track_caller]
    fn events(&self) -> Box<dyn Events + '_>;

    #[track_caller]
    fn unbind_from(&self, endpoint: &str);

    /// Closes the socket; libzmq goes on to deliver what it holds for as long as `linger`.
    #[track_caller]
    fn close_within(self: Box<Self>, linger: Duration);
}

pub trait Events {
    /// Returns the next event, or nothing when the time is up.
    #[track_caller]
    fn next_event(&self, patience: Duration) -> Option<Event>;

    /// Skips events until one whose name begins so.
    #[track_caller]
    fn wait_for(&self, name: &str) -> Event {
        let start = Instant::now();
        loop {
            let event = self.next_event(DEADLINE.saturating_sub(start.elapsed()));
            let event = event.unwrap_or_else(|| panic!("no {name}"));
            if event.name.starts_with(name) {
                return event;
            }
        }
    }

    /// Skips events until the named one, and returns its endpoint.
    #[track_caller]
    fn wait_for_event(&self, name: &str) -> String {
        self.wait_for(name).endpoint
    }
}

/// Something that happened to a connection.
#[derive(Debug)]
pub struct Event {
    /// As in `ZMQ_EVENT_HANDSHAKE_SUCCEEDED`, without what all begin with.
    pub name: String,
    /// Why a handshake has failed, in a word.
    pub reason: &'static str,
    pub endpoint: String,
}

/// Who makes sockets.
pub trait Host {
    /// The language, as cells name it.
    fn language(&self) -> &str;

    #[track_caller]
    fn open(&self, kind: SocketType) -> Box<dyn Side + '_>;
}

/// The host that a test has as peer of Rust.
pub trait Stranger: Host + Sized {
    /// What the matrix is run over with it.
    const TRANSPORTS: &[Transport];

    /// Prints that a cell begins.
    fn report(&self, cell: &str);

    /// Another process of the same sort.
    fn another(&self) -> Self;

    fn program(&self) -> RefMut<'_, Program>;

    /// Ends the process as `kill -9` does.
    fn kill(self) {
        self.program().end();
    }

    /// Stops the process, until it is told to go on.
    fn pause(&self) {
        self.program().signal(libc::SIGSTOP);
    }

    fn resume(&self) {
        self.program().signal(libc::SIGCONT);
    }
}

#[derive(Clone, Copy, Debug)]
pub enum Transport {
    Tcp,
    TcpIpv6,
    IpcPath,
    IpcAbstract,
    #[cfg(all(feature = "draft", ferromq_vendored))]
    Ws,
}

impl Transport {
    /// An endpoint to bind, which is the directory's own.
    pub fn endpoint(self, directory: &Directory) -> String {
        match self {
            Self::Tcp => "tcp://127.0.0.1:*".into(),
            Self::TcpIpv6 => "tcp://[::1]:*".into(),
            Self::IpcPath => directory.endpoint("socket"),
            Self::IpcAbstract => format!("ipc://@{}", directory.display()),
            #[cfg(all(feature = "draft", ferromq_vendored))]
            Self::Ws => "ws://127.0.0.1:*/matrix".into(),
        }
    }
}

/// Plays a scenario of two roles twice: with Rust in the first and with Rust in the second.
#[track_caller]
pub fn either_way<S: Stranger>(
    stranger: &S,
    roles: [&str; 2],
    scenario: impl Fn(&dyn Host, &dyn Host),
) {
    let rust = context();
    for [one, other] in [[&rust as &dyn Host, stranger], [stranger, &rust]] {
        let languages = [one, other].map(Host::language);
        stranger.report(&format!(
            "{} in {}, {} in {}",
            roles[0], languages[0], roles[1], languages[1]
        ));
        scenario(one, other);
    }
}

/// Connects two peers over a free port of the loopback interface.
#[track_caller]
pub fn join(binder: &(impl Peer + ?Sized), connector: &(impl Peer + ?Sized)) {
    connector.connect_to(&binder.bind_to_any_port());
}

/// As [`join`], with the first as binder or the second.
#[track_caller]
pub fn join_either_way(first_binds: bool, first: &dyn Side, second: &dyn Side) {
    if first_binds {
        join(first, second);
    } else {
        join(second, first);
    }
}

impl<K: Kind> Peer for Socket<K> {
    fn bind_to(&self, endpoint: &str) -> String {
        self.bind(endpoint).unwrap();
        self.last_endpoint().unwrap().to_string()
    }

    fn connect_to(&self, endpoint: &str) {
        self.connect(endpoint).unwrap();
    }

    fn disconnect_from(&self, endpoint: &str) {
        self.disconnect(endpoint).unwrap();
    }
}

impl<K: CanSend + CanMultipart> Sender for Socket<K> {
    fn send_within(&self, frames: &Frames, patience: Duration) -> Sent {
        match self.send_multipart_timeout(frames.clone(), patience) {
            Ok(()) => Sent::Taken,
            Err(TrySendError::Full(_)) => Sent::NotInTime,
            Err(TrySendError::Failed(error)) => match error.error().kind() {
                ErrorKind::HostUnreachable => Sent::NoSuchPeer,
                _ => panic!("{error}"),
            },
        }
    }
}

impl<K: CanRecv> Receiver for Socket<K> {
    fn recv_within(&self, patience: Duration) -> Option<Frames> {
        let message = self.recv_multipart_timeout(patience).unwrap()?;
        Some(message.iter().map(|frame| frame.to_vec()).collect())
    }
}

impl Host for Context {
    fn language(&self) -> &str {
        "Rust"
    }

    fn open(&self, kind: SocketType) -> Box<dyn Side + '_> {
        Box::new(self.socket(kind).unwrap())
    }
}

impl Side for Socket<Any> {
    fn set(&self, setting: Setting) {
        setting
            .in_rust(self)
            .unwrap_or_else(|error| panic!("{setting:?}: {error}"));
    }

    fn subscribe_to(&self, topic: &str) {
        self.subscribe(topic).unwrap();
    }

    fn unsubscribe_from(&self, topic: &str) {
        self.unsubscribe(topic).unwrap();
    }

    fn events(&self) -> Box<dyn Events + '_> {
        Box::new(self.monitor(MonitorEvents::all()).unwrap())
    }

    fn unbind_from(&self, endpoint: &str) {
        self.unbind(endpoint).unwrap();
    }

    fn close_within(self: Box<Self>, linger: Duration) {
        self.set_linger(linger).unwrap();
    }
}

impl Events for Monitor {
    fn next_event(&self, patience: Duration) -> Option<Event> {
        let event = self.recv_timeout(patience).unwrap()?;
        let (name, reason) = match event.kind {
            MonitorEventKind::HandshakeSucceeded => ("HANDSHAKE_SUCCEEDED", ""),
            MonitorEventKind::HandshakeFailedNoDetail => ("HANDSHAKE_FAILED_NO_DETAIL", ""),
            MonitorEventKind::HandshakeFailedAuth(status) => (
                "HANDSHAKE_FAILED_AUTH",
                match status {
                    AuthStatus::Denied => "denied",
                    _ => "other",
                },
            ),
            MonitorEventKind::HandshakeFailedProtocol(error) => (
                "HANDSHAKE_FAILED_PROTOCOL",
                match error {
                    ProtocolError::ZmtpCryptographic => "cryptographic",
                    ProtocolError::ZmtpMechanismMismatch => "mismatch",
                    _ => "other",
                },
            ),
            MonitorEventKind::Disconnected => ("DISCONNECTED", ""),
            MonitorEventKind::Closed => ("CLOSED", ""),
            _ => ("", ""),
        };
        Some(Event {
            name: name.to_owned(),
            reason,
            endpoint: event.endpoint.to_string(),
        })
    }
}

impl<T: Events> Events for &T {
    fn next_event(&self, patience: Duration) -> Option<Event> {
        (**self).next_event(patience)
    }
}
