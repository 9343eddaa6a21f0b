//! Forks, and asks the child how it went.

use std::any::Any;
use std::fs::File;
use std::io::{Read, Write};
use std::os::fd::{AsRawFd, FromRawFd, OwnedFd};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use ferromq::ErrorKind;

/// Far beyond what a child takes: to reach it is to hang.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Runs `work` in a forked child, in which it may panic, and fails as it does or when it takes
/// too long. What `work` borrows is the child's own copy.
#[track_caller]
pub fn in_child(work: impl FnOnce()) {
    in_child_within(DEADLINE, work);
}

/// As [`in_child`], for work that takes longer.
#[track_caller]
pub fn in_child_within(deadline: Duration, work: impl FnOnce()) {
    // SAFETY: the child runs test code after this, which glibc allows as it makes its allocator
    // fit for a forked child, and leaves by `_exit`.
    in_child_by(|| unsafe { libc::fork() }, deadline, work);
}

/// As [`in_child`], in the child that `fork` makes.
#[track_caller]
pub fn in_child_by(fork: impl FnOnce() -> libc::pid_t, deadline: Duration, work: impl FnOnce()) {
    // A child must not inherit the pipe of another, which would stay open as long as it lives.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let one = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);
    let (reader, writer) = pipe();
    match fork() {
        -1 => panic!("fork: {}", std::io::Error::last_os_error()),
        0 => {
            drop(reader);
            // A child has children of its own.
            drop(one);
            let report = match catch_unwind(AssertUnwindSafe(work)) {
                Ok(()) => "fine".to_owned(),
                Err(panic) => text_of(&*panic).to_owned(),
            };
            let _ = File::from(writer).write_all(report.as_bytes());
            // SAFETY: ends the child without running what belongs to its parent.
            unsafe { libc::_exit(0) }
        }
        child => {
            drop(writer);
            drop(one);
            let report = read_to_end(reader, deadline);
            if report.is_none() {
                // SAFETY: the child is not reaped yet, so the number is still its own.
                unsafe { libc::kill(child, libc::SIGKILL) };
            }
            let mut status = 0;
            // SAFETY: `status` is valid for writes.
            assert_eq!(unsafe { libc::waitpid(child, &mut status, 0) }, child);
            match report.as_deref() {
                Some("fine") => {}
                Some("") => panic!("the child died, status {status:#x}"),
                Some(report) => panic!("in the child: {report}"),
                None => panic!("the child is not done after {deadline:?}"),
            }
        }
    }
}

pub fn text_of(panic: &(dyn Any + Send)) -> &str {
    match (panic.downcast_ref::<String>(), panic.downcast_ref::<&str>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text,
        _ => "a panic without a text",
    }
}

pub fn pipe() -> (OwnedFd, OwnedFd) {
    let mut ends = [0; 2];
    // SAFETY: `ends` is valid for writes of two descriptors.
    let code = unsafe { libc::pipe2(ends.as_mut_ptr(), libc::O_CLOEXEC) };
    assert_eq!(code, 0, "pipe: {}", std::io::Error::last_os_error());
    // SAFETY: the call succeeded; both descriptors are new and nobody else's.
    ends.map(|end| unsafe { OwnedFd::from_raw_fd(end) }).into()
}

/// What the child wrote until it closed its end, or nothing at the deadline.
fn read_to_end(reader: OwnedFd, deadline: Duration) -> Option<String> {
    let deadline = Instant::now() + deadline;
    let mut file = File::from(reader);
    let mut report = Vec::new();
    loop {
        let mut readable = libc::pollfd {
            fd: file.as_raw_fd(),
            events: libc::POLLIN,
            revents: 0,
        };
        let left = deadline.saturating_duration_since(Instant::now());
        let millis = libc::c_int::try_from(left.as_millis()).unwrap();
        // SAFETY: `readable` is valid for reads and writes of one entry.
        match unsafe { libc::poll(&mut readable, 1, millis) } {
            0 => return None,
            1 => {}
            _ => continue,
        }
        let mut buffer = [0; 4096];
        match file.read(&mut buffer).unwrap() {
            0 => return Some(String::from_utf8_lossy(&report).into_owned()),
            len => report.extend_from_slice(&buffer[..len]),
        }
    }
}

/// What a call on a handle that was made before the fork has to answer.
#[track_caller]
pub fn forked<T>(result: ferromq::Result<T>, operation: &str) {
    let Err(error) = result else {
        panic!("{operation}: it should fail");
    };
    assert_eq!(error.kind(), ErrorKind::Forked, "{operation}: {error}");
    assert_eq!(error.errno(), 0);
    let text = error.to_string();
    assert!(text.starts_with(operation), "{text}");
    assert!(
        text.contains("; make contexts and sockets in the child, after the fork"),
        "{text}"
    );
}
