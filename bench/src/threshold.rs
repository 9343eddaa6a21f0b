//! From which size on a buffer is better handed over than copied.

use std::ffi::{c_int, c_void};
use std::mem::{ManuallyDrop, MaybeUninit};
use std::process::ExitCode;
use std::sync::{Arc, mpsc};
use std::{ptr, thread};

use ferromq::{Context, Message, PULL, PUSH, Pull, Push, Socket};
use ferromq_bench_worker::median;
use ferromq_sys as sys;

const SIZES: [usize; 13] = [
    64, 128, 256, 512, 768, 1024, 1536, 2048, 4096, 8192, 16_384, 32_768, 65_536,
];
const ROUNDS: usize = 11;
/// A round is about so much, within bounds.
const BYTES: usize = 10_000_000;
const IN_FLIGHT: u32 = 100;

/// Sends the bytes. Both ways with a `Vec` make it first, as its sender would have to.
type Send = unsafe fn(*mut c_void, &Arc<[u8]>) -> c_int;

/// Each kind of buffer, copied and handed over.
const BUFFERS: [[Send; 2]; 2] = [[copy_vec, hand_over_vec], [copy_arc, hand_over_arc]];

/// Prints a table for each transport.
pub fn print() -> ExitCode {
    for endpoint in ["inproc://bench", "tcp://127.0.0.1:*"] {
        println!("{endpoint}: nanoseconds of processor time per message, all threads together");
        println!("   bytes | Vec: copied handed over  ratio | Arc: copied handed over  ratio");
        for size in SIZES {
            if let Err(error) = print_row(endpoint, size) {
                eprintln!("{error}");
                return ExitCode::FAILURE;
            }
        }
    }
    ExitCode::SUCCESS
}

fn print_row(endpoint: &str, size: usize) -> ferromq::Result<()> {
    let payload: Arc<[u8]> = vec![7; size].into();
    let messages = (BYTES / size).clamp(1_000, 10_000);
    let pipe = Pipe::open(endpoint, messages)?;
    print!("{size:>8}");
    for ways in BUFFERS {
        let mut times = [const { Vec::new() }; 2];
        // Round by round, so that what else the machine does befalls both.
        for _ in 0..ROUNDS {
            for (way, times) in ways.iter().zip(&mut times) {
                times.push(pipe.time(*way, &payload));
            }
        }
        let [copied, handed_over] = times.map(median);
        let ratio = handed_over / copied;
        print!(" | {copied:>11.0} {handed_over:>11.0} {ratio:>6.2}");
    }
    println!();
    Ok(())
}

/// A sender, and a thread that receives so many messages again and again.
struct Pipe {
    push: Socket<Push>,
    messages: usize,
    received: mpsc::Receiver<()>,
}

impl Pipe {
    fn open(endpoint: &str, messages: usize) -> ferromq::Result<Self> {
        let context = Context::new()?;
        let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
        // As many on their way as there may be where nobody is slow.
        push.set_send_hwm(IN_FLIGHT)?;
        pull.set_recv_hwm(IN_FLIGHT)?;
        pull.bind(endpoint)?;
        push.connect(pull.last_endpoint()?)?;
        let (done, received) = mpsc::channel();
        thread::spawn(move || {
            // Until nobody waits any more.
            while receive(&pull, messages).is_ok() && done.send(()).is_ok() {}
        });
        Ok(Self {
            push,
            messages,
            received,
        })
    }

    /// Nanoseconds of processor time for each message.
    fn time(&self, send: Send, payload: &Arc<[u8]>) -> f64 {
        let start = processor_time();
        for _ in 0..self.messages {
            // SAFETY: the socket is open and used by this thread only.
            let sent = unsafe { send(self.push.as_ptr(), payload) };
            assert_eq!(usize::try_from(sent), Ok(payload.len()));
        }
        self.received.recv().expect("the receiver runs");
        (processor_time() - start) / self.messages as f64
    }
}

fn receive(pull: &Socket<Pull>, messages: usize) -> ferromq::Result<()> {
    let mut message = Message::new();
    for _ in 0..messages {
        pull.recv_into(&mut message)?;
    }
    Ok(())
}

