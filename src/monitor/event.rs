//! What a monitor tells, decoded.

use std::fmt;
use std::time::Duration;

use ferromq_sys as sys;

use super::protocol::{AuthStatus, ProtocolError};
use crate::endpoint::Endpoint;
use crate::error::{Error, ErrorKind};
use crate::raw::Errno;

bitflags::bitflags! {
    /// Which events a [`Monitor`](crate::Monitor) gets.
    ///
    /// ```
    /// use ferromq::MonitorEvents;
    /// let mask = MonitorEvents::CONNECTED | MonitorEvents::DISCONNECTED;
    /// assert!(MonitorEvents::all().contains(mask));
    /// ```
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct MonitorEvents: u32 {
        /// `ZMQ_EVENT_CONNECTED`
        const CONNECTED = sys::ZMQ_EVENT_CONNECTED.unsigned_abs();
        /// `ZMQ_EVENT_CONNECT_DELAYED`
        const CONNECT_DELAYED = sys::ZMQ_EVENT_CONNECT_DELAYED.unsigned_abs();
        /// `ZMQ_EVENT_CONNECT_RETRIED`
        const CONNECT_RETRIED = sys::ZMQ_EVENT_CONNECT_RETRIED.unsigned_abs();
        /// `ZMQ_EVENT_LISTENING`
        const LISTENING = sys::ZMQ_EVENT_LISTENING.unsigned_abs();
        /// `ZMQ_EVENT_BIND_FAILED`
        const BIND_FAILED = sys::ZMQ_EVENT_BIND_FAILED.unsigned_abs();
        /// `ZMQ_EVENT_ACCEPTED`
        const ACCEPTED = sys::ZMQ_EVENT_ACCEPTED.unsigned_abs();
        /// `ZMQ_EVENT_ACCEPT_FAILED`
        const ACCEPT_FAILED = sys::ZMQ_EVENT_ACCEPT_FAILED.unsigned_abs();
        /// `ZMQ_EVENT_CLOSED`
        const CLOSED = sys::ZMQ_EVENT_CLOSED.unsigned_abs();
        /// `ZMQ_EVENT_CLOSE_FAILED`
        const CLOSE_FAILED = sys::ZMQ_EVENT_CLOSE_FAILED.unsigned_abs();
        /// `ZMQ_EVENT_DISCONNECTED`
        const DISCONNECTED = sys::ZMQ_EVENT_DISCONNECTED.unsigned_abs();
        /// `ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL`
        const HANDSHAKE_FAILED_NO_DETAIL =
            sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL.unsigned_abs();
        /// `ZMQ_EVENT_HANDSHAKE_SUCCEEDED`
        const HANDSHAKE_SUCCEEDED = sys::ZMQ_EVENT_HANDSHAKE_SUCCEEDED.unsigned_abs();
        /// `ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL`
        const HANDSHAKE_FAILED_PROTOCOL = sys::ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL.unsigned_abs();
        /// `ZMQ_EVENT_HANDSHAKE_FAILED_AUTH`
        const HANDSHAKE_FAILED_AUTH = sys::ZMQ_EVENT_HANDSHAKE_FAILED_AUTH.unsigned_abs();
        /// The four results of a handshake.
        const HANDSHAKE = Self::HANDSHAKE_SUCCEEDED.bits()
            | Self::HANDSHAKE_FAILED_NO_DETAIL.bits()
            | Self::HANDSHAKE_FAILED_PROTOCOL.bits()
            | Self::HANDSHAKE_FAILED_AUTH.bits();
    }
}

/// Something that happened to a connection of a monitored socket.
///
/// ```
/// use ferromq::{Context, MonitorEventKind, MonitorEvents, REP};
///
/// # fn main() -> ferromq::Result<()> {
/// let rep = Context::new()?.socket(REP)?;
/// let monitor = rep.monitor(MonitorEvents::all())?;
/// rep.bind("tcp://127.0.0.1:*")?;
/// let event = monitor.recv()?.unwrap();
/// assert_eq!(event.kind, MonitorEventKind::Listening);
/// assert_eq!(event.endpoint, rep.last_endpoint()?);
/// # Ok(()) }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MonitorEvent {
    /// Where: for what was bound its own address, for what was connected the peer's. Of a monitor
    /// with both addresses it is the peer's wherever there is one.
    pub endpoint: Endpoint,
    /// What.
    pub kind: MonitorEventKind,
    /// The number that came with it, as libzmq gives it. Where it is a descriptor
    /// ([`Connected`](MonitorEventKind::Connected), `Listening`, `Accepted`, `Closed`,
    /// `Disconnected`) it may be closed by now, or be that of something else.
    pub value: u32,
    /// The address of this end, where libzmq knows it; from
    /// [`monitor_v2`](crate::Socket::monitor_v2) only.
    #[cfg(feature = "draft")]
    pub local: Option<Endpoint>,
}

