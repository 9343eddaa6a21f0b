//! Signals neither shorten nor stretch a wait.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{mem, ptr, thread};

use ferromq::{Context, ErrorKind, PULL, PUSH, Pull, Push, Socket};

use crate::support::{DEADLINE, Directory, ThreadId, context, join_inproc, recv, wait_until};

/// Long enough for many signals.
const TIMEOUT: Duration = Duration::from_millis(300);
/// What a busy machine may add. Each signal that starts a wait anew adds to it without end.
const TOLERANCE: Duration = Duration::from_secs(3);
const PAUSE: Duration = Duration::from_millis(2);

static ARRIVED: AtomicU32 = AtomicU32::new(0);

extern "C" fn arrived(_: libc::c_int) {
    ARRIVED.fetch_add(1, Ordering::Relaxed);
}

/// Signals for the thread that made it, every two milliseconds, each of which interrupts the
/// system call that the thread waits in.
struct Storm {
    over: Arc<AtomicBool>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Storm {
    fn new() -> Self {
        // SAFETY: all zeroes is a valid `sigaction` without flags, so without `SA_RESTART`; the
        // handler only touches an atomic.
        unsafe {
            let mut action: libc::sigaction = mem::zeroed();
            action.sa_sigaction = arrived as extern "C" fn(libc::c_int) as usize;
            assert_eq!(libc::sigaction(libc::SIGALRM, &action, ptr::null_mut()), 0);
        }
        let over = Arc::new(AtomicBool::new(false));
        // SAFETY: no preconditions.
        let target = unsafe { libc::pthread_self() };
        let ends = Arc::clone(&over);
        let thread = thread::spawn(move || {
            while !ends.load(Ordering::Relaxed) {
                // SAFETY: the target joins this thread before it ends, in `drop`.
                unsafe { libc::pthread_kill(target, libc::SIGALRM) };
                thread::sleep(PAUSE);
            }
        });
        Self {
            over,
            thread: Some(thread),
        }
    }
}

impl Drop for Storm {
    fn drop(&mut self) {
        self.over.store(true, Ordering::Relaxed);
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// Makes a call that is to take `TIMEOUT`, with signals all the time.
#[track_caller]
fn takes_its_time<T>(call: impl FnOnce() -> T) -> T {
    let before = ARRIVED.load(Ordering::Relaxed);
    let storm = Storm::new();
    let started = Instant::now();
    let result = call();
    let took = started.elapsed();
    drop(storm);
    assert!(took >= TIMEOUT, "cut short: {took:?}");
    assert!(took < TIMEOUT + TOLERANCE, "stretched: {took:?}");
    let signals = ARRIVED.load(Ordering::Relaxed) - before;
    assert!(signals >= 10, "only {signals} signals arrived");
    result
}

fn push_without_peer(context: &Context) -> Socket<Push> {
    let push = context.socket(PUSH).unwrap();
    push.bind("inproc://nobody").unwrap();
    push
}

fn pull(context: &Context) -> Socket<Pull> {
    context.socket(PULL).unwrap()
}

#[test]
fn recv_timeout() {
    let pull = pull(&context());
    let received = takes_its_time(|| pull.recv_timeout(TIMEOUT));
    assert_eq!(received.unwrap(), None);
    let received = takes_its_time(|| pull.recv_multipart_timeout(TIMEOUT));
    assert_eq!(received.unwrap(), None);
}

#[test]
fn send_timeout() {
    let push = push_without_peer(&context());
    let error = takes_its_time(|| push.send_timeout("text", TIMEOUT)).unwrap_err();
    assert!(error.is_full());
    let error = takes_its_time(|| push.send_multipart_timeout(["a", "b"], TIMEOUT)).unwrap_err();
    assert!(error.is_full());
}

#[test]
fn rcvtimeo() {
    let pull = pull(&context());
    pull.set_rcvtimeo(TIMEOUT).unwrap();
    let error = takes_its_time(|| pull.recv()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WouldBlock);
    assert_eq!(pull.rcvtimeo().unwrap(), Some(TIMEOUT));
}

#[test]
fn sndtimeo() {
    let push = push_without_peer(&context());
    push.set_sndtimeo(TIMEOUT).unwrap();
    let error = takes_its_time(|| push.send("text")).unwrap_err();
    assert_eq!(error.error().kind(), ErrorKind::WouldBlock);
    assert_eq!(push.sndtimeo().unwrap(), Some(TIMEOUT));
}

#[test]
fn the_end_of_a_context() {
    let directory = Directory::new();
    // libzmq's timers count whole milliseconds, and may be early by one.
    let linger = TIMEOUT + Duration::from_millis(2);
    let context = Context::builder().linger(linger).build().unwrap();
    let push = context.socket(PUSH).unwrap();
    push.connect(directory.endpoint("nobody")).unwrap();
    push.send("never taken").unwrap();
    takes_its_time(|| {
        drop(push);
        drop(context);
    });
}

#[test]
fn a_wait_without_limit_goes_on() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), pull(&context));
    join_inproc(&push, &pull);
    let before = ARRIVED.load(Ordering::Relaxed);
    let receiver = thread::spawn(move || {
        let _storm = Storm::new();
        pull.recv()
    });
    wait_until("signals arrive", || {
        ARRIVED.load(Ordering::Relaxed) - before >= 50
    });
    assert!(!receiver.is_finished());
    push.send("at last").unwrap();
    let received = crate::support::within_deadline(|| receiver.join()).unwrap();
    assert_eq!(received.unwrap(), "at last");
}

#[test]
fn the_time_of_one_call_overrides_the_option_and_leaves_it_as_it_was() {
    let pull = pull(&context());
    for option in [Some(Duration::from_millis(1)), Some(DEADLINE), None] {
        pull.set_rcvtimeo(option).unwrap();
        let timeout = Duration::from_millis(50);
        let started = Instant::now();
        assert_eq!(pull.recv_timeout(timeout).unwrap(), None);
        assert!(started.elapsed() >= timeout);
        assert!(started.elapsed() < timeout + TOLERANCE);
        assert_eq!(pull.rcvtimeo().unwrap(), option);
    }
}

#[test]
fn no_time_at_all_and_all_the_time_there_is() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), pull(&context));
    join_inproc(&push, &pull);
    assert_eq!(pull.recv_timeout(Duration::ZERO).unwrap(), None);

    let id = ThreadId::current();
    let sender = thread::spawn(move || {
        id.wait_until_asleep();
        push.send("at last").unwrap();
        push
    });
    let received = pull.recv_timeout(Duration::MAX).unwrap();
    assert_eq!(received.unwrap(), "at last");
    let push = sender.join().unwrap();

    pull.set_rcvtimeo(Duration::ZERO).unwrap();
    assert_eq!(pull.recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    push.send("there").unwrap();
    assert_eq!(recv(&pull), "there");
    assert_eq!(pull.rcvtimeo().unwrap(), Some(Duration::ZERO));
}
