use std::cell::Cell;
use std::ffi::{CStr, c_int, c_void};
use std::mem::{self, ManuallyDrop, MaybeUninit};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::{ptr, slice};

use ferromq_sys as sys;

use super::{Errno, Generation};

thread_local! {
    static RELEASING: Cell<bool> = const { Cell::new(false) };
}

/// Whether libzmq has this thread drop the owner of a message's bytes. It may be one of libzmq's
/// own, which must not wait for libzmq.
pub(crate) fn is_releasing() -> bool {
    RELEASING.get()
}

/// Marks this thread as [`is_releasing`] until drop.
struct Releasing {
    before: bool,
}

impl Releasing {
    fn begin() -> Self {
        Self {
            before: RELEASING.replace(true),
        }
    }
}

impl Drop for Releasing {
    fn drop(&mut self) {
        RELEASING.set(self.before);
    }
}

/// Owner of an initialised `zmq_msg_t`.
pub(crate) struct Msg {
    raw: sys::zmq_msg_t,
    /// The process whose socket received it, and has the connection that its properties tell of.
    receiver: Generation,
}

// SAFETY: a `zmq_msg_t` has no ties to a thread; buffers that it owns are freed by whichever
// thread closes the last copy, which `init_owned` asks its callers' types to allow.
unsafe impl Send for Msg {}
// SAFETY: `&Msg` only reads: the size, the data pointer, the flags and the properties. All
// functions that change a `zmq_msg_t`, `zmq_msg_copy`'s source included, take `&mut`.
unsafe impl Sync for Msg {}

impl Msg {
    /// Not received.
    #[inline]
    fn local(raw: sys::zmq_msg_t) -> Self {
        Self {
            raw,
            receiver: Generation::NONE,
        }
    }

    #[inline]
    pub(super) fn received_by(&mut self, process: Generation) {
        self.receiver = process;
    }

    /// An empty message.
    #[inline]
    pub(crate) fn new() -> Self {
        let mut msg = MaybeUninit::uninit();
        // SAFETY: the pointer is valid for writes; `zmq_msg_init` cannot fail and initialises it.
        unsafe {
            sys::zmq_msg_init(msg.as_mut_ptr());
            Self::local(msg.assume_init())
        }
    }

    /// A message of `len` bytes that `fill` writes, given the uninitialised buffer.
    fn filled(len: usize, fill: impl FnOnce(*mut u8)) -> Result<Self, Errno> {
        let mut msg = MaybeUninit::uninit();
        // SAFETY: the pointer is valid for writes; on failure `msg` stays uninitialised and is
        // not used.
        Errno::check(unsafe { sys::zmq_msg_init_size(msg.as_mut_ptr(), len) })?;
        // SAFETY: the call above succeeded.
        let mut msg = Self::local(unsafe { msg.assume_init() });
        // SAFETY: `msg` is initialised; its buffer has `len` bytes, which `fill` writes.
        fill(unsafe { sys::zmq_msg_data(&mut msg.raw) }.cast());
        Ok(msg)
    }

    pub(crate) fn zeroed(len: usize) -> Result<Self, Errno> {
        // SAFETY: `filled` hands out a buffer of `len` bytes.
        Self::filled(len, |buffer| unsafe { ptr::write_bytes(buffer, 0, len) })
    }

    pub(crate) fn copied(bytes: &[u8]) -> Result<Self, Errno> {
        // SAFETY: `filled` hands out a fresh buffer of `bytes.len()` bytes.
        Self::filled(bytes.len(), |buffer| unsafe {
            ptr::copy_nonoverlapping(bytes.as_ptr(), buffer, bytes.len());
        })
    }

    /// # Safety
    /// `data` must be valid for reads of `len` bytes until `free` has been called with it and
    /// `hint`, once, on any thread; a `free` of `None` means for ever. On failure nothing is
    /// called.
    unsafe fn init_data(
        data: *mut u8,
        len: usize,
        free: Option<unsafe extern "C" fn(*mut c_void, *mut c_void)>,
        hint: *mut c_void,
    ) -> Result<Self, Errno> {
        let mut msg = MaybeUninit::uninit();
        // SAFETY: the caller vouches for `data`; on failure `msg` is not used.
        Errno::check(unsafe {
            sys::zmq_msg_init_data(msg.as_mut_ptr(), data.cast(), len, free, hint)
        })?;
        // SAFETY: the call above succeeded.
        Ok(Self::local(unsafe { msg.assume_init() }))
    }

