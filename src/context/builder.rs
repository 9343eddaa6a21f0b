//! [`ContextBuilder`]: what a context is made with.

use std::ffi::c_int;
use std::ops::RangeInclusive;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Condvar, Mutex};
use std::time::Duration;

use ferromq_sys as sys;

use super::defaults::SocketDefaults;
use super::threads::{SchedPolicy, Threads};
use super::{Context, DEFAULT_LINGER, Raw, Shared, limits};
use crate::error::{Error, Result};
use crate::kind::Any;
use crate::option::IntoTimeout;
use crate::raw::{self, Generation};
use crate::socket::Socket;

/// A [`Context`] being configured; see [`Context::builder`].
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let context = Context::builder().io_threads(2).max_sockets(100).build()?;
/// assert_eq!(context.max_sockets()?, 100);
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[must_use = "ends with `build`"]
pub struct ContextBuilder {
    io_threads: Option<u32>,
    max_sockets: Option<u32>,
    ipv6: bool,
    zero_copy_recv: bool,
    threads: Threads,
    thread_name_prefix: Option<u32>,
    #[cfg(feature = "draft")]
    thread_name: Option<String>,
    linger: Option<Duration>,
    defaults: SocketDefaults,
}

impl Default for ContextBuilder {
    fn default() -> Self {
        Self {
            io_threads: None,
            max_sockets: None,
            ipv6: false,
            zero_copy_recv: true,
            threads: Threads::default(),
            thread_name_prefix: None,
            #[cfg(feature = "draft")]
            thread_name: None,
            linger: Some(DEFAULT_LINGER),
            defaults: SocketDefaults::default(),
        }
    }
}

impl ContextBuilder {
    /// How many I/O threads move messages between sockets and the network (`ZMQ_IO_THREADS`), up
    /// to the 64 that an [affinity](Socket::set_affinity) can name. Default 1, enough for about a
    /// gigabyte a second; 0 leaves `inproc` only.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::builder().io_threads(2).build()?;
    /// assert_eq!(context.io_threads()?, 2);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_IO_THREADS")]
    pub fn io_threads(mut self, threads: u32) -> Self {
        self.io_threads = Some(threads);
        self
    }

    /// How many sockets may be open at a time, with those that linger (`ZMQ_MAX_SOCKETS`), 1 to
    /// 65535. Default 1023.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::builder().max_sockets(10).build()?;
    /// assert_eq!(context.max_sockets()?, 10);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_MAX_SOCKETS")]
    pub fn max_sockets(mut self, sockets: u32) -> Self {
        self.max_sockets = Some(sockets);
        self
    }

    /// Whether new sockets use IPv6 besides IPv4 (`ZMQ_IPV6`). Default no.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::builder().ipv6(true).build()?;
    /// assert!(context.socket(PULL)?.ipv6()?);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_IPV6")]
    pub fn ipv6(mut self, ipv6: bool) -> Self {
        self.ipv6 = ipv6;
        self
    }

    /// Whether received frames may be slices of a buffer of 8 KiB that frames received together
    /// share (`ZMQ_ZERO_COPY_RECV`, since libzmq 4.2.4, a draft). Default yes. Without it each
    /// frame has its own memory: better for a program that keeps few of many small frames.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::builder().zero_copy_recv(false).build()?;
    /// assert!(!context.zero_copy_recv()?);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_ZERO_COPY_RECV")]
    pub fn zero_copy_recv(mut self, zero_copy: bool) -> Self {
        self.zero_copy_recv = zero_copy;
        self
    }

    /// How the system schedules the threads of the context (`ZMQ_THREAD_SCHED_POLICY`). Default as
    /// the thread that opens the first socket. The real-time policies need a
    /// [priority](Self::thread_priority), and a privilege.
    ///
    /// ```
    /// use ferromq::{Context, ErrorKind, SchedPolicy};
    ///
    /// let error = Context::builder().thread_sched_policy(SchedPolicy::Fifo).build().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidInput); // no priority
    /// ```
    #[doc(alias = "ZMQ_THREAD_SCHED_POLICY")]
    pub fn thread_sched_policy(mut self, policy: SchedPolicy) -> Self {
        self.threads.policy = Some(policy);
        self
    }