/// What a [`MonitorEvent`] tells.
///
/// ```
/// # use ferromq::*;
/// fn is_trouble(kind: MonitorEventKind) -> bool {
///     use MonitorEventKind::*;
///     matches!(kind, BindFailed(_) | HandshakeFailedAuth(_) | HandshakeFailedProtocol(_))
/// }
/// assert!(!is_trouble(MonitorEventKind::Connected));
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MonitorEventKind {
    /// A connection was made; the handshake follows (`ZMQ_EVENT_CONNECTED`).
    Connected,
    /// A connection is being made, in the background (`ZMQ_EVENT_CONNECT_DELAYED`).
    ConnectDelayed,
    /// A connection could not be made, or the peer went away: the next try comes after this time
    /// (`ZMQ_EVENT_CONNECT_RETRIED`).
    ConnectRetried(Duration),
    /// The socket was bound (`ZMQ_EVENT_LISTENING`).
    Listening,
    /// The socket could not be bound (`ZMQ_EVENT_BIND_FAILED`).
    BindFailed(ErrorKind),
    /// A connection came in; the handshake follows (`ZMQ_EVENT_ACCEPTED`).
    Accepted,
    /// A connection could not be taken (`ZMQ_EVENT_ACCEPT_FAILED`).
    AcceptFailed(ErrorKind),
    /// A try to connect was given up, or the socket is no longer bound (`ZMQ_EVENT_CLOSED`).
    Closed,
    /// A descriptor could not be closed (`ZMQ_EVENT_CLOSE_FAILED`).
    CloseFailed(ErrorKind),
    /// A connection ended (`ZMQ_EVENT_DISCONNECTED`).
    Disconnected,
    /// The peers understand each other: messages can flow (`ZMQ_EVENT_HANDSHAKE_SUCCEEDED`).
    HandshakeSucceeded,
    /// The connection broke, or the time was over, before the handshake was done; the value is the
    /// `errno` that libzmq found, which may be older (`ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL`).
    HandshakeFailedNoDetail,
    /// The peer does not speak as it should (`ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL`).
    HandshakeFailedProtocol(ProtocolError),
    /// The peer was not let in, or this socket was not (`ZMQ_EVENT_HANDSHAKE_FAILED_AUTH`).
    HandshakeFailedAuth(AuthStatus),
    /// An event that this crate does not know, by its number.
    Unknown(u16),
}

impl MonitorEventKind {
    fn of(event: u16, value: u32) -> Self {
        match event.into() {
            sys::ZMQ_EVENT_CONNECTED => Self::Connected,
            sys::ZMQ_EVENT_CONNECT_DELAYED => Self::ConnectDelayed,
            sys::ZMQ_EVENT_CONNECT_RETRIED => {
                Self::ConnectRetried(Duration::from_millis(value.into()))
            }
            sys::ZMQ_EVENT_LISTENING => Self::Listening,
            sys::ZMQ_EVENT_BIND_FAILED => Self::BindFailed(error_kind(value)),
            sys::ZMQ_EVENT_ACCEPTED => Self::Accepted,
            sys::ZMQ_EVENT_ACCEPT_FAILED => Self::AcceptFailed(error_kind(value)),
            sys::ZMQ_EVENT_CLOSED => Self::Closed,
            sys::ZMQ_EVENT_CLOSE_FAILED => Self::CloseFailed(error_kind(value)),
            sys::ZMQ_EVENT_DISCONNECTED => Self::Disconnected,
            sys::ZMQ_EVENT_HANDSHAKE_SUCCEEDED => Self::HandshakeSucceeded,
            sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL => Self::HandshakeFailedNoDetail,
            sys::ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL => {
                Self::HandshakeFailedProtocol(ProtocolError::of(value))
            }
            sys::ZMQ_EVENT_HANDSHAKE_FAILED_AUTH => {
                Self::HandshakeFailedAuth(AuthStatus::of(value))
            }
            _ => Self::Unknown(event),
        }
    }
}

/// 0 is no error number of libzmq's.
fn error_kind(value: u32) -> ErrorKind {
    match value {
        0 => ErrorKind::Other,
        _ => ErrorKind::of(Errno(value as i32)),
    }
}

