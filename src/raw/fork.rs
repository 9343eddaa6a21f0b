//! Which process made a handle.

use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use super::Errno;

/// The present generation, 0 before it is settled. Alone on its page, which Linux clears in a
/// child, however that was made.
static PRESENT: Page = Page(AtomicU32::new(0));

/// The last one that was given out, which a child remembers.
static LAST: AtomicU32 = AtomicU32::new(0);

#[repr(align(4096))]
struct Page(AtomicU32);

/// Tells a process from those that it was forked from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Generation(u32);

impl Generation {
    /// That of what belongs to no process.
    pub(crate) const NONE: Self = Self(0);

    /// The generation of this process, from now on another one in every child.
    pub(crate) fn current() -> Result<Self, Errno> {
        hook::install()?;
        loop {
            match PRESENT.0.load(Ordering::Relaxed) {
                0 => begin(),
                present => return Ok(Self(present)),
            }
        }
    }

    #[inline]
    pub(crate) fn is_current(self) -> bool {
        PRESENT.0.load(Ordering::Relaxed) == self.0
    }

    #[inline]
    pub(crate) fn check(self) -> Result<(), Errno> {
        if self.is_current() {
            Ok(())
        } else {
            Err(Errno::FORKED)
        }
    }
}

/// Settles the generation of a process that has none, unless another thread does.
fn begin() {
    let next = LAST.fetch_add(1, Ordering::Relaxed) + 1;
    let _ = PRESENT
        .0
        .compare_exchange(0, next, Ordering::Relaxed, Ordering::Relaxed);
}

#[cfg(unix)]
mod hook {
    use super::{Errno, Ordering, PRESENT, begin};
    use std::sync::OnceLock;

    /// Where the page is not cleared; after a plain `clone` nobody calls this.
    extern "C" fn in_child() {
        PRESENT.0.store(0, Ordering::Relaxed);
        begin();
    }

    pub(super) fn install() -> Result<(), Errno> {
        static INSTALLED: OnceLock<libc::c_int> = OnceLock::new();
        let installed = INSTALLED.get_or_init(|| {
            #[cfg(target_os = "linux")]
            have_the_page_cleared();
            // SAFETY: the handler is a function of this program that only touches atomics, which
            // is allowed in the child of a multi-threaded process.
            unsafe { libc::pthread_atfork(None, None, Some(in_child)) }
        });
        match installed {
            0 => Ok(()),
            &errno => Err(Errno(errno)),
        }
    }

    /// Linux refuses it before 4.14, and we where pages are larger.
    #[cfg(target_os = "linux")]
    fn have_the_page_cleared() {
        // SAFETY: the page holds nothing but the generation, an atomic for which zero is a value;
        // only its bytes are concerned, as pages are not larger.
        unsafe {
            if libc::sysconf(libc::_SC_PAGESIZE) == size_of_val(&PRESENT) as libc::c_long {
                let page = (&raw const PRESENT).cast_mut().cast();
                libc::madvise(page, size_of_val(&PRESENT), libc::MADV_WIPEONFORK);
            }
        }
    }
}

#[cfg(not(unix))]
mod hook {
    use super::Errno;

    pub(super) fn install() -> Result<(), Errno> {
        Ok(())
    }
}

/// One value per process: a forked child makes its own, and no lock that the fork may have
/// caught in the hands of another thread is involved.
pub(crate) struct PerProcess<T: 'static>(AtomicPtr<Kept<T>>);

struct Kept<T> {
    value: T,
    /// What this one replaced: other threads may still look at it, so it is never freed, and a
    /// search for leaks finds it here.
    _replaced: *mut Kept<T>,
}

impl<T: Send + Sync> PerProcess<T> {
    pub(crate) const fn new() -> Self {
        Self(AtomicPtr::new(std::ptr::null_mut()))
    }

    /// The present value if it is `usable`, else what `make` makes.
    pub(crate) fn get_or_replace<E>(
        &self,
        usable: impl Fn(&T) -> bool,
        make: impl Fn() -> Result<T, E>,
    ) -> Result<&'static T, E> {
        loop {
            let present = self.0.load(Ordering::Acquire);
            // SAFETY: the pointer is null or came from `Box::into_raw` below and is never freed
            // once stored; `T` is `Sync`.
            let kept = unsafe { present.cast_const().as_ref() };
            if let Some(kept) = kept.filter(|kept| usable(&kept.value)) {
                return Ok(&kept.value);
            }
            let fresh = Box::into_raw(Box::new(Kept {
                value: make()?,
                _replaced: present,
            }));
            if self
                .0
                .compare_exchange(present, fresh, Ordering::AcqRel, Ordering::Acquire)
                .is_err()
            {
                // SAFETY: `fresh` was not stored, so this is its only owner.
                drop(unsafe { Box::from_raw(fresh) });
            }
        }
    }
}

/// Whether `work` comes to that in a forked child, within 20 seconds.
#[cfg(all(test, any(feature = "tokio", feature = "async-io")))]
pub(crate) fn true_in_child(work: impl FnOnce() -> bool) -> bool {
    // SAFETY: the child allocates, which glibc and musl allow it, and leaves by `_exit`.
    let child = unsafe { libc::fork() };
    if child == 0 {
        // SAFETY: the signal has its default action: it ends the child.
        unsafe { libc::alarm(20) };
        let code = i32::from(!work());
        // SAFETY: ends the child without running what belongs to its parent.
        unsafe { libc::_exit(code) }
    }
    let mut status = 0;
    // SAFETY: `status` is valid for writes.
    unsafe { libc::waitpid(child, &mut status, 0) == child && status == 0 }
}
