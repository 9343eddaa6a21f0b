//! The classes of option values: how each is read, checked and written.

use std::ffi::c_int;
use std::os::fd::BorrowedFd;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::error::Error;
use crate::kind::SocketType;
use crate::raw::{Direction, Errno, Socket};

/// Why an option could not be read or written.
pub(crate) enum Refusal {
    /// libzmq's answer.
    Errno(Errno),
    /// Ours, before asking libzmq: a sentence with the valid values.
    Invalid(String),
}

impl From<Errno> for Refusal {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
    }
}

impl Refusal {
    #[cold]
    pub(crate) fn into_error(self, operation: &'static str, option: &str) -> Error {
        match self {
            Self::Errno(errno) => Error::new(errno, operation),
            Self::Invalid(detail) => Error::invalid(operation, detail),
        }
        .on(option)
    }
}

/// A class of values that can be read.
pub(crate) trait Get {
    type Value<'s>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Self::Value<'_>, Refusal>;
}

/// A class of values that can be written.
pub(crate) trait Set<V> {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal>;
}

fn get_int(socket: &Socket, option: c_int) -> Result<c_int, Refusal> {
    Ok(socket.get_int(option)?)
}

fn set_int(socket: &Socket, option: c_int, value: c_int) -> Result<(), Refusal> {
    Ok(socket.set(option, &value.to_ne_bytes())?)
}

fn millis(time: Option<Duration>) -> Result<c_int, Refusal> {
    let Some(time) = time else { return Ok(-1) };
    // Rounded up, so that a short time does not become none at all.
    c_int::try_from(time.as_nanos().div_ceil(1_000_000)).map_err(|_| {
        Refusal::Invalid(format!(
            "{time:?} is more than {} milliseconds; `None` is without limit",
            c_int::MAX
        ))
    })
}

fn from_millis(millis: c_int) -> Option<Duration> {
    u64::try_from(millis).ok().map(Duration::from_millis)
}

/// 0 or 1.
pub(crate) struct Flag;

impl Get for Flag {
    type Value<'s> = bool;
    fn get(self, socket: &Socket, option: c_int) -> Result<bool, Refusal> {
        Ok(get_int(socket, option)? != 0)
    }
}

impl Set<bool> for Flag {
    fn set(self, socket: &Socket, option: c_int, value: bool) -> Result<(), Refusal> {
        set_int(socket, option, value.into())
    }
}

/// 0 or 1, or -1 for what the operating system does.
pub(crate) struct SystemFlag;

impl Get for SystemFlag {
    type Value<'s> = Option<bool>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<bool>, Refusal> {
        Ok(match get_int(socket, option)? {
            -1 => None,
            value => Some(value != 0),
        })
    }
}

impl<V: Into<Option<bool>>> Set<V> for SystemFlag {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        set_int(socket, option, value.into().map_or(-1, c_int::from))
    }
}

/// A number within a range, or -1 for what the operating system does.
pub(crate) struct SystemNumber {
    pub(crate) min: u32,
    pub(crate) max: u32,
}

impl Get for SystemNumber {
    type Value<'s> = Option<u32>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<u32>, Refusal> {
        Ok(u32::try_from(get_int(socket, option)?).ok())
    }
}

impl<V: IntoLimit> Set<V> for SystemNumber {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let Some(value) = value.into_limit() else {
            return set_int(socket, option, -1);
        };
        if !(self.min..=self.max).contains(&value) {
            return Err(Refusal::Invalid(format!(
                "{value} is not from {} to {}; `None` leaves it to the system",
                self.min, self.max
            )));
        }
        set_int(socket, option, value as c_int)
    }
}

/// Whole seconds within a range, or -1 for what the operating system does.
pub(crate) struct SystemSeconds {
    pub(crate) max: u32,
}

impl Get for SystemSeconds {
    type Value<'s> = Option<Duration>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<Duration>, Refusal> {
        Ok(u64::try_from(get_int(socket, option)?)
            .ok()
            .map(Duration::from_secs))
    }
}

impl<V: IntoTimeout> Set<V> for SystemSeconds {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let Some(time) = value.into_timeout() else {
            return set_int(socket, option, -1);
        };
        match c_int::try_from(time.as_secs()) {
            Ok(seconds)
                if time.subsec_nanos() == 0 && (1..=self.max).contains(&seconds.unsigned_abs()) =>
            {
                set_int(socket, option, seconds)
            }
            _ => Err(Refusal::Invalid(format!(
                "{time:?} is not a whole number of seconds from 1 to {}; `None` leaves it to the system",
                self.max
            ))),
        }
    }
}

/// Milliseconds, -1 for ever.
pub(crate) struct Timeout;

impl Get for Timeout {
    type Value<'s> = Option<Duration>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<Duration>, Refusal> {
        Ok(from_millis(get_int(socket, option)?))
    }
}

impl<V: IntoTimeout> Set<V> for Timeout {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        set_int(socket, option, millis(value.into_timeout())?)
    }
}

/// `ZMQ_SNDTIMEO` and `ZMQ_RCVTIMEO`, which the socket also keeps for itself.
pub(crate) struct WaitTimeout(pub(crate) Direction);

impl Get for WaitTimeout {
    type Value<'s> = Option<Duration>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<Duration>, Refusal> {
        Timeout.get(socket, option)
    }
}

