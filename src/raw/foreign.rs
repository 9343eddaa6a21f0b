//! The door to code that speaks `zmq.h`: pointers in and out.
//!
//! They belong to the libzmq that is linked here. A vendored build has its own, private one:
//! pointers of another libzmq in the same process do not fit, whatever its version.

use std::ffi::c_void;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::panic::Location;
use std::ptr::NonNull;
use std::sync::Arc;

use ferromq_sys as sys;

use super::{Errno, Generation};
use crate::context::{Context, Shared};
use crate::error::{Error, Result};
use crate::kind::{Any, Kind, SocketType};
use crate::socket::Socket;

impl Context {
    /// The `void *` that `zmq.h` knows the context by, or null once it was terminated. It is not
    /// to be terminated through the pointer.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// assert!(!ferromq::Context::new()?.as_ptr().is_null());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn as_ptr(&self) -> *mut c_void {
        self.shared
            .with_raw(|raw| Ok(raw.as_ptr()))
            .unwrap_or(std::ptr::null_mut())
    }

    /// A context that other code made, for sockets made here. Dropping it ends nothing: whoever
    /// made it calls `zmq_ctx_term`, which waits for the sockets made here to be dropped.
    ///
    /// # Safety
    /// `pointer` must come from `zmq_ctx_new` of the libzmq that is linked here, in this process,
    /// and not be terminated before this context and its clones are gone.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a null pointer.
    ///
    /// ```
    /// use ferromq::{Context, PULL};
    ///
    /// # fn main() -> ferromq::Result<()> {
    /// let owner = Context::new()?; // or C code
    /// // SAFETY: `owner` outlives what borrows from it.
    /// let borrowed = unsafe { Context::borrow_raw(owner.as_ptr()) }?;
    /// borrowed.socket(PULL)?.bind("inproc://from-rust")?;
    /// # Ok(()) }
    /// ```
    pub unsafe fn borrow_raw(pointer: *mut c_void) -> Result<Self> {
        let (pointer, owner) = adoptable(pointer, "borrow context")?;
        // SAFETY: passed on to the caller.
        let raw = unsafe { super::Context::adopt(pointer, owner) };
        Ok(Self {
            shared: Shared::borrowed(owner, Some(raw)),
        })
    }
}

impl<K: Kind> Socket<K> {
    /// The `void *` that `zmq.h` knows the socket by. It is not to be closed through the pointer.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// let socket = ferromq::Context::new()?.socket(ferromq::PULL)?;
    /// assert!(!socket.as_ptr().is_null());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn as_ptr(&self) -> *mut c_void {
        self.raw().as_ptr()
    }

    /// Gives the socket up to code that speaks `zmq.h`, which closes it with `zmq_close`.
    ///
    /// The context does not wait for it when it is dropped from here: libzmq itself does, in
    /// `zmq_ctx_term`.
    ///
    /// ```
    /// use ferromq::{Context, PULL, Pull, Socket};
    ///
    /// # fn main() -> ferromq::Result<()> {
    /// let context = Context::new()?;
    /// let pointer = context.socket(PULL)?.into_raw();
    /// // SAFETY: the pointer was given up just above.
    /// let socket = unsafe { Socket::<Pull>::from_raw(&context, pointer) }?;
    /// # Ok(()) }
    /// ```
    #[must_use = "the socket has to be closed"]
    pub fn into_raw(mut self) -> *mut c_void {
        let pointer = self.as_ptr();
        self.raw_mut().set_owned(false);
        pointer
    }

    /// Takes over a socket from code that speaks `zmq.h`; it is closed when dropped.
    ///
    /// # Safety
    /// `pointer` must be an open socket of `context`, and nobody else may use or close it any
    /// more.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a null pointer, or if the socket is
    /// of another kind than `K`; then it is left open.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let pointer = context.socket(PULL)?.into_raw();
    /// // SAFETY: it was given up just above.
    /// let pull = unsafe { Socket::<Pull>::from_raw(&context, pointer) }?;
    /// assert_eq!(pull.socket_type()?, SocketType::Pull);
    /// # Ok(()) }
    /// ```
    pub unsafe fn from_raw(context: &Context, pointer: *mut c_void) -> Result<Self> {
        // SAFETY: passed on to the caller.
        unsafe { Self::adopt(Arc::clone(&context.shared), pointer, true) }
    }

    /// Reads an option that has no method, by its number in `zmq.h`, into `buffer`, and returns how
    /// much of it was written (`zmq_getsockopt`).
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if libzmq does not know the option, or the
    /// buffer has not the length that it expects.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// const ZMQ_TYPE: i32 = 16;
    /// let socket = ferromq::Context::new()?.socket(ferromq::PULL)?;
    /// let mut value = [0; 4];
    /// socket.raw_option(ZMQ_TYPE, &mut value)?;
    /// assert_eq!(i32::from_ne_bytes(value), 7);
    /// # Ok(()) }
    /// ```
    pub fn raw_option(&self, option: i32, buffer: &mut [u8]) -> Result<usize> {
        self.raw()
            .get(option, buffer)
            .map_err(|errno| Error::new(errno, "read option").on(option))
    }

    /// Sets an option that has no method, by its number in `zmq.h`, from the bytes that libzmq
    /// expects (`zmq_setsockopt`). None of the checks of the other setters is made.
    ///
    /// # Safety
    /// The value must be one on which the linked libzmq neither aborts nor corrupts memory, now or
    /// when a peer comes or goes: 4.3.5 does for some values that it accepts.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) if libzmq refuses the option or the value.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// const ZMQ_BACKLOG: i32 = 19;
    /// let socket = ferromq::Context::new()?.socket(ferromq::PULL)?;
    /// // SAFETY: a plain number of connections, which libzmq passes on to `listen`.
    /// unsafe { socket.set_raw_option(ZMQ_BACKLOG, &7_i32.to_ne_bytes()) }?;
    /// # Ok(()) }
    /// ```
    pub unsafe fn set_raw_option(&self, option: i32, value: &[u8]) -> Result<()> {
        let failed = |errno| Error::new(errno, "set option").on(option);
        self.raw().set(option, value).map_err(failed)?;
        self.raw().note_timeouts().map_err(failed)
    }

    /// # Safety
    /// As for [`super::Socket::adopt`].
    #[track_caller]
    unsafe fn adopt(context: Arc<Shared>, pointer: *mut c_void, owned: bool) -> Result<Self> {
        const OPERATION: &str = "adopt socket";
        let failed = |errno| Error::new(errno, OPERATION);
        let (pointer, _) = adoptable(pointer, OPERATION)?;
        // SAFETY: passed on to the caller.
        let raw = unsafe { super::Socket::adopt(pointer, context.owner()) };
        let mut raw = raw.map_err(failed)?;
        let number = raw.get_int(sys::ZMQ_TYPE).map_err(failed)?;
        let kind = match SocketType::from_raw(number) {
            Some(kind) if K::TYPE.is_none_or(|wanted| wanted == kind) => kind,
            Some(kind) => return Err(Error::invalid(OPERATION, format!("it is a {kind}"))),
            None => return Err(Error::invalid(OPERATION, format!("its kind is {number}"))),
        };
        raw.set_owned(owned);
        let socket = Self::assemble(raw, kind, context, Location::caller());
        if let Ok(endpoint) = socket.last_endpoint() {
            socket.attach(endpoint.as_str());
        }
        // A RADIO may have an endpoint that is not the last.
        #[cfg(feature = "draft")]
        socket.is_over_udp(true);
        Ok(socket)
    }
}