    /// A message over constant bytes; nothing is copied.
    pub(crate) fn constant(bytes: &'static [u8]) -> Result<Self, Errno> {
        // SAFETY: the bytes live for ever. libzmq reports such messages as shared, so they are
        // never handed out for writing.
        unsafe {
            Self::init_data(
                bytes.as_ptr().cast_mut(),
                bytes.len(),
                None,
                ptr::null_mut(),
            )
        }
    }

    /// A message that takes over the buffer of `bytes`.
    pub(crate) fn from_vec(bytes: Vec<u8>) -> Result<Self, (Errno, Vec<u8>)> {
        unsafe extern "C" fn free(data: *mut c_void, capacity: *mut c_void) {
            // SAFETY: `data` and `capacity` come from the `Vec` taken apart below; called once.
            drop(unsafe { Vec::from_raw_parts(data.cast::<u8>(), 0, capacity as usize) });
        }
        let mut bytes = ManuallyDrop::new(bytes);
        let capacity = bytes.capacity() as *mut c_void;
        // SAFETY: the buffer stays allocated until `free` is called, and moves to the message.
        unsafe { Self::init_data(bytes.as_mut_ptr(), bytes.len(), Some(free), capacity) }
            .map_err(|errno| (errno, ManuallyDrop::into_inner(bytes)))
    }

    /// A message that shares the buffer of `bytes`.
    pub(crate) fn from_arc(bytes: Arc<[u8]>) -> Result<Self, (Errno, Arc<[u8]>)> {
        unsafe extern "C" fn free(data: *mut c_void, len: *mut c_void) {
            let bytes = ptr::slice_from_raw_parts(data.cast::<u8>(), len as usize);
            // SAFETY: `data` and `len` are those of the `Arc` given to `into_raw` below; once.
            drop(unsafe { Arc::from_raw(bytes) });
        }
        let len = bytes.len();
        let data = Arc::into_raw(bytes);
        // SAFETY: the message owns one count of the `Arc` until `free` is called. The buffer is
        // marked as shared before anyone can write to it.
        match unsafe {
            Self::init_data(data.cast_mut().cast(), len, Some(free), len as *mut c_void)
        } {
            Ok(msg) => Ok(msg.marked_shared()),
            // SAFETY: `free` was not called, so the count is still ours.
            Err(errno) => Err((errno, unsafe { Arc::from_raw(data) })),
        }
    }

    /// A message that shows the bytes of `owner`, which is dropped with the last copy, on any
    /// thread.
    pub(crate) fn from_owner<T>(owner: T) -> Result<Self, Errno>
    where
        T: AsRef<[u8]> + Send + 'static,
    {
        unsafe extern "C" fn free<T>(_: *mut c_void, owner: *mut c_void) {
            let _inside = Releasing::begin();
            // SAFETY: the pointer made below; called once.
            let drop_owner = || drop(unsafe { Arc::from_raw(owner.cast::<T>()) });
            // A panic must not unwind into C++: not that of the owner, and not what the logger or
            // the panic's own value does in its turn.
            if let Err(panic) = catch_unwind(AssertUnwindSafe(drop_owner)) {
                let report = || {
                    log::error!("dropping the owner of a message's bytes panicked");
                    drop(panic);
                };
                mem::forget(catch_unwind(AssertUnwindSafe(report)));
            }
        }
        // Of one count, ever. Moving a `Box` would claim that nothing points to its content.
        let owner = Arc::new(owner);
        let bytes = (*owner).as_ref();
        let (data, len) = (bytes.as_ptr().cast_mut(), bytes.len());
        let owner = Arc::into_raw(owner);
        // SAFETY: `owner`, and so its bytes, stays in place until `free` is called. The buffer
        // may be visible elsewhere and is marked as shared before anyone can write to it.
        match unsafe { Self::init_data(data, len, Some(free::<T>), owner.cast_mut().cast()) } {
            Ok(msg) => Ok(msg.marked_shared()),
            Err(errno) => {
                // SAFETY: `free` was not called, so the count is still ours.
                drop(unsafe { Arc::from_raw(owner) });
                Err(errno)
            }
        }
    }

    /// libzmq's shared mark is set by the first copy and stays.
    fn marked_shared(mut self) -> Self {
        drop(self.share());
        self
    }

    /// A second message over the same buffer.
    pub(crate) fn share(&mut self) -> Self {
        let mut copy = Self::new();
        // SAFETY: both are initialised and not the same; `&mut self` makes it safe to change the
        // flags of the source. The only error is an uninitialised message.
        unsafe { sys::zmq_msg_copy(&mut copy.raw, &mut self.raw) };
        copy.receiver = self.receiver;
        copy
    }

