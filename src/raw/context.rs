use std::ffi::{c_int, c_void};
use std::ptr::NonNull;

use ferromq_sys as sys;

use super::{Errno, Generation, Socket};

/// Owner of a libzmq context. Dropping it without [`Context::terminate`] leaks it.
#[derive(Debug)]
pub(crate) struct Context {
    pointer: NonNull<c_void>,
    owner: Generation,
}

// SAFETY: libzmq contexts are thread-safe; only `terminate` needs exclusion, and it takes `self`.
unsafe impl Send for Context {}
// SAFETY: as above.
unsafe impl Sync for Context {}

impl Context {
    pub(crate) fn new(owner: Generation) -> Result<Self, Errno> {
        // SAFETY: no preconditions.
        let pointer = unsafe { sys::zmq_ctx_new() };
        match NonNull::new(pointer) {
            Some(pointer) => Ok(Self { pointer, owner }),
            None => Err(Errno::last()),
        }
    }

    /// A context that somebody else made.
    ///
    /// # Safety
    /// `pointer` must be a context of the linked libzmq, made by this process, that is not freed
    /// as long as this, or a socket made with it, exists.
    pub(super) unsafe fn adopt(pointer: NonNull<c_void>, owner: Generation) -> Self {
        Self { pointer, owner }
    }

    pub(super) fn as_ptr(&self) -> *mut c_void {
        self.pointer.as_ptr()
    }

    pub(crate) fn set(&self, option: c_int, value: c_int) -> Result<(), Errno> {
        self.owner.check()?;
        // SAFETY: the context is open until drop.
        Errno::check(unsafe { sys::zmq_ctx_set(self.pointer.as_ptr(), option, value) })?;
        Ok(())
    }

    #[cfg(feature = "draft")]
    pub(crate) fn set_bytes(&self, option: c_int, value: &[u8]) -> Result<(), Errno> {
        self.owner.check()?;
        // SAFETY: the context is open until drop; `value` is valid for reads of its length.
        Errno::check(unsafe {
            sys::zmq_ctx_set_ext(
                self.pointer.as_ptr(),
                option,
                value.as_ptr().cast(),
                value.len(),
            )
        })?;
        Ok(())
    }

    pub(crate) fn get(&self, option: c_int) -> Result<c_int, Errno> {
        self.owner.check()?;
        // SAFETY: the context is open until drop.
        Errno::check(unsafe { sys::zmq_ctx_get(self.pointer.as_ptr(), option) })
    }

    /// Makes every call on the sockets of this context answer `ETERM`.
    pub(crate) fn shutdown(&self) -> Result<(), Errno> {
        self.owner.check()?;
        // SAFETY: the context is open until drop.
        Errno::check(unsafe { sys::zmq_ctx_shutdown(self.pointer.as_ptr()) })?;
        Ok(())
    }

    pub(crate) fn socket(&self, kind: c_int) -> Result<Socket, Errno> {
        self.owner.check()?;
        // SAFETY: the context is open until drop.
        let pointer = unsafe { sys::zmq_socket(self.pointer.as_ptr(), kind) };
        match NonNull::new(pointer) {
            // SAFETY: a fresh socket that nothing else knows.
            Some(pointer) => Ok(unsafe { Socket::from_open(pointer, self.owner) }),
            None => Err(Errno::last()),
        }
    }

    /// Waits until all sockets are closed and have lingered, and frees the context. In a forked
    /// child it does nothing.
    pub(crate) fn terminate(self) {
        // SAFETY: the pointer is valid as no call of `zmq_ctx_term` has succeeded before the one
        // that ends this loop, and nobody can use the context again as `self` is consumed.
        while let Err(errno) = Errno::retry(self.owner, || unsafe {
            sys::zmq_ctx_term(self.pointer.as_ptr())
        }) {
            // Without a descriptor the vendored libzmq cannot end connects to nobody; with one it
            // can. Other failures cannot be acted on: the context is leaked then.
            if errno != Errno(libc::EMFILE) {
                return;
            }
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
    }
}
