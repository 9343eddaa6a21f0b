//! The descriptors of this process.

use std::collections::BTreeSet;
use std::fs;
use std::mem;
use std::net::TcpStream;
use std::os::fd::{AsRawFd, BorrowedFd, RawFd};

use libc::c_int;

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Descriptor {
    pub number: RawFd,
    /// What it stands for: a path, `socket:[123]`, `anon_inode:[eventfd]`.
    pub target: String,
    pub close_on_exec: bool,
}

/// Those that are open now.
pub fn open() -> BTreeSet<Descriptor> {
    let entries = fs::read_dir("/proc/self/fd").unwrap();
    // The one that reads the directory is gone again.
    entries
        .filter_map(|entry| describe(entry.unwrap().file_name().to_str()?.parse().ok()?))
        .collect()
}

fn describe(number: RawFd) -> Option<Descriptor> {
    let target = fs::read_link(format!("/proc/self/fd/{number}")).ok()?;
    let target = target.to_str()?.to_owned();
    let info = fs::read_to_string(format!("/proc/self/fdinfo/{number}")).ok()?;
    let flags = info.lines().find_map(|line| line.strip_prefix("flags:"))?;
    let flags = c_int::from_str_radix(flags.trim(), 8).ok()?;
    (!target.ends_with("/fd")).then_some(Descriptor {
        number,
        target,
        close_on_exec: flags & libc::O_CLOEXEC != 0,
    })
}

/// The TCP connections among the open descriptors, each as a stream on a duplicate.
pub fn connections() -> Vec<TcpStream> {
    open()
        .into_iter()
        .filter(|descriptor| descriptor.target.starts_with("socket:"))
        .filter_map(|descriptor| {
            // SAFETY: it was open just now; a test calls this while nothing of its process closes.
            let socket = unsafe { BorrowedFd::borrow_raw(descriptor.number) };
            let stream = TcpStream::from(socket.try_clone_to_owned().unwrap());
            stream.peer_addr().is_ok().then_some(stream)
        })
        .collect()
}

/// An option with a number as its value, as the kernel has it.
pub fn kernel_option(socket: &impl AsRawFd, level: c_int, name: c_int) -> c_int {
    let mut value: c_int = 0;
    let mut len = mem::size_of_val(&value) as libc::socklen_t;
    // SAFETY: the pointers are to a live integer and to its size.
    let rc = unsafe {
        libc::getsockopt(
            socket.as_raw_fd(),
            level,
            name,
            (&raw mut value).cast(),
            &mut len,
        )
    };
    assert_eq!(rc, 0, "{}", std::io::Error::last_os_error());
    value
}
