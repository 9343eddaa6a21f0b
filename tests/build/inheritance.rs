//! How many descriptors libzmq opens, and that no program started by this one gets any.

use std::collections::BTreeSet;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use ferromq::{Context, SocketType};
use libc::{c_int, c_long};

use crate::descriptors::{self, Descriptor};
use crate::peers::Peers;
use crate::process::alone;

#[test]
fn every_descriptor_closes_on_exec() {
    alone(|| {
        let before = descriptors::open();
        let context = Context::new().unwrap();
        let _peers = ["tcp://127.0.0.1:*", "ipc://*"].map(|over| Peers::connected(&context, over));
        let opened = &descriptors::open() - &before;

        // A listener and the two ends of a connection, each over two transports.
        assert_eq!(of_kind(&opened, "socket:"), 6, "{opened:?}");
        // One I/O thread, and the one that ends sockets.
        assert_eq!(of_kind(&opened, "anon_inode:[eventpoll]"), 2, "{opened:?}");
        for descriptor in opened {
            assert!(descriptor.close_on_exec, "{descriptor:?}");
        }
    });
}

/// The fix `eventfd-set-apart`.
#[cfg(ferromq_vendored)]
#[test]
fn a_new_socket_is_non_blocking_from_the_start() {
    alone(|| {
        let context = Context::new().unwrap();
        drop(context.socket(ferromq::PUB).unwrap());
        let before = FCNTL_TO_NONBLOCKING.load(Ordering::Relaxed);
        context.socket(ferromq::PUB).unwrap();
        assert_eq!(FCNTL_TO_NONBLOCKING.load(Ordering::Relaxed), before);
    });
}

/// What is marked only after it was opened goes to a program that another thread starts in between.
#[test]
fn descriptors_are_opened_so() {
    alone(|| {
        let context = Context::new().unwrap();
        let _peers = ["tcp://127.0.0.1:*", "ipc://*"].map(|over| Peers::connected(&context, over));

        assert!(
            FCNTL_TO_NONBLOCKING.load(Ordering::Relaxed) > 0,
            "libzmq's calls of fcntl do not come through here"
        );
        assert_eq!(FCNTL_TO_CLOSE_ON_EXEC.load(Ordering::Relaxed), 0);
    });
}

#[test]
fn a_spawned_program_inherits_none() {
    alone(|| {
        let before = inherited();
        let context = Context::new().unwrap();
        let _peers = ["tcp://127.0.0.1:*", "ipc://*"].map(|over| Peers::connected(&context, over));
        assert_eq!(inherited(), before);
    });
}

#[test]
fn a_further_socket_takes_one_descriptor() {
    alone(|| {
        let context = Context::new().unwrap();
        let _first = context.socket(SocketType::Push).unwrap();
        let before = descriptors::open();
        let sockets: Vec<_> = SocketType::ALL
            .iter()
            .map(|&kind| context.socket(kind).unwrap())
            .collect();
        let opened = &descriptors::open() - &before;
        assert_eq!(opened.len(), sockets.len(), "{opened:?}");
    });
}

fn of_kind(descriptors: &BTreeSet<Descriptor>, kind: &str) -> usize {
    let targets = descriptors.iter().map(|descriptor| &descriptor.target);
    targets.filter(|target| target.starts_with(kind)).count()
}

/// What a program that this one starts has open, besides its standard streams and the directory
/// that it lists: `3 -> socket:[123]`.
fn inherited() -> Vec<String> {
    let output = Command::new("ls")
        .args(["-l", "/proc/self/fd"])
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    let listing = String::from_utf8(output.stdout).unwrap();
    listing
        .lines()
        .filter_map(|line| {
            let (left, target) = line.split_once(" -> ")?;
            let number: u32 = left.rsplit(' ').next()?.parse().ok()?;
            (number > 2 && !target.starts_with("/proc/")).then(|| format!("{number} -> {target}"))
        })
        .collect()
}

static FCNTL_TO_CLOSE_ON_EXEC: AtomicU32 = AtomicU32::new(0);
static FCNTL_TO_NONBLOCKING: AtomicU32 = AtomicU32::new(0);

/// Takes the place of the C library's `fcntl` in this program, and counts.
///
/// # Safety
/// As the system call.
#[unsafe(no_mangle)]
unsafe extern "C" fn fcntl(descriptor: c_int, command: c_int, argument: c_long) -> c_int {
    match command {
        libc::F_SETFD => FCNTL_TO_CLOSE_ON_EXEC.fetch_add(1, Ordering::Relaxed),
        libc::F_SETFL => FCNTL_TO_NONBLOCKING.fetch_add(1, Ordering::Relaxed),
        _ => 0,
    };
    // SAFETY: passed on as it came. A caller that gives no third argument uses a command that
    // does not look at it.
    unsafe { libc::syscall(libc::SYS_fcntl, descriptor, command, argument) as c_int }
}

/// The same by the name that is for large files.
///
/// # Safety
/// As the system call.
#[unsafe(no_mangle)]
unsafe extern "C" fn fcntl64(descriptor: c_int, command: c_int, argument: c_long) -> c_int {
    // SAFETY: passed on as it came.
    unsafe { fcntl(descriptor, command, argument) }
}