/// Frames that are no event.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// A number that is all of its frame.
#[cfg(feature = "draft")]
fn number(frame: &impl AsRef<[u8]>) -> Result<u64, Malformed> {
    let bytes = frame.as_ref().try_into().map_err(|_| Malformed)?;
    Ok(u64::from_ne_bytes(bytes))
}

impl MonitorEvent {
    /// Reads the message of an event: its number and value in one frame, the endpoint in the
    /// next. `None` is the end of the feed.
    ///
    /// A signal may have made libzmq leave out the last frame of an event; then the frames of the
    /// next one follow the first.
    pub(crate) fn decode<F: AsRef<[u8]>>(frames: &[F]) -> Result<Option<Self>, Malformed> {
        let [.., head, endpoint] = frames else {
            return Err(Malformed);
        };
        let &[e0, e1, v0, v1, v2, v3] = head.as_ref() else {
            return Err(Malformed);
        };
        let event = u16::from_ne_bytes([e0, e1]);
        if i32::from(event) == sys::ZMQ_EVENT_MONITOR_STOPPED {
            return Ok(None);
        }
        let value = u32::from_ne_bytes([v0, v1, v2, v3]);
        Ok(Some(Self {
            endpoint: Endpoint::from_libzmq(endpoint.as_ref().to_vec()),
            kind: MonitorEventKind::of(event, value),
            value,
            #[cfg(feature = "draft")]
            local: None,
        }))
    }

    /// As [`Self::decode`], for the second form: the event's number, how many values there are
    /// (one, for all the events asked for), the value, and the two addresses, a frame each.
    #[cfg(feature = "draft")]
    pub(crate) fn decode_v2<F: AsRef<[u8]>>(frames: &[F]) -> Result<Option<Self>, Malformed> {
        let [.., event, count, value, local, remote] = frames else {
            return Err(Malformed);
        };
        let (event, value) = (number(event)?, number(value)?);
        let event = u16::try_from(event).map_err(|_| Malformed)?;
        if number(count)? != 1 {
            return Err(Malformed);
        }
        if i32::from(event) == sys::ZMQ_EVENT_MONITOR_STOPPED {
            return Ok(None);
        }
        // Sign-extended from what is an `int` in the first form.
        let value = value as u32;
        let [local, remote] =
            [local, remote].map(|address| Endpoint::from_libzmq(address.as_ref().to_vec()));
        let is_known = !remote.as_str().is_empty();
        Ok(Some(Self {
            endpoint: if is_known { remote } else { local.clone() },
            kind: MonitorEventKind::of(event, value),
            value,
            local: Some(local).filter(|local| !local.as_str().is_empty()),
        }))
    }

    /// What went wrong, if this is the failure of something.
    ///
    /// ```
    /// # use ferromq::{Context, ErrorKind, MonitorEvents, REP};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (first, rep) = (context.socket(REP)?, context.socket(REP)?);
    /// first.bind("tcp://127.0.0.1:*")?;
    /// let monitor = rep.monitor(MonitorEvents::BIND_FAILED)?;
    /// assert!(rep.bind(first.last_endpoint()?).is_err());
    /// let error = monitor.recv()?.unwrap().error().unwrap();
    /// assert_eq!(error.kind(), ErrorKind::AddressInUse);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn error(&self) -> Option<Error> {
        use MonitorEventKind as Kind;

        let error = match self.kind {
            Kind::BindFailed(kind) => self.failed("bind", kind),
            Kind::AcceptFailed(kind) => self.failed("accept at", kind),
            Kind::CloseFailed(kind) => self.failed("close", kind),
            Kind::HandshakeFailedNoDetail => Error::explained(
                ErrorKind::Other,
                self.errno(),
                HANDSHAKE,
                "the connection broke, or the time was over, before it was done",
            ),
            Kind::HandshakeFailedProtocol(reason) => Error::explained(
                ErrorKind::Other,
                libc::EPROTO,
                HANDSHAKE,
                reason.to_string(),
            ),
            Kind::HandshakeFailedAuth(status) => Error::explained(
                ErrorKind::PermissionDenied,
                libc::EACCES,
                HANDSHAKE,
                status.to_string(),
            ),
            _ => return None,
        };
        Some(error.on(&self.endpoint))
    }

    /// What went wrong, if this is the end of a handshake that did not succeed.
    pub(super) fn handshake_error(&self) -> Option<Error> {
        if self.kind != MonitorEventKind::Disconnected {
            return self.error();
        }
        let error = Error::explained(
            ErrorKind::Other,
            libc::EPROTO,
            HANDSHAKE,
            "the connection ended without a result; do the kinds of the sockets go together?",
        );
        Some(error.on(&self.endpoint))
    }

    pub(super) fn ends_handshake(&self) -> bool {
        use MonitorEventKind as Kind;

        matches!(
            self.kind,
            Kind::HandshakeSucceeded
                | Kind::HandshakeFailedNoDetail
                | Kind::HandshakeFailedProtocol(_)
                | Kind::HandshakeFailedAuth(_)
        )
    }

    fn failed(&self, operation: &'static str, kind: ErrorKind) -> Error {
        match self.errno() {
            0 => Error::explained(kind, 0, operation, "for a reason that is not told"),
            errno => Error::new(Errno(errno), operation),
        }
    }

    fn errno(&self) -> i32 {
        self.value as i32
    }
}

