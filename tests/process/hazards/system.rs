//! What the system has to tell of a descriptor, or to do with one.

use std::os::fd::AsRawFd;

use libc::c_int;

/// Whether something can be read within so many milliseconds.
pub fn is_readable(fd: c_int, timeout: c_int) -> bool {
    let mut item = libc::pollfd {
        fd,
        events: libc::POLLIN,
        revents: 0,
    };
    // SAFETY: one item.
    unsafe { libc::poll(&mut item, 1, timeout) == 1 }
}

/// Ends a connection so that the other side sees an error and not an end.
pub fn reset(connection: std::net::TcpStream) {
    let linger = libc::linger {
        l_onoff: 1,
        l_linger: 0,
    };
    // SAFETY: `linger` is valid for reads of its size.
    let code = unsafe {
        libc::setsockopt(
            connection.as_raw_fd(),
            libc::SOL_SOCKET,
            libc::SO_LINGER,
            (&raw const linger).cast(),
            size_of_val(&linger) as _,
        )
    };
    assert_eq!(code, 0);
}
