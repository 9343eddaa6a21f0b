//! What a context tells of its settings.

use std::ffi::c_int;

use ferromq_sys as sys;

use super::Context;
use super::threads::SchedPolicy;
use crate::error::{Error, Result};

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident = $number:ident $text:literal;)*) => {
        impl Context {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// [`Terminated`](crate::ErrorKind::Terminated),
            /// [`Forked`](crate::ErrorKind::Forked).
            ///
            /// ```
            /// # fn main() -> ferromq::Result<()> {
            /// let context = ferromq::Context::new()?;
            #[doc = concat!("println!(\"{}\", context.", stringify!($name), "()?);")]
            /// # Ok(()) }
            /// ```
            #[doc(alias = $text)]
            pub fn $name(&self) -> Result<u32> {
                self.setting(sys::$number, $text).map(c_int::unsigned_abs)
            }
        )*}
    };
}

settings! {
    /// How many I/O threads there are, or will be with the first socket (`ZMQ_IO_THREADS`).
    io_threads = ZMQ_IO_THREADS "ZMQ_IO_THREADS";
    /// How many sockets may be open at a time (`ZMQ_MAX_SOCKETS`).
    max_sockets = ZMQ_MAX_SOCKETS "ZMQ_MAX_SOCKETS";
    /// The greatest number that [`max_sockets`](crate::ContextBuilder::max_sockets) can have here
    /// (`ZMQ_SOCKET_LIMIT`).
    socket_limit = ZMQ_SOCKET_LIMIT "ZMQ_SOCKET_LIMIT";
    /// The number that the names of the threads start with, 0 if there is none
    /// (`ZMQ_THREAD_NAME_PREFIX`).
    thread_name_prefix = ZMQ_THREAD_NAME_PREFIX "ZMQ_THREAD_NAME_PREFIX";
}

impl Context {
    /// Whether new sockets use IPv6 besides IPv4 (`ZMQ_IPV6`).
    ///
    /// # Errors
    /// [`Terminated`](crate::ErrorKind::Terminated), [`Forked`](crate::ErrorKind::Forked).
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// assert!(ferromq::Context::builder().ipv6(true).build()?.ipv6()?);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_IPV6")]
    pub fn ipv6(&self) -> Result<bool> {
        Ok(self.setting(sys::ZMQ_IPV6, "ZMQ_IPV6")? != 0)
    }

    /// Whether received frames may share a buffer (`ZMQ_ZERO_COPY_RECV`).
    ///
    /// # Errors
    /// [`Terminated`](crate::ErrorKind::Terminated), [`Forked`](crate::ErrorKind::Forked).
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// assert!(ferromq::Context::new()?.zero_copy_recv()?);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_ZERO_COPY_RECV")]
    pub fn zero_copy_recv(&self) -> Result<bool> {
        Ok(self.setting(sys::ZMQ_ZERO_COPY_RECV, "ZMQ_ZERO_COPY_RECV")? != 0)
    }

    /// How the threads are scheduled, `None` if that was not set (`ZMQ_THREAD_SCHED_POLICY`).
    ///
    /// # Errors
    /// [`Terminated`](crate::ErrorKind::Terminated), [`Forked`](crate::ErrorKind::Forked).
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// assert_eq!(ferromq::Context::new()?.thread_sched_policy()?, None);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_THREAD_SCHED_POLICY")]
    pub fn thread_sched_policy(&self) -> Result<Option<SchedPolicy>> {
        // libzmq's -1 for a policy that was not set looks like an error, of whatever number.
        let policy = self
            .shared
            .with_raw(|raw| Ok(raw.get(sys::ZMQ_THREAD_SCHED_POLICY).ok()));
        let policy = policy.map_err(|errno| failed(errno, "ZMQ_THREAD_SCHED_POLICY"))?;
        Ok(policy.and_then(SchedPolicy::from_raw))
    }

    fn setting(&self, option: c_int, name: &str) -> Result<c_int> {
        self.shared
            .with_raw(|raw| raw.get(option))
            .map_err(|errno| failed(errno, name))
    }
}

fn failed(errno: crate::raw::Errno, name: &str) -> Error {
    Error::new(errno, "read").on(name)
}
