//! What the topics have in common: sockets that are joined, and waiting with a limit.

use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::time::{Duration, Instant};
use std::{fs, process, thread};

use ferromq::{CanMultipart, CanRecv, CanSend, Context, Frame, Kind, Message, Multipart, Socket};

/// Far beyond what anything here takes: to reach it is to hang.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// A context whose sockets leave nothing behind that its end would wait for.
pub fn context() -> Context {
    Context::builder().linger(Duration::ZERO).build().unwrap()
}

/// Connects `connector` to `binder` over a free port of the loopback interface.
pub fn join<A: Kind, B: Kind>(binder: &Socket<A>, connector: &Socket<B>) {
    binder.bind("tcp://127.0.0.1:*").unwrap();
    connector.connect(binder.last_endpoint().unwrap()).unwrap();
}

/// Connects `connector` to `binder` within the process. One name per context.
pub fn join_inproc<A: Kind, B: Kind>(binder: &Socket<A>, connector: &Socket<B>) {
    binder.bind("inproc://joined").unwrap();
    connector.connect("inproc://joined").unwrap();
}

#[track_caller]
pub fn send<K: Kind + CanSend, F: Frame>(socket: &Socket<K>, frame: F) {
    socket.send_timeout(frame, DEADLINE).expect("not sent");
}

#[track_caller]
pub fn send_multipart<K: Kind + CanMultipart>(socket: &Socket<K>, frames: impl Into<Multipart>) {
    socket
        .send_multipart_timeout(frames, DEADLINE)
        .expect("not sent");
}

#[track_caller]
pub fn recv<K: Kind + CanRecv>(socket: &Socket<K>) -> Message {
    let message = socket.recv_timeout(DEADLINE).expect("not received");
    message.expect("no message comes")
}

#[track_caller]
pub fn recv_multipart<K: Kind + CanRecv>(socket: &Socket<K>) -> Multipart {
    let message = socket
        .recv_multipart_timeout(DEADLINE)
        .expect("not received");
    message.expect("no message comes")
}

/// Runs what has no time limit of its own, and fails when it takes too long.
#[track_caller]
pub fn within_deadline<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let (done, result) = mpsc::channel();
    let thread = thread::spawn(move || {
        // Nobody listens any more when the deadline has passed.
        let _ = done.send(work());
    });
    match result.recv_timeout(DEADLINE) {
        Ok(value) => value,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("still not done after {DEADLINE:?}"),
        Err(mpsc::RecvTimeoutError::Disconnected) => match thread.join() {
            Err(panic) => std::panic::resume_unwind(panic),
            Ok(()) => unreachable!("the result is sent before the thread ends"),
        },
    }
}

/// Asks again and again, until the answer is yes.
#[track_caller]
pub fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let deadline = Instant::now() + DEADLINE;
    while !is_so() {
        assert!(Instant::now() < deadline, "never happened: {what}");
        thread::yield_now();
    }
}

/// A thread, as the kernel numbers it.
#[derive(Clone, Copy)]
pub struct ThreadId(libc::pid_t);

impl ThreadId {
    pub fn current() -> Self {
        // SAFETY: no preconditions.
        Self(unsafe { libc::gettid() })
    }

    /// Waits until the thread sleeps: with nothing else to do, in the call that blocks.
    #[track_caller]
    pub fn wait_until_asleep(self) {
        wait_until("the thread sleeps", || {
            let stat = fs::read_to_string(format!("/proc/self/task/{}/stat", self.0)).unwrap();
            let (_, state) = stat.rsplit_once(") ").unwrap();
            state.starts_with('S')
        });
    }
}

/// A directory of the test's own, removed with its content.
pub struct Directory(PathBuf);

impl Directory {
    pub fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let made = MADE.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("ferromq-{}-{made}", process::id()));
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    /// The `ipc` endpoint of a socket in this directory.
    pub fn endpoint(&self, name: &str) -> String {
        format!("ipc://{}", self.join(name).display())
    }
}

impl Deref for Directory {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Directory {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}