    /// The priority of the context's threads (`ZMQ_THREAD_PRIORITY`): on Linux 1 to 99 with
    /// [`SchedPolicy::Fifo`] and [`SchedPolicy::RoundRobin`]. With the other policies any number
    /// above 0 stands for the highest (a nice value of -20). Both need a privilege.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// // Real-time priorities take a privilege.
    /// match Context::builder()
    ///     .thread_sched_policy(SchedPolicy::Fifo)
    ///     .thread_priority(1)
    ///     .build()
    /// {
    ///     Ok(context) => assert_eq!(context.thread_sched_policy()?, Some(SchedPolicy::Fifo)),
    ///     Err(error) => assert_eq!(error.kind(), ErrorKind::PermissionDenied),
    /// }
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_THREAD_PRIORITY")]
    pub fn thread_priority(mut self, priority: u32) -> Self {
        self.threads.priority = Some(priority);
        self
    }

    /// On which CPUs the context's threads may run (`ZMQ_THREAD_AFFINITY_CPU_ADD`), by their
    /// numbers; on Linux only. Default on all; each call replaces the numbers given before.
    ///
    /// ```
    /// use ferromq::{Context, ErrorKind};
    ///
    /// let error = Context::builder().thread_affinity_cpus([1023]).build().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidInput); // no such CPU here
    /// ```
    #[doc(alias = "ZMQ_THREAD_AFFINITY_CPU_ADD")]
    #[doc(alias = "ZMQ_THREAD_AFFINITY_CPU_REMOVE")]
    pub fn thread_affinity_cpus(mut self, cpus: impl IntoIterator<Item = u32>) -> Self {
        self.threads.cpus = cpus.into_iter().collect();
        self
    }

    /// A number that the names of the context's threads start with (`ZMQ_THREAD_NAME_PREFIX`), to
    /// tell contexts apart: `7/ZMQbg/IO/0`. Default none.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::builder().thread_name_prefix(7).build()?;
    /// assert_eq!(context.thread_name_prefix()?, 7);
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_THREAD_NAME_PREFIX")]
    pub fn thread_name_prefix(mut self, prefix: u32) -> Self {
        self.thread_name_prefix = Some(prefix);
        self
    }

    /// A text that the names of the context's threads start with (`ZMQ_THREAD_NAME_PREFIX`), 1 to
    /// 16 bytes, but not 4, which libzmq takes for a number. Default none. It is a draft: it may
    /// change with the next libzmq.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let context = Context::builder().thread_name_prefix_text("prices").build()?;
    /// context.socket(PULL)?;
    /// # Ok(()) }
    /// ```
    #[cfg(feature = "draft")]
    #[doc(alias = "ZMQ_THREAD_NAME_PREFIX")]
    pub fn thread_name_prefix_text(mut self, prefix: &str) -> Self {
        self.thread_name = Some(prefix.into());
        self
    }

    /// How long new sockets linger (`ZMQ_LINGER`): the time that undelivered messages get after
    /// the socket was dropped. `None` is for ever. Default 30 seconds; libzmq's is for ever.
    ///
    /// SUB and XSUB have nothing to deliver and linger 0.
    ///
    /// ```
    /// # use ferromq::*;
    /// # use std::time::Duration;
    /// # fn main() -> Result<()> {
    /// let context = Context::builder().linger(Duration::from_secs(1)).build()?;
    /// assert_eq!(context.socket(PUSH)?.linger()?, Some(Duration::from_secs(1)));
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_LINGER")]
    #[doc(alias = "ZMQ_BLOCKY")]
    pub fn linger(mut self, linger: impl IntoTimeout) -> Self {
        self.linger = linger.into_timeout();
        self
    }

    /// A default for new sockets: any option that they have, one for each call, in the order of
    /// the calls.
    ///
    /// Where an option does not apply, to a kind of socket or to the linked libzmq, new sockets go
    /// without it, and a warning is logged, once for each kind. A value that the option does not
    /// take is an error of [`Context::socket`].
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// use ferromq::{Context, PUSH};
    /// use std::time::Duration;
    ///
    /// let context = Context::builder()
    ///     .socket_default(|socket| socket.set_send_hwm(10))
    ///     .socket_default(|socket| socket.set_rcvtimeo(Duration::from_secs(5)))
    ///     .build()?;
    /// assert_eq!(context.socket(PUSH)?.send_hwm()?, Some(10));
    /// # Ok(()) }
    /// ```
    pub fn socket_default(
        mut self,
        set: impl Fn(&Socket<Any>) -> Result<()> + Send + Sync + 'static,
    ) -> Self {
        self.defaults.push(set);
        self
    }

