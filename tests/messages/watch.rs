//! An allocator that watches some blocks of memory, which it knows by their size.

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicI32, AtomicU32, AtomicUsize, Ordering};

use crate::support::wait_until;

/// How many sizes are watched, from which on, and how far apart: nothing else asks for an odd
/// multiple of eight that is so large.
const SIZES: usize = 1024;
const SMALLEST: usize = 100_008;
const STEP: usize = 32;

static BLOCKS: [Counts; SIZES] = [const { Counts::new() }; SIZES];

struct Counts {
    allocated: AtomicU32,
    freed: AtomicU32,
    freed_by: AtomicI32,
}

impl Counts {
    const fn new() -> Self {
        Self {
            allocated: AtomicU32::new(0),
            freed: AtomicU32::new(0),
            freed_by: AtomicI32::new(0),
        }
    }

    fn of(layout: Layout) -> Option<&'static Self> {
        let offset = layout.size().checked_sub(SMALLEST)?;
        BLOCKS.get(offset / STEP).filter(|_| offset % STEP == 0)
    }
}

struct Watching;

#[global_allocator]
static ALLOCATOR: Watching = Watching;

// SAFETY: the system's allocator does the work; counting neither allocates nor panics.
unsafe impl GlobalAlloc for Watching {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if let Some(counts) = Counts::of(layout) {
            counts.allocated.fetch_add(1, Ordering::Relaxed);
        }
        // SAFETY: the caller's obligations are the same.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        // SAFETY: the caller's obligations are the same.
        unsafe { System.dealloc(block, layout) };
        if let Some(counts) = Counts::of(layout) {
            counts
                .freed_by
                .store(Thread::current().0, Ordering::Relaxed);
            counts.freed.fetch_add(1, Ordering::Release);
        }
    }
}

/// A thread, as the kernel numbers it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thread(libc::pid_t);

impl Thread {
    pub fn current() -> Self {
        // SAFETY: no preconditions.
        Self(unsafe { libc::gettid() })
    }
}

/// The blocks of one size.
#[derive(Clone, Copy, Debug)]
pub struct Block(usize);

impl Block {
    /// A size that is not in use yet.
    pub fn new() -> Self {
        static USED: AtomicUsize = AtomicUsize::new(0);
        let number = USED.fetch_add(1, Ordering::Relaxed);
        assert!(number < SIZES, "raise SIZES");
        Self(number)
    }

    pub fn size(self) -> usize {
        SMALLEST + STEP * self.0
    }

    pub fn allocated(self) -> u32 {
        BLOCKS[self.0].allocated.load(Ordering::Relaxed)
    }

    pub fn freed(self) -> u32 {
        BLOCKS[self.0].freed.load(Ordering::Acquire)
    }

    /// Whether all of them are freed, and none of them twice.
    pub fn is_freed(self) -> bool {
        self.freed() == self.allocated()
    }

    /// Waits until all of them are freed, and says by which thread the last one was.
    #[track_caller]
    pub fn wait_until_freed(self) -> Thread {
        wait_until("the bytes are given back", || self.is_freed());
        Thread(BLOCKS[self.0].freed_by.load(Ordering::Relaxed))
    }
}