impl<V: IntoTimeout> Set<V> for WaitTimeout {
    fn set(self, socket: &Socket, _: c_int, value: V) -> Result<(), Refusal> {
        Ok(socket.set_timeout(self.0, millis(value.into_timeout())?)?)
    }
}

/// A number of messages, 0 for no limit.
pub(crate) struct HighWaterMark;

impl Get for HighWaterMark {
    type Value<'s> = Option<u32>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<u32>, Refusal> {
        Ok(match get_int(socket, option)? {
            0 => None,
            value => Some(value.unsigned_abs()),
        })
    }
}

impl<V: IntoLimit> Set<V> for HighWaterMark {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let value = match value.into_limit() {
            None => Some(0),
            Some(0) => None,
            Some(value) => c_int::try_from(value).ok(),
        };
        let value = value.ok_or_else(|| {
            Refusal::Invalid(format!(
                "a high-water mark is from 1 to {} messages; `None` is no limit",
                c_int::MAX
            ))
        })?;
        set_int(socket, option, value)
    }
}

/// Up to 255 bytes, which libzmq does not let be cleared again.
pub(crate) struct Bytes;

impl Get for Bytes {
    type Value<'s> = Vec<u8>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Vec<u8>, Refusal> {
        let mut bytes = vec![0; 256];
        let len = socket.get(option, &mut bytes)?;
        bytes.truncate(len);
        Ok(bytes)
    }
}

impl<V: AsRef<[u8]>> Set<V> for Bytes {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let value = value.as_ref();
        if !(1..=255).contains(&value.len()) {
            return Err(Refusal::Invalid(format!(
                "{} bytes given, from 1 to 255 are possible",
                value.len()
            )));
        }
        Ok(socket.set(option, value)?)
    }
}

/// `ZMQ_TYPE`.
pub(crate) struct Type;

impl Get for Type {
    type Value<'s> = SocketType;
    fn get(self, socket: &Socket, option: c_int) -> Result<SocketType, Refusal> {
        let raw = get_int(socket, option)?;
        SocketType::from_raw(raw)
            .ok_or_else(|| Refusal::Invalid(format!("{raw} is a kind that this build lacks")))
    }
}

bitflags::bitflags! {
    /// What a socket is ready for (`ZMQ_EVENTS`).
    #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
    pub struct Events: u32 {
        /// At least one message can be received without waiting (`ZMQ_POLLIN`).
        const RECV = 1;
        /// At least one message can be sent without waiting (`ZMQ_POLLOUT`).
        const SEND = 2;
    }
}

/// `ZMQ_EVENTS`.
pub(crate) struct EventFlags;

impl Get for EventFlags {
    type Value<'s> = Events;
    fn get(self, socket: &Socket, option: c_int) -> Result<Events, Refusal> {
        let bits = get_int(socket, option)?.unsigned_abs();
        Ok(Events::from_bits_truncate(bits))
    }
}

/// `ZMQ_FD`.
pub(crate) struct Descriptor;

impl Get for Descriptor {
    type Value<'s> = BorrowedFd<'s>;
    fn get(self, socket: &Socket, _: c_int) -> Result<BorrowedFd<'_>, Refusal> {
        Ok(socket.fd()?)
    }
}

/// `ZMQ_LAST_ENDPOINT`.
pub(crate) struct LastEndpoint;

impl Get for LastEndpoint {
    type Value<'s> = Endpoint;
    fn get(self, socket: &Socket, option: c_int) -> Result<Endpoint, Refusal> {
        // libzmq tells neither the length nor that the buffer is too short in another way.
        let mut len = 256;
        let text = loop {
            let mut bytes = vec![0; len];
            match socket.get(option, &mut bytes) {
                Ok(written) => {
                    bytes.truncate(written.saturating_sub(1));
                    break bytes;
                }
                Err(Errno(libc::EINVAL)) if len < 1 << 20 => len *= 16,
                Err(errno) => return Err(errno.into()),
            }
        };
        if text.is_empty() {
            return Err(Refusal::Invalid("not bound or connected yet".into()));
        }
        Ok(Endpoint::from_libzmq(text))
    }
}

/// What a time-out option takes: a `Duration`, or `None` for "without limit".
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a time",
    label = "expected `Duration` or `Option<Duration>`",
    note = "for -1 (for ever) write `None`, for 0 `Duration::ZERO`, for milliseconds `Duration::from_millis(..)`"
)]
pub trait IntoTimeout: sealed::Sealed {
    #[doc(hidden)]
    fn into_timeout(self) -> Option<Duration>;
}

/// What a limit takes: a number, or `None` for no limit of ours.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a limit",
    label = "expected `u32` or `Option<u32>`",
    note = "for 0 (no limit) write `None`"
)]
pub trait IntoLimit: sealed::Sealed {
    #[doc(hidden)]
    fn into_limit(self) -> Option<u32>;
}

mod sealed {
    pub trait Sealed {}
}

impl sealed::Sealed for Duration {}
impl IntoTimeout for Duration {
    fn into_timeout(self) -> Option<Duration> {
        Some(self)
    }
}

impl sealed::Sealed for Option<Duration> {}
impl IntoTimeout for Option<Duration> {
    fn into_timeout(self) -> Option<Duration> {
        self
    }
}

impl sealed::Sealed for u32 {}
impl IntoLimit for u32 {
    fn into_limit(self) -> Option<u32> {
        Some(self)
    }
}

impl sealed::Sealed for Option<u32> {}
impl IntoLimit for Option<u32> {
    fn into_limit(self) -> Option<u32> {
        self
    }
}
