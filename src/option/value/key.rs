//! CURVE keys.

use std::ffi::c_int;

use super::{Get, Refusal, Set};
use crate::raw::Socket;
use crate::z85;

/// A key of 32 bytes, written as such or as 40 characters of Z85.
pub(in crate::option) struct Key;

impl Get for Key {
    type Value<'s> = [u8; 32];
    fn get(self, socket: &Socket, option: c_int) -> Result<[u8; 32], Refusal> {
        let mut key = [0; 32];
        socket.get(option, &mut key)?;
        Ok(key)
    }
}

impl<V: AsRef<[u8]>> Set<V> for Key {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let value = value.as_ref();
        let decoded = || z85::decode(value).ok()?.try_into().ok();
        let key = <[u8; 32]>::try_from(value).ok().or_else(decoded);
        // The key itself must not get into a log.
        let key = key.ok_or_else(|| {
            Refusal::Invalid(format!(
                "a key is 32 bytes, or 40 characters of Z85; {} bytes given",
                value.len()
            ))
        })?;
        Ok(socket.set(option, &key)?)
    }
}
