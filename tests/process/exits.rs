//! The end of a process.

use std::any::Any;
use std::cell::RefCell;
use std::sync::{Mutex, mpsc};
use std::thread;
use std::time::Instant;

use ferromq::{Context, MonitorEvents, PULL, PUSH};

use crate::child::DEADLINE;

/// Sockets that are connected, one that a message waits in for nobody, and their context.
pub fn handles(context: Context) -> Vec<Box<dyn Any + Send>> {
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    let monitor = pull.monitor(MonitorEvents::all()).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    push.connect(pull.last_endpoint().unwrap()).unwrap();
    push.send_timeout("text", DEADLINE).unwrap();
    pull.recv_timeout(DEADLINE).unwrap().unwrap();
    let waits = context.socket(PUSH).unwrap();
    waits.connect("inproc://nobody").unwrap();
    waits.send_timeout("waits for nobody", DEADLINE).unwrap();
    vec![
        Box::new(push),
        Box::new(pull),
        Box::new(monitor),
        Box::new(waits),
        Box::new(context),
    ]
}

/// Forks a process that does this and then exits as programs do, with the destructors of the
/// thread and what is registered by `atexit`.
#[track_caller]
fn exits_after(work: impl FnOnce()) {
    // SAFETY: the child runs test code, which glibc allows as it makes its allocator fit for a
    // forked child.
    let child = unsafe { libc::fork() };
    if child == 0 {
        work();
        // SAFETY: no preconditions.
        unsafe { libc::exit(7) }
    }
    let deadline = Instant::now() + DEADLINE;
    let mut status = 0;
    // SAFETY: `status` is valid for writes.
    while unsafe { libc::waitpid(child, &mut status, libc::WNOHANG) } == 0 {
        if Instant::now() > deadline {
            // SAFETY: the child is not reaped yet, so the number is still its own.
            unsafe {
                libc::kill(child, libc::SIGKILL);
                libc::waitpid(child, &mut status, 0);
            }
            panic!("the process does not end");
        }
        thread::yield_now();
    }
    assert_eq!(libc::WEXITSTATUS(status), 7, "status {status:#x}");
}

static KEPT: Mutex<Vec<Box<dyn Any + Send>>> = Mutex::new(Vec::new());

#[test]
fn with_handles_in_statics() {
    for _ in 0..20 {
        exits_after(|| *KEPT.lock().unwrap() = handles(Context::new().unwrap()));
    }
}

#[test]
fn with_the_global_context() {
    exits_after(|| std::mem::forget(handles(Context::global().unwrap())));
}

#[test]
fn with_handles_that_are_dropped_at_exit() {
    extern "C" fn at_exit() {
        drop(std::mem::take(&mut *KEPT.lock().unwrap()));
    }
    exits_after(|| {
        // SAFETY: the handler does not unwind.
        assert_eq!(unsafe { libc::atexit(at_exit) }, 0);
        *KEPT.lock().unwrap() = handles(Context::new().unwrap());
    });
}

#[test]
fn with_handles_of_the_main_thread() {
    thread_local! {
        static HANDLES: RefCell<Vec<Box<dyn Any + Send>>> = const { RefCell::new(Vec::new()) };
    }
    exits_after(|| HANDLES.set(handles(Context::new().unwrap())));
}

#[test]
fn while_other_threads_wait() {
    exits_after(|| {
        let context = Context::builder().linger(None).build().unwrap();
        let pull = context.socket(PULL).unwrap();
        let waits = context.socket(PUSH).unwrap();
        waits.connect("ipc:///nowhere/at/all").unwrap();
        waits.send_timeout("waits for nobody", DEADLINE).unwrap();
        let (waiting, waits_now) = mpsc::channel();
        let dropping = waiting.clone();
        thread::spawn(move || {
            waiting.send(()).unwrap();
            pull.recv()
        });
        thread::spawn(move || {
            dropping.send(()).unwrap();
            drop((waits, context));
        });
        for _ in 0..2 {
            waits_now.recv_timeout(DEADLINE).unwrap();
        }
    });
}