    /// Makes the context.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a value out of its range,
    /// [`PermissionDenied`](crate::ErrorKind::PermissionDenied) for a policy, a priority or CPUs
    /// that this process may not use,
    /// [`TooManyOpen`](crate::ErrorKind::TooManyOpen) if the process has no descriptor left.
    ///
    /// ```
    /// # use ferromq::*;
    /// let error = Context::builder().max_sockets(0).build().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidInput);
    /// ```
    pub fn build(self) -> Result<Context> {
        let error = |errno| Error::new(errno, "make context");
        let owner = Generation::current().map_err(error)?;
        let raw =
            raw::Context::new(owner).map_err(|errno| limits::explained(errno, "make context"))?;
        if let Err(error) = self.configure(&raw) {
            raw.terminate();
            return Err(error);
        }
        Ok(Context {
            shared: Arc::new(Shared {
                owner,
                linger: self.linger,
                defaults: self.defaults,
                is_shut_down: AtomicBool::new(false),
                has_authenticator: AtomicBool::new(false),
                ends_in_background: AtomicBool::new(false),
                raw: Mutex::new(Raw::Open(raw)),
                ended: Condvar::new(),
                registry: Mutex::default(),
            }),
        })
    }

    fn configure(&self, raw: &raw::Context) -> Result<()> {
        let set = |option, name, value, range| set(raw, option, name, value, range);
        if let Some(threads) = self.io_threads {
            set(sys::ZMQ_IO_THREADS, "ZMQ_IO_THREADS", threads, 0..=64)?;
        }
        if let Some(sockets) = self.max_sockets {
            set(sys::ZMQ_MAX_SOCKETS, "ZMQ_MAX_SOCKETS", sockets, 1..=65_535)?;
        }
        if self.ipv6 {
            set(sys::ZMQ_IPV6, "ZMQ_IPV6", 1, 0..=1)?;
        }
        if !self.zero_copy_recv {
            set(sys::ZMQ_ZERO_COPY_RECV, "ZMQ_ZERO_COPY_RECV", 0, 0..=1)?;
        }
        if let Some(prefix) = self.thread_name_prefix {
            let (option, name) = (sys::ZMQ_THREAD_NAME_PREFIX, "ZMQ_THREAD_NAME_PREFIX");
            set(option, name, prefix, 0..=c_int::MAX.unsigned_abs())?;
        }
        #[cfg(feature = "draft")]
        if let Some(prefix) = &self.thread_name {
            set_name(raw, prefix)?;
        }
        self.threads.set(raw)
    }
}

const OPERATION: &str = "make context: set";

fn set(
    raw: &raw::Context,
    option: c_int,
    name: &str,
    value: u32,
    range: RangeInclusive<u32>,
) -> Result<()> {
    match c_int::try_from(value) {
        Ok(number) if range.contains(&value) => raw
            .set(option, number)
            .map_err(|errno| Error::new(errno, OPERATION).on(name)),
        _ => {
            let detail = format!("{value} is not from {} to {}", range.start(), range.end());
            Err(Error::invalid(OPERATION, detail).on(name))
        }
    }
}

#[cfg(feature = "draft")]
fn set_name(raw: &raw::Context, prefix: &str) -> Result<()> {
    let name = "ZMQ_THREAD_NAME_PREFIX";
    if !matches!(prefix.len(), 1..=3 | 5..=16) || prefix.contains('\0') {
        let detail = format!("\"{prefix}\" is not from 1 to 16 bytes, but not 4, without NUL");
        return Err(Error::invalid(OPERATION, detail).on(name));
    }
    raw.set_bytes(sys::ZMQ_THREAD_NAME_PREFIX, prefix.as_bytes())
        .map_err(|errno| Error::new(errno, OPERATION).on(name))
}
