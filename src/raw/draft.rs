//! The calls that only sockets of libzmq's draft kinds know.

use std::ffi::{CStr, c_int, c_void};
use std::time::Duration;

use ferromq_sys as sys;

use super::socket::Direction;
use super::{Errno, Msg, Socket, Wait};

impl Socket {
    pub(crate) fn join(&self, group: &CStr) -> Result<(), Errno> {
        self.on_group(sys::zmq_join, group)
    }

    pub(crate) fn leave(&self, group: &CStr) -> Result<(), Errno> {
        self.on_group(sys::zmq_leave, group)
    }

    fn on_group(
        &self,
        call: unsafe extern "C" fn(*mut c_void, *const libc::c_char) -> c_int,
        group: &CStr,
    ) -> Result<(), Errno> {
        self.owner.check()?;
        // SAFETY: the socket is open until drop, and used by this thread only or locked by libzmq;
        // the group is NUL-terminated. The two functions passed here ask for no more.
        Errno::check(unsafe { call(self.as_ptr(), group.as_ptr()) })?;
        Ok(())
    }

    /// Connects, and returns the routing id of the peer.
    pub(crate) fn connect_peer(&self, endpoint: &CStr) -> Result<u32, Errno> {
        let mut routing_id = 0;
        Errno::retry(self.owner, || {
            // SAFETY: as for `on_group`.
            routing_id = unsafe { sys::zmq_connect_peer(self.as_ptr(), endpoint.as_ptr()) };
            if routing_id == 0 { -1 } else { 0 }
        })?;
        Ok(routing_id)
    }

    fn sndtimeo(&self) -> Result<Duration, Errno> {
        let millis = self.get_int(sys::ZMQ_SNDTIMEO)?;
        Ok(u64::try_from(millis).map_or(Duration::MAX, Duration::from_millis))
    }

    /// Sends a further message over the bytes of `msg` as one frame, with [`Errno::FAULT`] where
    /// there is no connection at all: in that case a DGRAM leaves the frame closed, and its next
    /// try would end the process.
    pub(crate) fn send_copy(&self, msg: &mut Msg, more: bool, wait: Wait) -> Result<(), Errno> {
        let more = if more { sys::ZMQ_SNDMORE } else { 0 };
        let wait = match wait {
            // Not in libzmq, where a connection may end meanwhile.
            Wait::AsSet => Wait::For(self.sndtimeo()?),
            wait => wait,
        };
        self.transfer(Direction::Send, wait, |flags| {
            let mut copy = msg.share();
            // SAFETY: the socket is open until drop and used by this thread only; the copy is
            // initialised.
            let code = unsafe { sys::zmq_msg_send(copy.as_mut_ptr(), self.as_ptr(), flags | more) };
            // Sets the error number if libzmq has closed it.
            drop(copy);
            code
        })?;
        Ok(())
    }
}