const HANDSHAKE: &str = "handshake at";

impl fmt::Display for MonitorEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.error() {
            Some(error) => error.fmt(f),
            None => write!(f, "{}: {:?}", self.endpoint, self.kind),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn frames(event: i32, value: u32, endpoint: &[u8]) -> [Vec<u8>; 2] {
        let event = u16::try_from(event).unwrap().to_ne_bytes();
        let head = event.into_iter().chain(value.to_ne_bytes()).collect();
        [head, endpoint.to_vec()]
    }

    fn decoded(event: i32, value: u32) -> MonitorEvent {
        let frames = frames(event, value, b"tcp://127.0.0.1:1");
        MonitorEvent::decode(&frames).unwrap().unwrap()
    }

    #[test]
    fn values_are_decoded() {
        use MonitorEventKind as Kind;

        let in_use = sys::EADDRINUSE.unsigned_abs();
        let mismatch = sys::ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH.unsigned_abs();
        for (event, value, kind) in [
            (sys::ZMQ_EVENT_CONNECTED, 7, Kind::Connected),
            (sys::ZMQ_EVENT_CONNECT_DELAYED, 115, Kind::ConnectDelayed),
            (
                sys::ZMQ_EVENT_CONNECT_RETRIED,
                1500,
                Kind::ConnectRetried(Duration::from_millis(1500)),
            ),
            (sys::ZMQ_EVENT_LISTENING, 7, Kind::Listening),
            (
                sys::ZMQ_EVENT_BIND_FAILED,
                in_use,
                Kind::BindFailed(ErrorKind::AddressInUse),
            ),
            (sys::ZMQ_EVENT_ACCEPTED, 7, Kind::Accepted),
            (
                sys::ZMQ_EVENT_ACCEPT_FAILED,
                libc::EMFILE.unsigned_abs(),
                Kind::AcceptFailed(ErrorKind::TooManyOpen),
            ),
            (sys::ZMQ_EVENT_CLOSED, 7, Kind::Closed),
            (
                sys::ZMQ_EVENT_CLOSE_FAILED,
                0,
                Kind::CloseFailed(ErrorKind::Other),
            ),
            (sys::ZMQ_EVENT_DISCONNECTED, 7, Kind::Disconnected),
            (
                sys::ZMQ_EVENT_HANDSHAKE_SUCCEEDED,
                0,
                Kind::HandshakeSucceeded,
            ),
            (
                sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL,
                32,
                Kind::HandshakeFailedNoDetail,
            ),
            (
                sys::ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
                mismatch,
                Kind::HandshakeFailedProtocol(ProtocolError::ZmtpMechanismMismatch),
            ),
            (
                sys::ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
                5,
                Kind::HandshakeFailedProtocol(ProtocolError::Unknown(5)),
            ),
            (
                sys::ZMQ_EVENT_HANDSHAKE_FAILED_AUTH,
                300,
                Kind::HandshakeFailedAuth(AuthStatus::Temporary),
            ),
            (0x8000, 1, Kind::Unknown(0x8000)),
        ] {
            let event = decoded(event, value);
            assert_eq!((event.kind, event.value), (kind, value));
            assert_eq!(event.endpoint.as_str(), "tcp://127.0.0.1:1");
        }
        let end = frames(sys::ZMQ_EVENT_MONITOR_STOPPED, 0, b"");
        assert_eq!(MonitorEvent::decode(&end), Ok(None));
    }

    #[test]
    fn every_event_of_the_mask_has_a_kind() {
        for bit in (0..16).map(|bit| 1 << bit) {
            let known = MonitorEvents::all().bits() & bit != 0;
            let stopped = bit == sys::ZMQ_EVENT_MONITOR_STOPPED.unsigned_abs();
            let frames = frames(bit as i32, 0, b"");
            match MonitorEvent::decode(&frames).unwrap() {
                None => assert!(stopped),
                Some(event) => {
                    let unknown = matches!(event.kind, MonitorEventKind::Unknown(_));
                    assert_eq!(unknown, !known, "{bit:#x}");
                }
            }
        }
    }