/// What all threads of this process have used, in nanoseconds.
fn processor_time() -> f64 {
    let mut time = libc::timespec {
        tv_sec: 0,
        tv_nsec: 0,
    };
    // SAFETY: the pointer is valid for writes.
    let result = unsafe { libc::clock_gettime(libc::CLOCK_PROCESS_CPUTIME_ID, &mut time) };
    assert_eq!(result, 0);
    time.tv_sec as f64 * 1e9 + time.tv_nsec as f64
}

/// # Safety
/// `push` is an open socket that this thread alone uses.
unsafe fn copy(push: *mut c_void, bytes: &[u8]) -> c_int {
    // SAFETY: the caller vouches for the socket; the bytes are valid for their length.
    unsafe { sys::zmq_send(push, bytes.as_ptr().cast(), bytes.len(), 0) }
}

/// # Safety
/// As for [`copy`]; `data`, `len`, `free` and `hint` as `zmq_msg_init_data` wants them.
unsafe fn hand_over(
    push: *mut c_void,
    (data, len): (*const u8, usize),
    free: unsafe extern "C" fn(*mut c_void, *mut c_void),
    hint: *mut c_void,
    shared: bool,
) -> c_int {
    let mut message = MaybeUninit::uninit();
    // SAFETY: the caller vouches for the socket and the bytes; the messages are initialised before
    // their use, and closed or sent.
    unsafe {
        let message = message.as_mut_ptr();
        let data = data.cast_mut().cast();
        assert_eq!(
            sys::zmq_msg_init_data(message, data, len, Some(free), hint),
            0
        );
        if shared {
            let mut copy = MaybeUninit::uninit();
            sys::zmq_msg_init(copy.as_mut_ptr());
            sys::zmq_msg_copy(copy.as_mut_ptr(), message);
            sys::zmq_msg_close(copy.as_mut_ptr());
        }
        sys::zmq_msg_send(message, push, 0)
    }
}

/// # Safety
/// As for [`copy`].
unsafe fn copy_vec(push: *mut c_void, payload: &Arc<[u8]>) -> c_int {
    let vec = payload.to_vec();
    // SAFETY: the caller's obligations are the same.
    unsafe { copy(push, &vec) }
}

/// # Safety
/// As for [`copy`].
unsafe fn hand_over_vec(push: *mut c_void, payload: &Arc<[u8]>) -> c_int {
    unsafe extern "C" fn free(data: *mut c_void, capacity: *mut c_void) {
        // SAFETY: both come from the `Vec` taken apart below; called once.
        drop(unsafe { Vec::from_raw_parts(data.cast::<u8>(), 0, capacity as usize) });
    }
    let vec = ManuallyDrop::new(payload.to_vec());
    let capacity = ptr::without_provenance_mut(vec.capacity());
    // SAFETY: the caller vouches for the socket; the buffer lives until `free` is called.
    unsafe { hand_over(push, (vec.as_ptr(), vec.len()), free, capacity, false) }
}

/// # Safety
/// As for [`copy`].
unsafe fn copy_arc(push: *mut c_void, payload: &Arc<[u8]>) -> c_int {
    // SAFETY: the caller's obligations are the same.
    unsafe { copy(push, payload) }
}

/// # Safety
/// As for [`copy`].
unsafe fn hand_over_arc(push: *mut c_void, payload: &Arc<[u8]>) -> c_int {
    unsafe extern "C" fn free(data: *mut c_void, len: *mut c_void) {
        let bytes = ptr::slice_from_raw_parts(data.cast::<u8>(), len as usize);
        // SAFETY: both come from the `Arc` taken apart below; called once.
        drop(unsafe { Arc::from_raw(bytes) });
    }
    let len = payload.len();
    let data = Arc::into_raw(Arc::clone(payload)).cast::<u8>();
    // SAFETY: the caller vouches for the socket; the count is held until `free` is called.
    unsafe {
        hand_over(
            push,
            (data, len),
            free,
            ptr::without_provenance_mut(len),
            true,
        )
    }
}
