//! Settings of a context's threads, tried before libzmq makes them: where the system refuses them
//! to libzmq, it aborts.

use std::ffi::c_int;

use ferromq_sys as sys;

use crate::error::{Error, Result};
use crate::raw::{self, Errno};

/// How the system schedules the threads of a context
/// ([`ContextBuilder::thread_sched_policy`](crate::ContextBuilder::thread_sched_policy)).
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let context = Context::new()?;
/// assert_eq!(context.thread_sched_policy()?, None); // as the system does
/// # Ok(()) }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SchedPolicy {
    /// As threads are scheduled usually (`SCHED_OTHER`).
    Other,
    /// In real time, as long as it wants (`SCHED_FIFO`).
    Fifo,
    /// In real time, in turns with others of its priority (`SCHED_RR`).
    RoundRobin,
    /// As a job that nobody waits for (`SCHED_BATCH`).
    #[cfg(target_os = "linux")]
    Batch,
    /// When nothing else is to be done (`SCHED_IDLE`).
    #[cfg(target_os = "linux")]
    Idle,
}

impl SchedPolicy {
    fn to_raw(self) -> c_int {
        match self {
            Self::Other => libc::SCHED_OTHER,
            Self::Fifo => libc::SCHED_FIFO,
            Self::RoundRobin => libc::SCHED_RR,
            #[cfg(target_os = "linux")]
            Self::Batch => libc::SCHED_BATCH,
            #[cfg(target_os = "linux")]
            Self::Idle => libc::SCHED_IDLE,
        }
    }

    pub(super) fn from_raw(raw: c_int) -> Option<Self> {
        match raw {
            libc::SCHED_OTHER => Some(Self::Other),
            libc::SCHED_FIFO => Some(Self::Fifo),
            libc::SCHED_RR => Some(Self::RoundRobin),
            #[cfg(target_os = "linux")]
            libc::SCHED_BATCH => Some(Self::Batch),
            #[cfg(target_os = "linux")]
            libc::SCHED_IDLE => Some(Self::Idle),
            _ => None,
        }
    }
}

#[derive(Clone, Debug, Default)]
pub(super) struct Threads {
    pub(super) policy: Option<SchedPolicy>,
    pub(super) priority: Option<u32>,
    pub(super) cpus: Vec<u32>,
}

impl Threads {
    pub(super) fn set(&self, raw: &raw::Context) -> Result<()> {
        self.try_out()?;
        let set =
            |option, name, value| raw.set(option, value).map_err(|errno| refused(errno, name));
        if let Some(policy) = self.policy {
            let (option, name) = (sys::ZMQ_THREAD_SCHED_POLICY, "ZMQ_THREAD_SCHED_POLICY");
            set(option, name, policy.to_raw())?;
        }
        if let Some(priority) = self.priority()? {
            set(sys::ZMQ_THREAD_PRIORITY, "ZMQ_THREAD_PRIORITY", priority)?;
        }
        for &cpu in &self.cpus {
            let (option, name) = (
                sys::ZMQ_THREAD_AFFINITY_CPU_ADD,
                "ZMQ_THREAD_AFFINITY_CPU_ADD",
            );
            set(option, name, cpu as c_int)?;
        }
        Ok(())
    }

    fn priority(&self) -> Result<Option<c_int>> {
        self.priority.map_or(Ok(None), |priority| {
            let number = c_int::try_from(priority).map(Some);
            number.map_err(|_| self.scheduling_refused(Errno(libc::EINVAL)))
        })
    }

    /// Makes a thread with these settings.
    fn try_out(&self) -> Result<()> {
        if self.policy.is_none() && self.priority.is_none() && self.cpus.is_empty() {
            return Ok(());
        }
        let this = self.clone();
        let trial = raw::Thread::start(c"ferromq-try", move || this.take_effect());
        match trial.map(raw::Thread::join) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(errno) => Err(refused(errno, "ZMQ_THREAD_PRIORITY")),
        }
    }

    /// Applies them to this thread.
    fn take_effect(&self) -> Result<()> {
        let policy = self.policy.map(SchedPolicy::to_raw);
        raw::schedule(policy, self.priority()?).map_err(|errno| self.scheduling_refused(errno))?;
        self.cpus
            .iter()
            .try_for_each(|&cpu| raw::run_on(cpu).map_err(|errno| cpu_refused(errno, cpu)))
    }

    fn scheduling_refused(&self, errno: Errno) -> Error {
        let name = match self.policy {
            Some(_) => "ZMQ_THREAD_SCHED_POLICY",
            None => "ZMQ_THREAD_PRIORITY",
        };
        match (errno, self.policy) {
            (Errno(libc::EINVAL), Some(policy)) => {
                let (min, max) = raw::priorities(policy.to_raw());
                let detail = format!("{policy:?} needs a `thread_priority` from {min} to {max}");
                Error::invalid(OPERATION, detail).on(name)
            }
            _ => refused(errno, name),
        }
    }
}

const OPERATION: &str = "make context: set";

fn refused(errno: Errno, name: &str) -> Error {
    Error::new(errno, OPERATION).on(name)
}

fn cpu_refused(errno: Errno, cpu: u32) -> Error {
    let name = "ZMQ_THREAD_AFFINITY_CPU_ADD";
    match errno {
        Errno(libc::EINVAL) => {
            let detail = format!("there is no CPU {cpu} that this process may use");
            Error::invalid(OPERATION, detail).on(name)
        }
        errno => refused(errno, name),
    }
}
