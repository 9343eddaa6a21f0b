//! The memory of large messages: the fix `large-messages-reuse`.

use std::mem::MaybeUninit;

use ferromq::Context;

use crate::peers::Peers;
use crate::process::{DEADLINE, alone};

const LARGE: usize = 256 << 10;

#[test]
fn the_memory_of_large_messages_is_used_again() {
    alone(|| {
        const ROUNDS: i64 = 40;
        const MESSAGES: usize = 50;
        let context = Context::new().unwrap();
        let peers = Peers::connected(&context, "inproc://large");
        let payload = vec![7; LARGE];
        let round = || {
            for _ in 0..MESSAGES {
                peers.connector.send(&payload[..]).unwrap();
            }
            for _ in 0..MESSAGES {
                let message = peers.binder.recv_timeout(DEADLINE).unwrap().unwrap();
                assert_eq!(message, payload);
            }
        };
        round();
        let before = page_faults();
        for _ in 0..ROUNDS {
            round();
        }
        let pages = (MESSAGES * LARGE / page_size()) as i64;
        let faults = page_faults() - before;
        assert!(faults < ROUNDS * pages / 10, "{faults} page faults");
    });
}

/// Sizes beside the borders between the sizes of blocks, and the contents of each.
#[test]
fn large_messages_of_all_sizes_keep_their_bytes() {
    alone(|| {
        let context = Context::new().unwrap();
        let peers = Peers::connected(&context, "inproc://sizes");
        let sizes =
            (15..=22).flat_map(|power| [1_usize << power, 5 << (power - 2), 7 << (power - 2)]);
        for size in sizes.flat_map(|size| size - 64..size + 3) {
            let payload = vec![size as u8; size];
            peers.connector.send(&payload[..]).unwrap();
            let message = peers.binder.recv_timeout(DEADLINE).unwrap().unwrap();
            assert_eq!(message, payload, "{size}");
        }
    });
}

fn page_faults() -> i64 {
    let mut usage = MaybeUninit::<libc::rusage>::uninit();
    // SAFETY: `usage` is writable.
    let rc = unsafe { libc::getrusage(libc::RUSAGE_SELF, usage.as_mut_ptr()) };
    assert_eq!(rc, 0);
    // SAFETY: written by the call, which succeeded.
    unsafe { usage.assume_init() }.ru_minflt
}

fn page_size() -> usize {
    // SAFETY: takes a number and gives one.
    unsafe { libc::sysconf(libc::_SC_PAGESIZE) as usize }
}