/// A socket that other code opened and closes: all the methods of a `Socket<Any>` on a `void *`
/// of `zmq.h`.
///
/// ```
/// use ferromq::{Context, PULL, SocketRef};
///
/// # fn main() -> ferromq::Result<()> {
/// let foreign = Context::new()?.socket(PULL)?; // or C code
/// // SAFETY: `foreign` outlives the borrow, and is not used meanwhile.
/// let borrowed = unsafe { SocketRef::from_raw(foreign.as_ptr()) }?;
/// borrowed.bind("inproc://borrowed")?;
/// # Ok(()) }
/// ```
pub struct SocketRef<'a> {
    socket: Socket<Any>,
    lifetime: PhantomData<&'a c_void>,
}

impl SocketRef<'_> {
    /// Borrows the socket behind `pointer`.
    ///
    /// # Safety
    /// `pointer` must be an open socket of the libzmq that is linked here, made by this process,
    /// that nobody else uses or closes as long as this exists.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a null pointer.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let pull = Context::new()?.socket(PULL)?;
    /// // SAFETY: `pull` outlives the borrow, and is not used meanwhile.
    /// let borrowed = unsafe { SocketRef::from_raw(pull.as_ptr()) }?;
    /// assert_eq!(borrowed.socket_type()?, SocketType::Pull);
    /// # Ok(()) }
    /// ```
    pub unsafe fn from_raw(pointer: *mut c_void) -> Result<Self> {
        let owner = Generation::current().map_err(|errno| Error::new(errno, "borrow socket"))?;
        // SAFETY: passed on to the caller.
        let socket = unsafe { Socket::adopt(Shared::borrowed(owner, None), pointer, false) }?;
        Ok(Self {
            socket,
            lifetime: PhantomData,
        })
    }
}

impl Deref for SocketRef<'_> {
    type Target = Socket<Any>;

    fn deref(&self) -> &Socket<Any> {
        &self.socket
    }
}

impl fmt::Debug for SocketRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.socket.fmt(f)
    }
}

fn adoptable(
    pointer: *mut c_void,
    operation: &'static str,
) -> Result<(NonNull<c_void>, Generation)> {
    let owner = Generation::current().map_err(|errno: Errno| Error::new(errno, operation))?;
    let pointer =
        NonNull::new(pointer).ok_or_else(|| Error::invalid(operation, "the pointer is null"))?;
    Ok((pointer, owner))
}
