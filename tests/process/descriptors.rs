//! The descriptors of a process, and how many it may have.

use std::fs::{self, File};
use std::path::PathBuf;

/// What each descriptor of this process leads to, other than the look itself.
pub fn open_files() -> Vec<PathBuf> {
    let entries = fs::read_dir("/proc/self/fd").unwrap().flatten();
    let targets = entries.filter_map(|entry| fs::read_link(entry.path()).ok());
    targets.filter(|target| !target.ends_with("fd")).collect()
}

/// How many descriptors the process may have from now on.
pub fn set_limit(limit: libc::rlim_t) {
    let mut limits = libc::rlimit {
        rlim_cur: 0,
        rlim_max: 0,
    };
    // SAFETY: the pointers are valid for the calls.
    unsafe {
        assert_eq!(libc::getrlimit(libc::RLIMIT_NOFILE, &mut limits), 0);
        limits.rlim_cur = limit;
        assert_eq!(libc::setrlimit(libc::RLIMIT_NOFILE, &limits), 0);
    }
}

/// All descriptors that the process may have.
pub struct AllTaken(Vec<File>);

impl AllTaken {
    pub const LIMIT: libc::rlim_t = 256;

    /// Takes them, all but so many.
    pub fn but(free: usize) -> Self {
        set_limit(Self::LIMIT);
        let mut taken = Vec::new();
        while let Ok(file) = File::open("/dev/null") {
            taken.push(file);
        }
        taken.truncate(taken.len() - free);
        Self(taken)
    }

    pub fn give_back(self) {
        drop(self.0);
    }
}
