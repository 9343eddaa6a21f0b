//! A socket of a scenario, whichever language it lives in.

use std::time::Duration;

use ferromq::{
    Any, CanMultipart, CanRecv, CanSend, Context, ErrorKind, Kind, Monitor, MonitorEventKind,
    MonitorEvents, Socket, SocketType, TrySendError,
};
use serde_json::{Value, json};

use crate::payload::hex;
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
    /// Skips events until the named one, as in `HANDSHAKE_SUCCEEDED`, and returns its endpoint.
    #[track_caller]
    fn wait_for_event(&self, name: &str) -> String;
}

/// Who makes sockets.
pub trait Host {
    /// The language, as cells name it.
    fn language(&self) -> &str;

    #[track_caller]
    fn open(&self, kind: SocketType) -> Box<dyn Side + '_>;
}

/// The host that a test has as peer of Rust.
pub trait Stranger: Host {
    /// What the matrix is run over with it.
    const TRANSPORTS: &[Transport];

    /// Prints that a cell begins.
    fn report(&self, cell: &str);
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

/// Options, in the terms of every language.
#[derive(Clone, Copy, Debug)]
pub enum Setting<'a> {
    Conflate,
    ConnectRoutingId(&'a [u8]),
    HeartbeatIvl(Duration),
    Immediate,
    InvertMatching,
    Ipv6,
    MaxMsgSize(u64),
    ProbeRouter,
    RecvHwm(u32),
    RouterHandover,
    RouterMandatory,
    RoutingId(&'a [u8]),
    SendHwm(u32),
    XpubManual,
    XpubNodrop,
    XpubVerbose,
    XpubVerboser,
    XpubWelcome(&'a str),
}

impl Setting<'_> {
    /// Name and value as libzmq has them; bytes as digits.
    pub fn in_libzmq(self) -> (&'static str, Value) {
        let bytes = |bytes: &[u8]| Value::from(hex(bytes));
        match self {
            Self::Conflate => ("CONFLATE", json!(1)),
            Self::ConnectRoutingId(id) => ("CONNECT_ROUTING_ID", bytes(id)),
            Self::HeartbeatIvl(time) => ("HEARTBEAT_IVL", json!(time.as_millis())),
            Self::Immediate => ("IMMEDIATE", json!(1)),
            Self::InvertMatching => ("INVERT_MATCHING", json!(1)),
            Self::Ipv6 => ("IPV6", json!(1)),
            Self::MaxMsgSize(size) => ("MAXMSGSIZE", json!(size)),
            Self::ProbeRouter => ("PROBE_ROUTER", json!(1)),
            Self::RecvHwm(messages) => ("RCVHWM", json!(messages)),
            Self::RouterHandover => ("ROUTER_HANDOVER", json!(1)),
            Self::RouterMandatory => ("ROUTER_MANDATORY", json!(1)),
            Self::RoutingId(id) => ("ROUTING_ID", bytes(id)),
            Self::SendHwm(messages) => ("SNDHWM", json!(messages)),
            Self::XpubManual => ("XPUB_MANUAL", json!(1)),
            Self::XpubNodrop => ("XPUB_NODROP", json!(1)),
            Self::XpubVerbose => ("XPUB_VERBOSE", json!(1)),
            Self::XpubVerboser => ("XPUB_VERBOSER", json!(1)),
            Self::XpubWelcome(text) => ("XPUB_WELCOME_MSG", bytes(text.as_bytes())),
        }
    }

    fn in_rust(self, socket: &Socket<Any>) -> ferromq::Result<()> {
        match self {
            Self::Conflate => socket.set_conflate(true),
            Self::ConnectRoutingId(id) => socket.set_connect_routing_id(id),
            Self::HeartbeatIvl(time) => socket.set_heartbeat_ivl(time),
            Self::Immediate => socket.set_immediate(true),
            Self::InvertMatching => socket.set_invert_matching(true),
            Self::Ipv6 => socket.set_ipv6(true),
            Self::MaxMsgSize(size) => socket.set_max_msg_size(size),
            Self::ProbeRouter => socket.set_probe_router(true),
            Self::RecvHwm(messages) => socket.set_recv_hwm(messages),
            Self::RouterHandover => socket.set_router_handover(true),
            Self::RouterMandatory => socket.set_router_mandatory(true),
            Self::RoutingId(id) => socket.set_routing_id(id),
            Self::SendHwm(messages) => socket.set_send_hwm(messages),
            Self::XpubManual => socket.set_xpub_manual(true),
            Self::XpubNodrop => socket.set_xpub_nodrop(true),
            Self::XpubVerbose => socket.set_xpub_verbose(true),
            Self::XpubVerboser => socket.set_xpub_verboser(true),
            Self::XpubWelcome(text) => socket.set_xpub_welcome_msg(text),
        }
    }
}

/// Connects two peers over a free port of the loopback interface.
#[track_caller]
pub fn join(binder: &(impl Peer + ?Sized), connector: &(impl Peer + ?Sized)) {
    connector.connect_to(&binder.bind_to_any_port());
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
    fn wait_for_event(&self, name: &str) -> String {
        let named = |kind| match kind {
            MonitorEventKind::HandshakeSucceeded => name == "HANDSHAKE_SUCCEEDED",
            MonitorEventKind::Disconnected => name == "DISCONNECTED",
            MonitorEventKind::Closed => name == "CLOSED",
            _ => false,
        };
        let event = self.wait_for(DEADLINE, |event| named(event.kind)).unwrap();
        event.endpoint.to_string()
    }
}
