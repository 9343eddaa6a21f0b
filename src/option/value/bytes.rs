//! Bytes: routing ids, and messages that libzmq sends by itself.

use std::ffi::c_int;
use std::sync::atomic::Ordering;

use ferromq_sys as sys;

use super::{Get, Refusal, Set, get_bytes};
use crate::raw::Socket;

/// The longest message that libzmq is given to copy: where it finds no memory it aborts.
const GREETING_MAX: usize = 1 << 20;

/// The bytes of a routing id.
fn routing_id(value: &[u8]) -> Result<&[u8], Refusal> {
    if (1..=255).contains(&value.len()) {
        return Ok(value);
    }
    Err(Refusal::Invalid(format!(
        "{} bytes given, from 1 to 255 are possible",
        value.len()
    )))
}

/// Up to 255 bytes, which libzmq does not let be cleared again.
pub(in crate::option) struct Bytes;

impl Get for Bytes {
    type Value<'s> = Vec<u8>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Vec<u8>, Refusal> {
        get_bytes(socket, option)
    }
}

impl<V: AsRef<[u8]>> Set<V> for Bytes {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        Ok(socket.set(option, routing_id(value.as_ref())?)?)
    }
}

/// `ZMQ_CONNECT_ROUTING_ID`: no peer may have the name yet, so not one of libzmq's own.
pub(in crate::option) struct PeerName;

impl<V: AsRef<[u8]>> Set<V> for PeerName {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let value = routing_id(value.as_ref())?;
        if value[0] == 0 {
            return Err(Refusal::Invalid(
                "names that start with a zero byte are libzmq's own; start with another".into(),
            ));
        }
        Ok(socket.set(option, value)?)
    }
}

/// A message that libzmq sends or hands out by itself; empty for none.
pub(in crate::option) struct Greeting;

impl<V: AsRef<[u8]>> Set<V> for Greeting {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let value = value.as_ref();
        if value.len() > GREETING_MAX {
            return Err(Refusal::Invalid(format!(
                "{} bytes given, up to {GREETING_MAX} are possible",
                value.len()
            )));
        }
        socket.set(option, value)?;
        if option == sys::ZMQ_XPUB_WELCOME_MSG {
            socket.welcomes.store(!value.is_empty(), Ordering::Relaxed);
        }
        Ok(())
    }
}
