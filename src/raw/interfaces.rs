//! Whether the system tells of its network interfaces.

use super::Errno;

/// Opens the kind of socket that `getifaddrs` opens first, and closes it again.
#[cfg(target_os = "linux")]
pub(crate) fn may_list_interfaces() -> Result<(), Errno> {
    use std::os::fd::{FromRawFd, OwnedFd};

    let kind = libc::SOCK_RAW | libc::SOCK_CLOEXEC;
    // SAFETY: no preconditions.
    let socket = unsafe { libc::socket(libc::AF_NETLINK, kind, libc::NETLINK_ROUTE) };
    Errno::check(socket)?;
    // SAFETY: the call succeeded; the descriptor is new and nobody else's.
    drop(unsafe { OwnedFd::from_raw_fd(socket) });
    Ok(())
}

/// Elsewhere it is asked otherwise.
#[cfg(not(target_os = "linux"))]
pub(crate) fn may_list_interfaces() -> Result<(), Errno> {
    Ok(())
}
