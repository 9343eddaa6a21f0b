//! Polls and proxies: calls that are inside of several sockets.

use std::ffi::{c_int, c_long, c_void};

use ferromq_sys as sys;
use smallvec::SmallVec;
use sys::zmq_pollitem_t;

use crate::boundary::{Function, Refusal};
use crate::inside::Inside;

/// Up to so many items need no memory from the heap, and are no more than any process may have
/// descriptors.
const FEW: usize = 16;

/// The items of a poll as libzmq is to see them, and the places inside of their sockets.
#[derive(Debug)]
pub struct Items {
    pub items: SmallVec<[zmq_pollitem_t; FEW]>,
    inside: SmallVec<[Inside; FEW]>,
}

impl Items {
    pub fn new(items: &[zmq_pollitem_t], function: Function) -> Result<Self, &'static Refusal> {
        let mut all = Self {
            items: SmallVec::new(),
            inside: SmallVec::new(),
        };
        if items.len() > FEW {
            all.items
                .try_reserve_exact(items.len())
                .and_then(|()| all.inside.try_reserve_exact(items.len()))
                .map_err(|_| &Refusal::NO_MEMORY)?;
        }
        for item in items {
            let mut item = *item;
            if !item.socket.is_null() {
                item.socket = all.enter(item.socket, function)?;
            }
            all.items.push(item);
        }
        Ok(all)
    }

    /// The same socket may be in several items.
    fn enter(
        &mut self,
        socket: *mut c_void,
        function: Function,
    ) -> Result<*mut c_void, &'static Refusal> {
        match Inside::socket(socket, function) {
            Ok(inside) => {
                let object = inside.object();
                self.inside.push(inside);
                Ok(object)
            }
            Err(refusal) => {
                let before = self.inside.iter().find(|other| other.handle() == socket);
                before.map(Inside::object).ok_or(refusal)
            }
        }
    }

    /// Tells the caller what libzmq found.
    pub fn copy_to(&self, items: &mut [zmq_pollitem_t]) {
        for (item, found) in items.iter_mut().zip(&self.items) {
            item.revents = found.revents;
        }
    }
}

/// The caller's items, if they are as many as can be.
///
/// # Safety
/// `items` must be null or valid for `count` of them, and nobody else may use them.
pub unsafe fn given<'a>(
    items: *mut zmq_pollitem_t,
    count: c_int,
    limit: impl FnOnce() -> usize,
) -> Result<&'a mut [zmq_pollitem_t], &'static Refusal> {
    let count = usize::try_from(count).map_err(|_| &Refusal::SIZE)?;
    if items.is_null() {
        return Err(&Refusal::NULL);
    }
    if count > FEW && count > limit() {
        return Err(&Refusal::SIZE);
    }
    // SAFETY: the caller's promise.
    Ok(unsafe { std::slice::from_raw_parts_mut(items, count) })
}

/// How many descriptors the process may have: `poll` takes no more, and libzmq aborts.
fn descriptor_limit() -> usize {
    let mut limit = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: valid for writes of the structure.
    unsafe { libc::getrlimit(libc::RLIMIT_NOFILE, &raw mut limit) };
    usize::try_from(limit.rlim_cur).unwrap_or(usize::MAX)
}

exported! {
    /// Waits for events of the items.
    fn zmq_poll(items: *mut zmq_pollitem_t, count: c_int, timeout: c_long) -> c_int = {
        if count == 0 {
            // libzmq would do the same, only that for ever ends there after an hour.
            let timeout = c_int::try_from(timeout).unwrap_or(c_int::MAX);
            // SAFETY: no descriptors.
            return Ok(unsafe { libc::poll(std::ptr::null_mut(), 0, timeout) });
        }
        // SAFETY: the caller's array.
        let given = unsafe { given(items, count, descriptor_limit) }?;
        let mut all = Items::new(given, FUNCTION)?;
        // SAFETY: as many items, whose sockets are open and this thread alone inside.
        let code = unsafe { sys::zmq_poll(all.items.as_mut_ptr(), count, timeout) };
        all.copy_to(given);
        Ok(code)
    } else -1;

    /// Forwards between two sockets.
    fn zmq_proxy(frontend: *mut c_void, backend: *mut c_void, capture: *mut c_void) -> c_int = {
        let parts = Parts::new([frontend, backend, capture, std::ptr::null_mut()], FUNCTION)?;
        let [frontend, backend, capture, _] = parts.objects;
        // SAFETY: the sockets are open and this thread alone inside.
        Ok(unsafe { sys::zmq_proxy(frontend, backend, capture) })
    } else -1;

    /// The same, steered by messages.
    fn zmq_proxy_steerable(
        frontend: *mut c_void,
        backend: *mut c_void,
        capture: *mut c_void,
        control: *mut c_void,
    ) -> c_int = {
        let parts = Parts::new([frontend, backend, capture, control], FUNCTION)?;
        let [frontend, backend, capture, control] = parts.objects;
        // SAFETY: the sockets are open and this thread alone inside.
        Ok(unsafe { sys::zmq_proxy_steerable(frontend, backend, capture, control) })
    } else -1;

    /// The same, by an old name.
    fn zmq_device(_kind: c_int, frontend: *mut c_void, backend: *mut c_void) -> c_int = {
        let none = std::ptr::null_mut();
        let parts = Parts::new([frontend, backend, none, none], FUNCTION)?;
        let [frontend, backend, ..] = parts.objects;
        // SAFETY: the sockets are open and this thread alone inside.
        Ok(unsafe { sys::zmq_proxy(frontend, backend, none) })
    } else -1;
}

/// The sockets of a proxy: frontend and backend, which may be the same, and where there are,
/// capture and control.
struct Parts {
    objects: [*mut c_void; 4],
    _inside: [Option<Inside>; 4],
}

impl Parts {
    fn new(sockets: [*mut c_void; 4], function: Function) -> Result<Self, &'static Refusal> {
        let [frontend, backend, capture, control] = sockets;
        if frontend.is_null() || backend.is_null() {
            return Err(&Refusal::NULL);
        }
        let single = frontend == backend;
        let clash = |socket: *mut c_void, others: &[*mut c_void]| {
            !socket.is_null() && others.contains(&socket)
        };
        // With drafts, libzmq cannot steer a proxy of one socket.
        let unsteerable = cfg!(feature = "draft") && single && !control.is_null();
        if clash(capture, &sockets[..2]) || clash(control, &sockets[..3]) || unsteerable {
            return Err(&Refusal::SAME_SOCKET);
        }
        let frontend = Some(Inside::socket(frontend, function)?);
        let backend = match single {
            true => None,
            false => Some(Inside::socket(backend, function)?),
        };
        let capture = Inside::optional(capture, function)?;
        let control = Inside::optional(control, function)?;
        let object = |inside: &Option<Inside>| match inside {
            Some(inside) => inside.object(),
            None => std::ptr::null_mut(),
        };
        Ok(Self {
            objects: [
                object(&frontend),
                object(if single { &frontend } else { &backend }),
                object(&capture),
                object(&control),
            ],
            _inside: [frontend, backend, capture, control],
        })
    }
}
