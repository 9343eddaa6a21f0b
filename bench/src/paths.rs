//! The ways to send and receive a message, each as a loop.

use std::ffi::{c_int, c_void};
use std::hint::black_box;
use std::mem::MaybeUninit;
use std::process::ExitCode;
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};

use ferromq::{Context, Message, PULL, PUSH, Pull, Push, Socket};
use ferromq_sys as sys;

/// One way to send and receive.
pub struct Path {
    pub name: &'static str,
    /// The path that it is compared with, most often of plain calls.
    pub beside: &'static str,
    /// How much more than that it may take for each message.
    pub at_most: More,
    exchange: Exchange,
}

/// Counts of a message beyond those of another path. Instructions have a margin above what was
/// counted, for other compilers.
pub struct More {
    pub instructions: f64,
    pub allocations: f64,
}

type SafeExchange = fn(&Socket<Push>, &Socket<Pull>, &[u8], u64) -> ferromq::Result<()>;

enum Exchange {
    Plain(unsafe fn(*mut c_void, *mut c_void, &[u8], u64)),
    Safe(SafeExchange),
    #[cfg(feature = "async")]
    Async(AsyncPath),
}
#[cfg(feature = "async")]
use Exchange::Async;
use Exchange::{Plain, Safe};

#[rustfmt::skip]
pub const PATHS: &[Path] = &[
    path("C: send, recv reused", "C: send, recv reused", 0, 0, Plain(plain_reused)),
    path("C: send, recv fresh", "C: send, recv fresh", 0, 0, Plain(plain_fresh)),
    path("C: send, recv buffer", "C: send, recv buffer", 0, 0, Plain(plain_buffer)),
    path("C: reused, process checked", "C: send, recv reused", 12, 0, Plain(plain_checked)),
    path("send(&[u8]), recv_into(msg)", "C: send, recv reused", 20, 0, Safe(reused)),
    path("send(&[u8]), recv()", "C: send, recv fresh", 30, 0, Safe(fresh)),
    path("send(&[u8]), recv_into([u8])", "C: send, recv buffer", 20, 0, Safe(buffer)),
    path("send(&[u8]), recv_into(Vec)", "C: send, recv fresh", 110, 0, Safe(vec)),
    path("send(&Vec) and drop it", "C: send, recv reused", 230, 1, Safe(copied)),
    path("send(Vec)", "send(&Vec) and drop it", 20, 0, Safe(owned)),
    path("send(Message), recv_into(msg)", "C: send, recv reused", 95, 0, Safe(message)),
    path("send_multipart, recv_multipart", "C: send, recv reused", 710, 2, Safe(multipart)),
    #[cfg(feature = "async")]
    path("async send(&[u8]), recv_into(msg)", "C: send, recv reused", 160, 0, Async(AsyncPath::Reused)),
    #[cfg(feature = "async")]
    path("async send(&[u8]), recv()", "C: send, recv fresh", 205, 0, Async(AsyncPath::Fresh)),
    #[cfg(feature = "async")]
    path("async halves, recv_into(msg)", "C: send, recv reused", 225, 0, Async(AsyncPath::Halves)),
];

const fn path(
    name: &'static str,
    beside: &'static str,
    instructions: u32,
    allocations: u32,
    exchange: Exchange,
) -> Path {
    let at_most = More {
        instructions: instructions as f64,
        allocations: allocations as f64,
    };
    Path {
        name,
        beside,
        at_most,
        exchange,
    }
}

/// How many messages are queued before they are received again.
const BURST: u64 = 1000;

/// Sends and receives `messages` messages of `size` bytes by the path of this name.
pub fn run(name: &str, size: &str, messages: &str) -> ExitCode {
    let (Some(path), Ok(size), Ok(messages)) = (
        PATHS.iter().find(|path| path.name == name),
        size.parse::<usize>(),
        messages.parse::<u64>(),
    ) else {
        eprintln!("no such path, or not a number");
        return ExitCode::FAILURE;
    };
    let payload = vec![7; size];
    let bursts = messages / BURST;
    match path.exchange {
        Plain(exchange) => plain(exchange, &payload, bursts),
        Safe(exchange) => return told(safe(exchange, &payload, bursts)),
        #[cfg(feature = "async")]
        Async(path) => return told(asynchronous(path, &payload, bursts)),
    }
    ExitCode::SUCCESS
}

