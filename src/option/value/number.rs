//! Numbers: plain ones, and those with a value that stands for none.

use std::ffi::c_int;

use super::{Get, Refusal, Set, get_int, sealed, set_int};
use crate::raw::Socket;

/// What a limit takes: a number, or `None` for no limit of ours.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let push = Context::new()?.socket(PUSH)?;
/// push.set_send_hwm(10)?;
/// push.set_send_hwm(None)?; // no limit
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a limit",
    label = "expected `u32` or `Option<u32>`",
    note = "for 0 (no limit) write `None`"
)]
pub trait IntoLimit: sealed::Sealed {
    #[doc(hidden)]
    fn into_limit(self) -> Option<u32>;
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

/// The value as libzmq takes it, if it is in the range; `none` says what `None` means.
fn within(value: u32, min: u32, max: u32, none: &str) -> Result<c_int, Refusal> {
    match c_int::try_from(value) {
        Ok(number) if (min..=max).contains(&value) => Ok(number),
        _ => Err(Refusal::Invalid(format!(
            "{value} is not from {min} to {}{none}",
            max.min(c_int::MAX.unsigned_abs())
        ))),
    }
}

/// A number within a range.
pub(in crate::option) struct Number {
    pub(in crate::option) min: u32,
    pub(in crate::option) max: u32,
}

impl Get for Number {
    type Value<'s> = u32;
    fn get(self, socket: &Socket, option: c_int) -> Result<u32, Refusal> {
        Ok(get_int(socket, option)?.unsigned_abs())
    }
}

impl Set<u32> for Number {
    fn set(self, socket: &Socket, option: c_int, value: u32) -> Result<(), Refusal> {
        set_int(socket, option, within(value, self.min, self.max, "")?)
    }
}

/// A number within a range, or -1 for what the operating system does.
pub(in crate::option) struct SystemNumber {
    pub(in crate::option) min: u32,
    pub(in crate::option) max: u32,
}

impl Get for SystemNumber {
    type Value<'s> = Option<u32>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<u32>, Refusal> {
        Ok(u32::try_from(get_int(socket, option)?).ok())
    }
}

impl<V: IntoLimit> Set<V> for SystemNumber {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let value = match value.into_limit() {
            None => -1,
            Some(value) => within(
                value,
                self.min,
                self.max,
                "; `None` leaves it to the system",
            )?,
        };
        set_int(socket, option, value)
    }
}

/// A number of messages, 0 for no limit.
pub(in crate::option) struct HighWaterMark;

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
            None => 0,
            Some(value) => within(value, 1, u32::MAX, " messages; `None` is no limit")?,
        };
        set_int(socket, option, value)
    }
}

/// The least limit with which connections can be made, as the commands of a handshake count.
const MESSAGE_SIZE_MIN: u64 = 64;

/// A 64-bit number of bytes, -1 for no limit.
pub(in crate::option) struct MessageSize;

impl Get for MessageSize {
    type Value<'s> = Option<u64>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<u64>, Refusal> {
        let mut bytes = [0; size_of::<i64>()];
        socket.get(option, &mut bytes)?;
        Ok(u64::try_from(i64::from_ne_bytes(bytes)).ok())
    }
}

impl<V: Into<Option<u64>>> Set<V> for MessageSize {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let size = match value.into().map(|size| (size, i64::try_from(size))) {
            None => -1,
            Some((MESSAGE_SIZE_MIN.., Ok(size))) => size,
            Some((size, _)) => {
                return Err(Refusal::Invalid(format!(
                    "{size} is not from {MESSAGE_SIZE_MIN} to {} bytes; `None` is no limit",
                    i64::MAX
                )));
            }
        };
        Ok(socket.set(option, &size.to_ne_bytes())?)
    }
}

/// 64 bits.
pub(in crate::option) struct Bits64;

impl Get for Bits64 {
    type Value<'s> = u64;
    fn get(self, socket: &Socket, option: c_int) -> Result<u64, Refusal> {
        let mut bytes = [0; size_of::<u64>()];
        socket.get(option, &mut bytes)?;
        Ok(u64::from_ne_bytes(bytes))
    }
}

impl Set<u64> for Bits64 {
    fn set(self, socket: &Socket, option: c_int, value: u64) -> Result<(), Refusal> {
        Ok(socket.set(option, &value.to_ne_bytes())?)
    }
}
