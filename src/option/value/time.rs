//! Times, each in the unit of its option.

use std::ffi::c_int;
use std::time::Duration;

use super::{Get, Refusal, Set, get_int, sealed, set_int};
use crate::raw::{Direction, Socket};

/// What a time-out option takes: a `Duration`, or `None` for "without limit".
///
/// ```
/// # use ferromq::*;
/// # use std::time::Duration;
/// # fn main() -> Result<()> {
/// let push = Context::new()?.socket(PUSH)?;
/// push.set_linger(Duration::from_secs(1))?;
/// push.set_linger(None)?; // for ever
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a time",
    label = "expected `Duration` or `Option<Duration>`",
    note = "for -1 (for ever) write `None`, for 0 `Duration::ZERO`, for milliseconds `Duration::from_millis(..)`"
)]
pub trait IntoTimeout: sealed::Sealed {
    #[doc(hidden)]
    fn into_timeout(self) -> Option<Duration>;
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

/// Milliseconds, or a number that stands for `None`.
pub(in crate::option) struct Millis {
    /// What libzmq takes for `None`: 0 or -1.
    pub(in crate::option) none: c_int,
    /// The least number of milliseconds, above what else would mean `None`.
    pub(in crate::option) min: c_int,
}

/// As most time-outs are: -1 for ever, 0 not at all.
pub(in crate::option) const TIMEOUT: Millis = Millis { none: -1, min: 0 };

/// As those are that can be switched off by 0.
pub(in crate::option) const SWITCHED: Millis = Millis { none: 0, min: 1 };

/// The time in milliseconds, rounded up so that a short time does not become none at all.
fn millis(time: Duration, min: c_int) -> Result<c_int, Refusal> {
    match c_int::try_from(time.as_nanos().div_ceil(1_000_000)) {
        Ok(millis) if millis >= min => Ok(millis),
        _ => Err(Refusal::Invalid(format!(
            "{time:?} is not from {min} to {} milliseconds; for other cases there is `None`",
            c_int::MAX
        ))),
    }
}

fn from_millis(millis: c_int) -> Option<Duration> {
    u64::try_from(millis).ok().map(Duration::from_millis)
}

impl Get for Millis {
    type Value<'s> = Option<Duration>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<Duration>, Refusal> {
        let value = get_int(socket, option)?;
        Ok(from_millis(value).filter(|_| value != self.none))
    }
}

impl<V: IntoTimeout> Set<V> for Millis {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let value = match value.into_timeout() {
            None => self.none,
            Some(time) => millis(time, self.min)?,
        };
        set_int(socket, option, value)
    }
}

/// `ZMQ_SNDTIMEO` and `ZMQ_RCVTIMEO`, which the socket also keeps for itself.
pub(in crate::option) struct WaitTimeout(pub(in crate::option) Direction);

impl Get for WaitTimeout {
    type Value<'s> = Option<Duration>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<Duration>, Refusal> {
        TIMEOUT.get(socket, option)
    }
}

impl<V: IntoTimeout> Set<V> for WaitTimeout {
    fn set(self, socket: &Socket, _: c_int, value: V) -> Result<(), Refusal> {
        let value = match value.into_timeout() {
            None => -1,
            Some(time) => millis(time, 0)?,
        };
        Ok(socket.set_timeout(self.0, value)?)
    }
}

/// A whole number of steps, or a number that stands for `None`.
pub(in crate::option) struct Steps {
    pub(in crate::option) step: Duration,
    /// How many steps at most.
    pub(in crate::option) max: u32,
    /// What libzmq counts.
    pub(in crate::option) unit: Duration,
    /// What libzmq takes for `None`: 0 or -1.
    pub(in crate::option) none: c_int,
}

impl Steps {
    /// Seconds from 1 on, -1 for what the operating system does.
    pub(in crate::option) const fn system_seconds(max: u32) -> Self {
        let second = Duration::from_secs(1);
        Self {
            step: second,
            max,
            unit: second,
            none: -1,
        }
    }

    fn value(&self, time: Duration) -> Option<c_int> {
        let step = self.step.as_nanos();
        let in_range = (step..=step * u128::from(self.max)).contains(&time.as_nanos());
        if !in_range || time.as_nanos() % step != 0 {
            return None;
        }
        c_int::try_from(time.as_nanos() / self.unit.as_nanos()).ok()
    }
}

impl Get for Steps {
    type Value<'s> = Option<Duration>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<Duration>, Refusal> {
        let value = get_int(socket, option)?;
        Ok((value != self.none).then(|| self.unit * value.unsigned_abs()))
    }
}

impl<V: IntoTimeout> Set<V> for Steps {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let value = match value.into_timeout() {
            None => self.none,
            Some(time) => self.value(time).ok_or_else(|| {
                Refusal::Invalid(format!(
                    "{time:?} is not a multiple of {:?} up to {:?}; for other cases there is `None`",
                    self.step,
                    self.step * self.max
                ))
            })?,
        };
        set_int(socket, option, value)
    }
}

/// Milliseconds, always some.
pub(in crate::option) struct Interval;

impl Get for Interval {
    type Value<'s> = Duration;
    fn get(self, socket: &Socket, option: c_int) -> Result<Duration, Refusal> {
        Ok(from_millis(get_int(socket, option)?).unwrap_or_default())
    }
}

impl Set<Duration> for Interval {
    fn set(self, socket: &Socket, option: c_int, value: Duration) -> Result<(), Refusal> {
        set_int(socket, option, millis(value, 0)?)
    }
}
