//! Listening descriptors that libzmq is given (`ZMQ_USE_FD`). It aborts in a bind with one that
//! does not listen, or that it listens on already.

use std::ffi::{CStr, c_int, c_void};
use std::sync::atomic::Ordering::Relaxed;

use ferromq_sys as sys;

use crate::boundary::Refusal;
use crate::inside::Inside;
use crate::table;

/// The descriptor that the next bind to this endpoint would use, if it can.
///
/// # Safety
/// This thread alone must be inside of the socket.
pub unsafe fn given(inside: &Inside, endpoint: &CStr) -> Result<Option<c_int>, &'static Refusal> {
    let families: &[c_int] = match endpoint.to_bytes() {
        [b't', b'c', b'p', b':', ..] | [b'w', b's', b':', ..] => &[libc::AF_INET, libc::AF_INET6],
        [b'i', b'p', b'c', b':', ..] => &[libc::AF_UNIX],
        _ => return Ok(None),
    };
    let mut descriptor: c_int = -1;
    let mut size = size_of::<c_int>();
    let place = (&raw mut descriptor).cast::<c_void>();
    // SAFETY: the caller's promise; the buffer is of the size told.
    let code =
        unsafe { sys::zmq_getsockopt(inside.object(), sys::ZMQ_USE_FD, place, &raw mut size) };
    if code != 0 || descriptor < 0 {
        return Ok(None);
    }
    let used = table::slots().any(|slot| slot.given.load(Relaxed) == descriptor + 1);
    let family = family_of_listener(descriptor);
    if used || !family.is_some_and(|family| families.contains(&family)) {
        return Err(&Refusal::NO_LISTENER);
    }
    Ok(Some(descriptor))
}

/// Leaves the descriptor to the socket that has bound it, and has its next bind make its own.
///
/// # Safety
/// As for [`given`].
pub unsafe fn taken(inside: &Inside, descriptor: c_int) {
    let none: c_int = -1;
    let value = (&raw const none).cast();
    // SAFETY: the caller's promise; the value is of the size told.
    unsafe {
        sys::zmq_setsockopt(inside.object(), sys::ZMQ_USE_FD, value, size_of::<c_int>());
    }
    inside.slot().given.store(descriptor + 1, Relaxed);
}

fn family_of_listener(descriptor: c_int) -> Option<c_int> {
    let mut listens: c_int = 0;
    let mut size = size_of::<c_int>() as libc::socklen_t;
    // SAFETY: zeros are a valid address; both buffers are of the sizes told.
    unsafe {
        let mut address: libc::sockaddr_storage = std::mem::zeroed();
        let place = (&raw mut listens).cast();
        let code = libc::getsockopt(
            descriptor,
            libc::SOL_SOCKET,
            libc::SO_ACCEPTCONN,
            place,
            &raw mut size,
        );
        if code != 0 || listens == 0 {
            return None;
        }
        let mut size = size_of_val(&address) as libc::socklen_t;
        let code = libc::getsockname(descriptor, (&raw mut address).cast(), &raw mut size);
        (code == 0).then_some(c_int::from(address.ss_family))
    }
}