    #[inline]
    pub(crate) fn as_slice(&self) -> &[u8] {
        let msg = ptr::from_ref(&self.raw).cast_mut();
        // SAFETY: `msg` is initialised; neither function writes to it, although they are declared
        // so. An empty message may have a null data pointer, which a slice must not.
        unsafe {
            match sys::zmq_msg_size(msg) {
                0 => &[],
                len => slice::from_raw_parts(sys::zmq_msg_data(msg).cast(), len),
            }
        }
    }

    /// The buffer for writing, unless other messages or owners can see it.
    pub(crate) fn as_mut_slice(&mut self) -> Option<&mut [u8]> {
        if self.property_int(sys::ZMQ_SHARED) != 0 {
            return None;
        }
        // SAFETY: not shared, so this message is the buffer's only owner; `&mut self` makes the
        // access exclusive.
        Some(unsafe {
            match sys::zmq_msg_size(&self.raw) {
                0 => &mut [],
                len => slice::from_raw_parts_mut(sys::zmq_msg_data(&mut self.raw).cast(), len),
            }
        })
    }

    #[inline]
    pub(crate) fn more(&self) -> bool {
        // SAFETY: `self` is initialised and only read.
        unsafe { sys::zmq_msg_more(&self.raw) != 0 }
    }

    fn property_int(&self, property: c_int) -> c_int {
        // SAFETY: `self` is initialised and only read.
        unsafe { sys::zmq_msg_get(&self.raw, property) }
    }

    /// The bytes of a metadata property of the connection that brought this message.
    pub(crate) fn property(&self, name: &CStr) -> Result<Option<&[u8]>, Errno> {
        if self.receiver != Generation::NONE {
            self.receiver.check()?;
        }
        // SAFETY: `self` is initialised and only read; `name` is NUL-terminated.
        let value = unsafe { sys::zmq_msg_gets(&self.raw, name.as_ptr()) };
        // SAFETY: the text belongs to the metadata that `self` holds until it is changed or
        // dropped, which the borrow of `self` excludes.
        Ok((!value.is_null()).then(|| unsafe { CStr::from_ptr(value) }.to_bytes()))
    }

    /// Which peer it came from or goes to; 0 is none.
    #[cfg(feature = "draft")]
    pub(crate) fn routing_id(&self) -> u32 {
        // SAFETY: `self` is initialised and only read.
        unsafe { sys::zmq_msg_routing_id(ptr::from_ref(&self.raw).cast_mut()) }
    }

    #[cfg(feature = "draft")]
    pub(crate) fn set_routing_id(&mut self, routing_id: u32) -> Result<(), Errno> {
        // SAFETY: `self` is initialised.
        Errno::check(unsafe { sys::zmq_msg_set_routing_id(&mut self.raw, routing_id) })?;
        Ok(())
    }

    #[cfg(feature = "draft")]
    pub(crate) fn group(&self) -> &CStr {
        // SAFETY: `self` is initialised and only read; the text is NUL-terminated and stays until
        // `self` is changed or dropped, which the borrow of `self` excludes.
        unsafe { CStr::from_ptr(sys::zmq_msg_group(ptr::from_ref(&self.raw).cast_mut())) }
    }

    /// Names the group of at most [`Self::GROUP_MAX`] bytes; longer ones are refused.
    #[cfg(feature = "draft")]
    pub(crate) fn set_group(&mut self, group: &CStr) -> Result<(), Errno> {
        if group.count_bytes() > Self::GROUP_MAX {
            return Err(Errno(libc::EINVAL));
        }
        if self.group().count_bytes() > Self::GROUP_MAX {
            // libzmq would write the name over the pointer to the one that is there.
            *self = Self::copied(self.as_slice())?;
        }
        // SAFETY: `self` is initialised and holds its group in itself; `group` is NUL-terminated.
        Errno::check(unsafe { sys::zmq_msg_set_group(&mut self.raw, group.as_ptr()) })?;
        Ok(())
    }

    /// The longest name of a group that a message holds in itself. Of longer ones libzmq 4.3.5
    /// loses count, and frees them more than once, when a message or a join goes to several peers.
    #[cfg(feature = "draft")]
    pub(crate) const GROUP_MAX: usize = 14;

    #[inline]
    pub(crate) fn as_mut_ptr(&mut self) -> *mut sys::zmq_msg_t {
        &mut self.raw
    }
}

impl Drop for Msg {
    #[inline]
    fn drop(&mut self) {
        // SAFETY: initialised, and not used again.
        unsafe { sys::zmq_msg_close(&mut self.raw) };
    }
}