    #[test]
    fn failures_are_errors_that_name_the_reason() {
        let broken = sys::ZMQ_PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND.unsigned_abs();
        for (event, value, text) in [
            (
                sys::ZMQ_EVENT_BIND_FAILED,
                sys::EADDRINUSE.unsigned_abs(),
                "bind tcp://127.0.0.1:1: address in use (EADDRINUSE); stop the other user",
            ),
            (
                sys::ZMQ_EVENT_CLOSE_FAILED,
                0,
                "close tcp://127.0.0.1:1: for a reason that is not told",
            ),
            (
                sys::ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL,
                libc::EPIPE.unsigned_abs(),
                "handshake at tcp://127.0.0.1:1: the connection broke",
            ),
            (
                sys::ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL,
                broken,
                "handshake at tcp://127.0.0.1:1: the peer sent a command that does not belong there (EPROTO)",
            ),
            (
                sys::ZMQ_EVENT_HANDSHAKE_FAILED_AUTH,
                400,
                "handshake at tcp://127.0.0.1:1: the authenticator denied access (status 400)",
            ),
        ] {
            let event = decoded(event, value);
            let error = event.error().unwrap().to_string();
            assert!(error.starts_with(text), "{error}");
            assert_eq!(event.to_string(), error);
        }
        let event = decoded(sys::ZMQ_EVENT_CONNECT_RETRIED, 100);
        assert!(event.error().is_none());
        assert_eq!(
            event.to_string(),
            "tcp://127.0.0.1:1: ConnectRetried(100ms)"
        );
    }

    #[test]
    fn an_event_whose_end_is_missing_does_not_hide_the_next() {
        let [first, _] = frames(sys::ZMQ_EVENT_ACCEPTED, 1, b"");
        let [head, endpoint] = frames(sys::ZMQ_EVENT_MONITOR_STOPPED, 0, b"");
        assert_eq!(MonitorEvent::decode(&[first, head, endpoint]), Ok(None));
    }

    #[cfg(feature = "draft")]
    fn frames_v2(event: i32, count: u64, value: i32) -> [Vec<u8>; 5] {
        let number = |number: u64| number.to_ne_bytes().to_vec();
        [
            number(event.unsigned_abs().into()),
            number(count),
            number(i64::from(value) as u64),
            b"tcp://127.0.0.1:1".to_vec(),
            Vec::new(),
        ]
    }

    #[cfg(feature = "draft")]
    #[test]
    fn the_second_form_is_decoded() {
        let retried = frames_v2(sys::ZMQ_EVENT_CONNECT_RETRIED, 1, 100);
        let event = MonitorEvent::decode_v2(&retried).unwrap().unwrap();
        let interval = Duration::from_millis(100);
        assert_eq!(event.kind, MonitorEventKind::ConnectRetried(interval));
        assert_eq!(event.endpoint.as_str(), "tcp://127.0.0.1:1");
        assert_eq!(event.local, Some(event.endpoint));

        let end = frames_v2(sys::ZMQ_EVENT_MONITOR_STOPPED, 1, 0);
        assert_eq!(MonitorEvent::decode_v2(&end), Ok(None));
        for malformed in [
            &frames_v2(sys::ZMQ_EVENT_CONNECTED, 2, 0)[..],
            &frames_v2(1 << 16, 1, 0),
            &end[1..],
            &[],
        ] {
            assert_eq!(MonitorEvent::decode_v2(malformed), Err(Malformed));
        }
    }

    /// Any bytes at all make an event or `Malformed`, and every event can be printed.
    #[test]
    fn arbitrary_frames_do_not_panic() {
        let mut state = 0x2545_f491_4f6c_dd1d_u64;
        let mut random = move || {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state
        };
        let (mut events, mut malformed) = (0, 0);
        for _ in 0..100_000 {
            let frames: Vec<Vec<u8>> = (0..random() % 6)
                .map(|_| {
                    (0..random() % 9)
                        .map(|_| random().to_le_bytes()[3])
                        .collect()
                })
                .collect();
            #[cfg(feature = "draft")]
            let _ = MonitorEvent::decode_v2(&frames);
            match MonitorEvent::decode(&frames) {
                Err(Malformed) => malformed += 1,
                Ok(None) => {}
                Ok(Some(event)) => {
                    events += 1;
                    assert!(!event.to_string().is_empty());
                }
            }
        }
        assert!(events > 1000 && malformed > 1000, "{events} {malformed}");
    }
}
