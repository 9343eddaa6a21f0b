//! How much libzmq reads and writes at once, and the memory that it takes for that: the fixes
//! `batch-sizes` and `growing-batches`.

use std::env;
use std::ffi::c_void;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ferromq::{Context, STREAM};
use libc::{c_int, size_t, ssize_t};

use crate::peers::Peers;
use crate::process::{DEADLINE, alone, eventually};

const KIB: usize = 1 << 10;

/// What both batch sizes are by default.
const BATCH: usize = 256 * KIB;

/// Of large blocks of memory, libzmq keeps so much for the next one.
const KEPT_BLOCKS: usize = 32 << 20;

static LARGEST_WRITE: AtomicUsize = AtomicUsize::new(0);
static LARGEST_READ: AtomicUsize = AtomicUsize::new(0);

#[test]
fn what_is_queued_goes_in_large_batches() {
    alone(|| {
        let context = Context::new().unwrap();
        burst(&Peers::new(&context), "large");
        assert_eq!(LARGEST_WRITE.load(Ordering::Relaxed), BATCH);
        assert!(LARGEST_READ.load(Ordering::Relaxed) >= BATCH / 2);
    });
}

#[test]
fn batches_are_as_small_as_they_are_set() {
    alone(|| {
        let context = Context::new().unwrap();
        burst(&with_batches_of(3001, &context), "small");
        assert_eq!(LARGEST_WRITE.load(Ordering::Relaxed), 3001);
        assert_eq!(LARGEST_READ.load(Ordering::Relaxed), 3001);
    });
}

/// Where each read is a message.
#[test]
fn a_stream_reads_no_more_than_it_always_did() {
    let stream = Context::new().unwrap().socket(STREAM).unwrap();
    assert_eq!(stream.in_batch_size().unwrap(), 8192);
}

#[test]
fn a_connection_at_rest_gives_its_buffers_back() {
    alone(|| {
        const PAIRS: usize = 150;
        let context = Context::new().unwrap();
        let took = |size: usize| {
            let before = in_use();
            let pairs = [(); PAIRS].map(|()| with_batches_of(size, &context));
            for (number, peers) in pairs.iter().enumerate() {
                burst(peers, &format!("{number}-of-{size}"));
            }
            (pairs, move || in_use() - before)
        };
        let (_small, small) = took(8 * KIB);
        let limit = small() + PAIRS * 32 * KIB + KEPT_BLOCKS;
        assert!(limit < PAIRS * 2 * BATCH);
        let (_large, large) = took(BATCH);
        eventually(|| (large() < limit).then_some(()));
    });
}

#[test]
fn a_kept_message_does_not_keep_a_large_buffer() {
    alone(|| {
        const KEPT: usize = 200;
        let context = Context::new().unwrap();
        let peers = with_batches_of(BATCH, &context);
        burst(&peers, "kept");
        let before = in_use();
        let mut kept = Vec::new();
        for _ in 0..KEPT {
            peers.connector.send(&[7; 100]).unwrap();
            kept.push(peers.binder.recv_timeout(DEADLINE).unwrap().unwrap());
        }
        assert!(in_use() < before + KEPT * BATCH / 4);
    });
}

fn with_batches_of(size: usize, context: &Context) -> Peers {
    let peers = Peers::new(context);
    for socket in [&peers.binder, &peers.connector] {
        socket.set_in_batch_size(size as u32).unwrap();
        socket.set_out_batch_size(size as u32).unwrap();
    }
    peers
}

/// Connects the sockets when 900 KiB are waiting, which so go all at once, and receives them.
fn burst(peers: &Peers, name: &str) {
    const MESSAGES: usize = 900;
    let endpoint = format!("ipc://{}/{name}", env::temp_dir().display());
    let often = Duration::from_millis(1);
    peers.connector.set_reconnect_ivl(often).unwrap();
    peers.connector.connect(&endpoint).unwrap();
    for number in 0..MESSAGES {
        peers.connector.send(&[number as u8; KIB]).unwrap();
    }
    peers.binder.bind(&endpoint).unwrap();
    for number in 0..MESSAGES {
        let message = peers.binder.recv_timeout(DEADLINE).unwrap().unwrap();
        assert_eq!(message, [number as u8; KIB]);
    }
}

/// Bytes that are allocated.
fn in_use() -> usize {
    // SAFETY: gives numbers.
    let info = unsafe { libc::mallinfo2() };
    info.uordblks + info.hblkhd
}

/// Takes the place of the C library's `send` in this program, and notes the largest length.
///
/// # Safety
/// As that of `send`.
#[unsafe(no_mangle)]
unsafe extern "C" fn send(fd: c_int, data: *const c_void, len: size_t, flags: c_int) -> ssize_t {
    LARGEST_WRITE.fetch_max(len, Ordering::Relaxed);
    // SAFETY: as the caller promises; without an address, `sendto` is `send`.
    unsafe { libc::sendto(fd, data, len, flags, std::ptr::null(), 0) }
}

/// Takes the place of the C library's `recv` in this program, and notes the largest length.
///
/// # Safety
/// As that of `recv`.
#[unsafe(no_mangle)]
unsafe extern "C" fn recv(fd: c_int, data: *mut c_void, len: size_t, flags: c_int) -> ssize_t {
    LARGEST_READ.fetch_max(len, Ordering::Relaxed);
    let (from, from_len) = (std::ptr::null_mut(), std::ptr::null_mut());
    // SAFETY: as the caller promises; without room for an address, `recvfrom` is `recv`.
    unsafe { libc::recvfrom(fd, data, len, flags, from, from_len) }
}
