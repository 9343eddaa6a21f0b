//! Timers, our own: in libzmq's, a handler that resets its timer has freed memory used, and an
//! interval of 0 never ends.

use std::ffi::{c_int, c_long, c_void};
use std::time::{Duration, Instant};

use ferromq_sys as sys;
use sys::zmq_timer_fn;

use crate::boundary::{Function, Refusal};
use crate::inside::Alone;
use crate::socket::not_null;
use crate::table::{Reserved, State};

const TIMERS: (State, State) = (State::Timers, State::TimersBusy);

/// The longest interval in ms, some centuries, in place of longer ones.
const LONGEST: u64 = 1 << 43;

#[derive(Debug, Default)]
struct Timers {
    last: c_int,
    timers: Vec<Timer>,
}

#[derive(Clone, Copy, Debug)]
struct Timer {
    id: c_int,
    interval: Duration,
    due: Instant,
    handler: zmq_timer_fn,
    argument: *mut c_void,
}

impl Timers {
    fn get(&mut self, id: c_int) -> Result<&mut Timer, &'static Refusal> {
        let timer = self.timers.iter_mut().find(|timer| timer.id == id);
        timer.ok_or(&Refusal::TIMER)
    }

    /// The next timer that was due at `now` and has not been `done`.
    fn due(&self, now: Instant, done: &[c_int]) -> Option<Timer> {
        let due = self.timers.iter().filter(|timer| timer.due <= now);
        let left = due.filter(|timer| !done.contains(&timer.id));
        left.min_by_key(|timer| (timer.due, timer.id)).copied()
    }
}

/// What `body` makes of the timers behind the handle.
fn with<T>(
    handle: *mut c_void,
    function: Function,
    body: impl FnOnce(&mut Timers) -> Result<T, &'static Refusal>,
) -> Result<T, &'static Refusal> {
    let alone = Alone::enter(handle, TIMERS, function)?;
    // SAFETY: a slot in this state holds the timers made below, and this thread alone is inside.
    body(unsafe { &mut *alone.object().cast::<Timers>() })
}

fn duration(interval: usize) -> Duration {
    Duration::from_millis((interval as u64).min(LONGEST))
}

exported! {
    /// Makes a set of timers.
    fn zmq_timers_new() -> *mut c_void = {
        let reserved = Reserved::new()?;
        let timers = Box::into_raw(Box::new(Timers::default()));
        Ok(reserved.hold(timers.cast(), State::Timers))
    } else std::ptr::null_mut();

    /// Frees the timers, and nulls the pointer to them.
    fn zmq_timers_destroy(timers: *mut *mut c_void) -> c_int = {
        not_null(timers)?;
        // SAFETY: the caller's pointer to a handle.
        let object = Alone::enter(unsafe { *timers }, TIMERS, FUNCTION)?.end();
        // SAFETY: made by `zmq_timers_new`, and its slot is given up.
        drop(unsafe { Box::from_raw(object.cast::<Timers>()) });
        // SAFETY: as above.
        unsafe { *timers = std::ptr::null_mut() };
        Ok(0)
    } else -1;

    /// Adds a timer, and returns its number.
    fn zmq_timers_add(
        timers: *mut c_void,
        interval: usize,
        handler: Option<zmq_timer_fn>,
        argument: *mut c_void,
    ) -> c_int = {
        with(timers, FUNCTION, |timers| {
            let handler = handler.ok_or(&Refusal::NULL)?;
            let interval = duration(interval);
            timers.timers.try_reserve(1).map_err(|_| &Refusal::NO_MEMORY)?;
            timers.last += 1;
            timers.timers.push(Timer {
                id: timers.last,
                interval,
                due: Instant::now() + interval,
                handler,
                argument,
            });
            Ok(timers.last)
        })
    } else -1;

    /// Removes a timer.
    fn zmq_timers_cancel(timers: *mut c_void, id: c_int) -> c_int = {
        with(timers, FUNCTION, |timers| {
            timers.get(id)?;
            timers.timers.retain(|timer| timer.id != id);
            Ok(0)
        })
    } else -1;

    /// Changes the interval of a timer.
    fn zmq_timers_set_interval(timers: *mut c_void, id: c_int, interval: usize) -> c_int = {
        with(timers, FUNCTION, |timers| {
            let timer = timers.get(id)?;
            timer.interval = duration(interval);
            timer.due = Instant::now() + timer.interval;
            Ok(0)
        })
    } else -1;

    /// Starts the interval of a timer anew.
    fn zmq_timers_reset(timers: *mut c_void, id: c_int) -> c_int = {
        with(timers, FUNCTION, |timers| {
            let timer = timers.get(id)?;
            timer.due = Instant::now() + timer.interval;
            Ok(0)
        })
    } else -1;

    /// How many ms until the next timer is due.
    fn zmq_timers_timeout(timers: *mut c_void) -> c_long = {
        with(timers, FUNCTION, |timers| {
            let Some(due) = timers.timers.iter().map(|timer| timer.due).min() else {
                return Ok(-1);
            };
            let left = due.saturating_duration_since(Instant::now());
            // A caller that waits so long finds it due.
            let left = left.as_nanos().div_ceil(1_000_000);
            Ok(c_long::try_from(left).unwrap_or(c_long::MAX))
        })
    } else -1;

    /// Runs the handlers of the timers that are due, each once.
    fn zmq_timers_execute(timers: *mut c_void) -> c_int = {
        let now = Instant::now();
        let mut done = Vec::new();
        loop {
            let next = with(timers, FUNCTION, |timers| {
                let next = timers.due(now, &done);
                if let Some(timer) = next {
                    timers.get(timer.id)?.due = now + timer.interval;
                }
                Ok(next)
            });
            let timer = match next {
                Ok(Some(timer)) => timer,
                Ok(None) => return Ok(0),
                // Destroyed by a handler.
                Err(_) if !done.is_empty() => return Ok(0),
                Err(refusal) => return Err(refusal),
            };
            done.push(timer.id);
            // SAFETY: the caller's function, with the argument that it is for. Nobody is inside of
            // the timers meanwhile, so it may do with them what it likes.
            unsafe { (timer.handler)(timer.id, timer.argument) };
        }
    } else -1;
}
