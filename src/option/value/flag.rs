//! Yes or no.

use std::ffi::c_int;

use super::{Get, Refusal, Set, get_int, set_int};
use crate::raw::Socket;

/// 0 or 1.
pub(in crate::option) struct Flag;

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
pub(in crate::option) struct SystemFlag;

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
