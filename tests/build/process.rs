//! A process to itself for each test that looks at the whole process.

use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{any, env, fs, process, thread};

/// For everything that a test waits for.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// Set in the process that runs one test alone.
const ALONE: &str = "FERROMQ_TEST_ALONE";

/// Runs the test, which must be all of its `#[test]` function, alone in a process: this program
/// once more, told to run that function only. There `TMPDIR` is a directory of its own.
#[track_caller]
pub fn alone<F: FnOnce()>(test: F) {
    if env::var_os(ALONE).is_some() {
        // SAFETY: passes a number. The signal is left to its default, which ends this process:
        // what `DEADLINE` does not catch, such as the end of a context.
        unsafe { libc::alarm(3 * DEADLINE.as_secs() as u32) };
        return test();
    }
    // As in `build::threads::are_named::{{closure}}`; a wrong name is noticed below.
    let closure = any::type_name::<F>();
    let path = closure.split("::").skip(1);
    let name: Vec<_> = path.take_while(|part| !part.starts_with('{')).collect();
    let name = name.join("::");

    // Short, for the address of a socket in it has little room.
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let directory = env::temp_dir().join(format!("ferromq-{}-{number}", process::id()));
    fs::create_dir(&directory).unwrap();
    let output = Command::new(env::current_exe().unwrap())
        .args(["--exact", &name, "--test-threads=1", "--nocapture"])
        .env(ALONE, "1")
        .env("TMPDIR", &directory)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    fs::remove_dir_all(&directory).unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success() && said.contains("1 passed"),
        "alone, {name} ended with {}\n{said}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
}

/// Waits until `look` sees something.
#[track_caller]
pub fn eventually<T>(look: impl Fn() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(seen) = look() {
            return seen;
        }
        assert!(started.elapsed() < DEADLINE, "not seen within {DEADLINE:?}");
        thread::yield_now();
    }
}
