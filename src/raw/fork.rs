//! Which process made a handle.

use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

use super::Errno;

static GENERATION: AtomicU32 = AtomicU32::new(0);

/// Counts the forks between a process and the first one of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Generation(u32);

impl Generation {
    /// The generation of this process, from now on counted up in every forked child.
    pub(crate) fn current() -> Result<Self, Errno> {
        hook::install()?;
        Ok(Self(GENERATION.load(Ordering::Relaxed)))
    }

    #[inline]
    pub(crate) fn is_current(self) -> bool {
        GENERATION.load(Ordering::Relaxed) == self.0
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

#[cfg(unix)]
mod hook {
    use super::{Errno, GENERATION, Ordering};
    use std::sync::OnceLock;

    extern "C" fn in_child() {
        GENERATION.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn install() -> Result<(), Errno> {
        static INSTALLED: OnceLock<libc::c_int> = OnceLock::new();
        // SAFETY: the handler is a function of this program that only touches an atomic, which
        // is allowed in the child of a multi-threaded process.
        match INSTALLED.get_or_init(|| unsafe { libc::pthread_atfork(None, None, Some(in_child)) })
        {
            0 => Ok(()),
            &errno => Err(Errno(errno)),
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
