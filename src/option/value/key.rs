//! CURVE keys.

use std::ffi::c_int;

use super::{Get, Refusal};
use crate::curve::PublicKey;
use crate::raw::Socket;

/// A public key.
pub(in crate::option) struct Key;

impl Get for Key {
    type Value<'s> = PublicKey;
    fn get(self, socket: &Socket, option: c_int) -> Result<PublicKey, Refusal> {
        let mut key = [0; 32];
        socket.get(option, &mut key)?;
        Ok(key.into())
    }
}
