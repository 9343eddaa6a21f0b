//! What this process has in use, and whether that grows.

use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::{Duration, Instant};
use std::{env, fmt, fs, thread};

/// Runs this program again, if need be, with an allocator in which threads keep nothing of what was
/// freed, as that would count as being in use. Should it be killed, what it leaves is among the
/// temporary files: libzmq alone takes the current directory where `TMPDIR` is not set.
pub fn with_exact_allocator() {
    const SETTINGS: &str = "GLIBC_TUNABLES";
    const NO_CACHES: &str = "glibc.malloc.tcache_count=0";
    if env::var(SETTINGS).is_ok_and(|settings| settings == NO_CACHES) {
        return;
    }
    let this = env::current_exe().unwrap();
    let mut again = Command::new(this);
    let error = again
        .args(env::args_os().skip(1))
        .env(SETTINGS, NO_CACHES)
        .env("TMPDIR", env::temp_dir())
        .exec();
    panic!("running this program again: {error}");
}

/// How long what is in use has to stay.
const REST: Duration = Duration::from_millis(200);

/// How long it may take to come to that.
const PATIENCE: Duration = Duration::from_secs(10);

#[derive(Clone, Copy)]
pub struct Reading {
    pub descriptors: usize,
    pub threads: usize,
    /// Bytes that were allocated and not freed.
    pub heap: usize,
    /// Bytes of memory that the kernel has given.
    pub resident: usize,
}

impl Reading {
    /// What is in use when all loads rest. As libzmq ends things in the background, that is the least of
    /// what is seen until it has stayed for a while, and no more descriptors and threads are in use than
    /// are expected, or that does not come.
    pub fn take(expected: Option<&Self>) -> Self {
        let until = Instant::now() + PATIENCE;
        let mut least = Self::now();
        let mut since = Instant::now();
        loop {
            let is_back = expected.is_none_or(|expected| least.is_back_to(expected));
            if is_back && since.elapsed() > REST || Instant::now() > until {
                return least;
            }
            thread::sleep(Duration::from_millis(10));
            let now = Self::now();
            if !least.is_back_to(&now) {
                since = Instant::now();
            }
            least = Self {
                descriptors: least.descriptors.min(now.descriptors),
                threads: least.threads.min(now.threads),
                heap: least.heap.min(now.heap),
                resident: least.resident.min(now.resident),
            };
        }
    }

    /// No more descriptors and threads are in use than there.
    pub fn is_back_to(&self, other: &Self) -> bool {
        self.descriptors <= other.descriptors && self.threads <= other.threads
    }

    fn now() -> Self {
        // SAFETY: no preconditions. What was freed goes back to the kernel, and is not resident.
        unsafe { libc::malloc_trim(0) };
        Self {
            descriptors: fs::read_dir("/proc/self/fd").unwrap().count() - 1, // the look itself
            threads: fs::read_dir("/proc/self/task").unwrap().count(),
            // SAFETY: no preconditions.
            heap: unsafe { libc::mallinfo2() }.uordblks,
            resident: resident(),
        }
    }
}

fn resident() -> usize {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse::<usize>().unwrap() << 10
}

impl fmt::Display for Reading {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        write!(
            f,
            "{} descriptors, {} threads, {} KiB allocated, {:.1} MiB resident",
            self.descriptors,
            self.threads,
            self.heap >> 10,
            self.resident as f64 / f64::from(1 << 20)
        )
    }
}

/// How much the later readings are above the earlier ones: from the least of the first third to that of
/// the last.
pub fn growth(readings: &[Reading], of: impl Fn(&Reading) -> usize) -> i64 {
    let third = readings.len() / 3;
    let least = |readings: &[Reading]| {
        let least = readings.iter().map(&of).min();
        i64::try_from(least.expect("readings")).unwrap()
    };
    least(&readings[readings.len() - third..]) - least(&readings[..third])
}