fn told(result: ferromq::Result<()>) -> ExitCode {
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn joined() -> ferromq::Result<(Socket<Push>, Socket<Pull>)> {
    let context = Context::new()?;
    let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
    push.set_send_hwm(None)?;
    pull.set_recv_hwm(None)?;
    pull.bind("inproc://bench")?;
    push.connect("inproc://bench")?;
    Ok((push, pull))
}

fn safe(exchange: SafeExchange, payload: &[u8], bursts: u64) -> ferromq::Result<()> {
    let (push, pull) = joined()?;
    for _ in 0..bursts {
        exchange(&push, &pull, payload, BURST)?;
    }
    Ok(())
}

#[cfg(feature = "async")]
#[derive(Clone, Copy)]
enum AsyncPath {
    Reused,
    Fresh,
    Halves,
}

#[cfg(feature = "async")]
fn asynchronous(path: AsyncPath, payload: &[u8], bursts: u64) -> ferromq::Result<()> {
    use ferromq::with_tokio;

    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .build()
        .expect("a runtime can be made");
    runtime.block_on(async {
        let (push, pull) = joined()?;
        let (mut push, mut pull) = (
            with_tokio::Socket::new(push)?,
            with_tokio::Socket::new(pull)?,
        );
        let mut message = Message::new();
        match path {
            AsyncPath::Reused => {
                for _ in 0..bursts {
                    for _ in 0..BURST {
                        push.send(payload).await?;
                    }
                    for _ in 0..BURST {
                        pull.recv_into(&mut message).await?;
                    }
                }
            }
            AsyncPath::Fresh => {
                for _ in 0..bursts {
                    for _ in 0..BURST {
                        push.send(payload).await?;
                    }
                    for _ in 0..BURST {
                        drop(pull.recv().await?);
                    }
                }
            }
            AsyncPath::Halves => {
                let (mut push, mut pull) = (push.split().0, pull.split().1);
                for _ in 0..bursts {
                    for _ in 0..BURST {
                        push.send(payload).await?;
                    }
                    for _ in 0..BURST {
                        pull.recv_into(&mut message).await?;
                    }
                }
            }
        }
        Ok(())
    })
}

fn reused(push: &Socket<Push>, pull: &Socket<Pull>, payload: &[u8], n: u64) -> ferromq::Result<()> {
    for _ in 0..n {
        push.send(payload)?;
    }
    let mut message = Message::new();
    for _ in 0..n {
        pull.recv_into(&mut message)?;
    }
    Ok(())
}

fn fresh(push: &Socket<Push>, pull: &Socket<Pull>, payload: &[u8], n: u64) -> ferromq::Result<()> {
    for _ in 0..n {
        push.send(payload)?;
    }
    for _ in 0..n {
        drop(pull.recv()?);
    }
    Ok(())
}

fn buffer(push: &Socket<Push>, pull: &Socket<Pull>, payload: &[u8], n: u64) -> ferromq::Result<()> {
    for _ in 0..n {
        push.send(payload)?;
    }
    let mut buffer = vec![0; payload.len()];
    for _ in 0..n {
        let received = pull.recv_into(&mut buffer[..])?;
        assert!(!received.is_truncated());
    }
    Ok(())
}

fn vec(push: &Socket<Push>, pull: &Socket<Pull>, payload: &[u8], n: u64) -> ferromq::Result<()> {
    for _ in 0..n {
        push.send(payload)?;
    }
    let mut vec = Vec::new();
    for _ in 0..n {
        pull.recv_into(&mut vec)?;
    }
    Ok(())
}

fn copied(push: &Socket<Push>, pull: &Socket<Pull>, payload: &[u8], n: u64) -> ferromq::Result<()> {
    for _ in 0..n {
        push.send(&payload.to_vec())?;
    }
    let mut message = Message::new();
    for _ in 0..n {
        pull.recv_into(&mut message)?;
    }
    Ok(())
}

fn owned(push: &Socket<Push>, pull: &Socket<Pull>, payload: &[u8], n: u64) -> ferromq::Result<()> {
    for _ in 0..n {
        push.send(payload.to_vec())?;
    }
    let mut message = Message::new();
    for _ in 0..n {
        pull.recv_into(&mut message)?;
    }
    Ok(())
}

fn message(
    push: &Socket<Push>,
    pull: &Socket<Pull>,
    payload: &[u8],
    n: u64,
) -> ferromq::Result<()> {
    for _ in 0..n {
        push.send(Message::from(payload))?;
    }
    let mut message = Message::new();
    for _ in 0..n {
        pull.recv_into(&mut message)?;
    }
    Ok(())
}

fn multipart(
    push: &Socket<Push>,
    pull: &Socket<Pull>,
    payload: &[u8],
    n: u64,
) -> ferromq::Result<()> {
    for _ in 0..n {
        push.send_multipart([payload])?;
    }
    for _ in 0..n {
        drop(pull.recv_multipart()?);
    }
    Ok(())
}

fn plain(exchange: unsafe fn(*mut c_void, *mut c_void, &[u8], u64), payload: &[u8], bursts: u64) {
    // SAFETY: plain use of the interface by one thread: the handles are checked, used while they
    // are open, and closed once.
    unsafe {
        let context = sys::zmq_ctx_new();
        assert!(!context.is_null());
        let socket = |kind, option| {
            let socket = sys::zmq_socket(context, kind);
            assert!(!socket.is_null());
            let unlimited: c_int = 0;
            let value = ptr::from_ref(&unlimited).cast();
            assert_eq!(
                sys::zmq_setsockopt(socket, option, value, size_of::<c_int>()),
                0
            );
            socket
        };
        let push = socket(sys::ZMQ_PUSH, sys::ZMQ_SNDHWM);
        let pull = socket(sys::ZMQ_PULL, sys::ZMQ_RCVHWM);
        assert_eq!(sys::zmq_bind(pull, c"inproc://bench".as_ptr()), 0);
        assert_eq!(sys::zmq_connect(push, c"inproc://bench".as_ptr()), 0);
        for _ in 0..bursts {
            exchange(push, pull, payload, BURST);
        }
        sys::zmq_close(push);
        sys::zmq_close(pull);
        sys::zmq_ctx_term(context);
    }
}

/// # Safety
/// `push` is an open socket of this thread.
unsafe fn plain_send(push: *mut c_void, payload: &[u8], n: u64) {
    for _ in 0..n {
        // SAFETY: the caller vouches for the socket; the payload is valid for its length.
        let sent = unsafe { sys::zmq_send(push, payload.as_ptr().cast(), payload.len(), 0) };
        assert!(sent >= 0);
    }
}

/// # Safety
/// `push` and `pull` are open sockets of this thread.
unsafe fn plain_reused(push: *mut c_void, pull: *mut c_void, payload: &[u8], n: u64) {
    // SAFETY: the caller vouches for the sockets; the message is initialised, then closed.
    unsafe {
        plain_send(push, payload, n);
        let mut message = MaybeUninit::uninit();
        sys::zmq_msg_init(message.as_mut_ptr());
        for _ in 0..n {
            assert!(sys::zmq_msg_recv(message.as_mut_ptr(), pull, 0) >= 0);
        }
        sys::zmq_msg_close(message.as_mut_ptr());
    }
}

/// What ferromq does before each call: compares the number of its process with that of the handle.
static PROCESS: AtomicU32 = AtomicU32::new(1);

/// # Safety
/// `push` and `pull` are open sockets of this thread.
unsafe fn plain_checked(push: *mut c_void, pull: *mut c_void, payload: &[u8], n: u64) {
    let owner = black_box(&1_u32);
    let check = || assert_eq!(PROCESS.load(Ordering::Relaxed), *owner);
    // SAFETY: the caller vouches for the sockets; the payload is valid for its length; the message
    // is initialised, then closed.
    unsafe {
        for _ in 0..n {
            check();
            assert!(sys::zmq_send(push, payload.as_ptr().cast(), payload.len(), 0) >= 0);
        }
        let mut message = MaybeUninit::uninit();
        sys::zmq_msg_init(message.as_mut_ptr());
        for _ in 0..n {
            check();
            assert!(sys::zmq_msg_recv(message.as_mut_ptr(), pull, 0) >= 0);
        }
        sys::zmq_msg_close(message.as_mut_ptr());
    }
}

/// # Safety
/// `push` and `pull` are open sockets of this thread.
unsafe fn plain_fresh(push: *mut c_void, pull: *mut c_void, payload: &[u8], n: u64) {
    // SAFETY: the caller vouches for the sockets; each message is initialised, then closed.
    unsafe {
        plain_send(push, payload, n);
        for _ in 0..n {
            let mut message = MaybeUninit::uninit();
            sys::zmq_msg_init(message.as_mut_ptr());
            assert!(sys::zmq_msg_recv(message.as_mut_ptr(), pull, 0) >= 0);
            sys::zmq_msg_close(message.as_mut_ptr());
        }
    }
}

/// # Safety
/// `push` and `pull` are open sockets of this thread.
unsafe fn plain_buffer(push: *mut c_void, pull: *mut c_void, payload: &[u8], n: u64) {
    // SAFETY: the caller vouches for the sockets; the buffer is valid for its length.
    unsafe {
        plain_send(push, payload, n);
        let mut buffer = vec![0_u8; payload.len()];
        for _ in 0..n {
            let size = sys::zmq_recv(pull, buffer.as_mut_ptr().cast(), buffer.len(), 0);
            assert_eq!(usize::try_from(size), Ok(payload.len()));
        }
    }
}
