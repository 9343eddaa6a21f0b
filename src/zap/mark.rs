//! How a message shows what an authenticator said of its peer, and not what the peer said itself.
//!
//! libzmq keeps both in one list of properties, and a peer can send any name, `User-Id` too. So an
//! authenticator gives its properties under names as well that no peer can guess: they begin with
//! a random number that does not leave the process. This holds whatever libzmq is linked.

use std::ffi::CString;
use std::sync::OnceLock;

use crate::error::{Error, Result};
use crate::raw::Errno;

static MARK: OnceLock<Mark> = OnceLock::new();

pub(crate) struct Mark(String);

impl Mark {
    /// That of the process, made at the first call.
    pub(super) fn make() -> Result<&'static Self> {
        let mut number = [0; 16];
        getrandom::fill(&mut number).map_err(|error| {
            let errno = error.raw_os_error().unwrap_or(libc::EIO);
            Error::new(Errno(errno), "start authenticator")
        })?;
        let fresh = || Self(format!("{:032x}.", u128::from_ne_bytes(number)));
        Ok(MARK.get_or_init(fresh))
    }

    pub(super) fn marked(&self, name: &str) -> String {
        format!("{}{name}", self.0)
    }
}

/// The name under which messages have such a property; `None` if nobody was authenticated yet.
pub(crate) fn marked(name: &str) -> Option<CString> {
    CString::new(MARK.get()?.marked(name)).ok()
}
