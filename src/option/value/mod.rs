//! The classes of option values: how each is read, checked and written.

mod bytes;
mod choice;
mod descriptor;
mod flag;
mod key;
mod number;
mod text;
mod time;

pub(super) use bytes::{Bytes, Greeting, PeerName};
pub(super) use choice::{Choice, Flags};
pub use choice::{Events, GssapiNameType, Mechanism, ReconnectStop};
#[cfg(feature = "draft")]
pub use choice::{NormMode, RouterNotify};
pub(super) use descriptor::{Descriptor, Listener};
pub(super) use flag::{Flag, SystemFlag};
pub(super) use key::Key;
pub use number::IntoLimit;
pub(super) use number::{Bits64, HighWaterMark, MessageSize, Number, SystemNumber};
pub use text::IntoText;
pub(super) use text::{LastEndpoint, Metadata, OptionalText, Proxy, Text};
pub use time::IntoTimeout;
pub(super) use time::{Interval, Millis, SWITCHED, Steps, TIMEOUT, WaitTimeout};

use std::ffi::c_int;

use crate::raw::{Errno, Socket};

/// Why an option could not be read or written.
pub(crate) enum Refusal {
    /// libzmq's answer.
    Errno(Errno),
    /// Ours, before asking libzmq: a sentence with the valid values.
    Invalid(String),
    /// Ours: why this socket does not have it.
    NotSupported(&'static str),
}

impl From<Errno> for Refusal {
    fn from(errno: Errno) -> Self {
        Self::Errno(errno)
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

/// Reads a string or bytes of a length that libzmq does not tell before.
fn get_bytes(socket: &Socket, option: c_int) -> Result<Vec<u8>, Refusal> {
    // libzmq tells neither the length nor that the buffer is too short in another way.
    let mut len = 256;
    loop {
        let mut bytes = vec![0; len];
        match socket.get(option, &mut bytes) {
            Ok(written) => {
                bytes.truncate(written);
                return Ok(bytes);
            }
            Err(Errno(libc::EINVAL)) if len < 1 << 20 => len *= 16,
            Err(errno) => return Err(errno.into()),
        }
    }
}

mod sealed {
    pub trait Sealed {}
}
