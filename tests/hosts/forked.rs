//! A process that the test forks, for as long as it needs it.

use std::panic::{AssertUnwindSafe, catch_unwind};

/// A forked process. Killed when dropped, and when the thread that has forked it ends.
pub struct Forked {
    pub id: libc::pid_t,
}

impl Forked {
    /// Runs `work` in it, which may panic.
    #[track_caller]
    pub fn start(work: impl FnOnce()) -> Self {
        let parent = std::process::id();
        // SAFETY: the child runs test code after this, which glibc allows as it makes its allocator
        // fit for a forked child, and leaves by `_exit`.
        match unsafe { libc::fork() } {
            -1 => panic!("fork: {}", std::io::Error::last_os_error()),
            0 => {
                let _ = catch_unwind(AssertUnwindSafe(|| {
                    die_with_the_parent(parent);
                    work();
                }));
                // SAFETY: ends the child without running what belongs to its parent.
                unsafe { libc::_exit(0) }
            }
            id => Self { id },
        }
    }

    #[track_caller]
    pub fn signal(&self, signal: libc::c_int) {
        // SAFETY: the child is not reaped yet, so the number is still its own.
        let code = unsafe { libc::kill(self.id, signal) };
        assert_eq!(code, 0, "{}", std::io::Error::last_os_error());
    }
}

impl Drop for Forked {
    fn drop(&mut self) {
        self.signal(libc::SIGKILL);
        let mut status = 0;
        // SAFETY: `status` is valid for writes.
        unsafe { libc::waitpid(self.id, &mut status, 0) };
    }
}

/// Has the kernel kill this process when the one that forked it has ended.
pub fn die_with_the_parent(parent: u32) {
    // SAFETY: no preconditions.
    unsafe {
        assert_eq!(libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL), 0);
        // It may have ended before.
        assert_eq!(u32::try_from(libc::getppid()), Ok(parent));
    }
}
