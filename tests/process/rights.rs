//! What the system forbids an ordinary user, looked at by one: a child that gives up the rights
//! of root, if the tests have them.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::time::Duration;
use std::{env, process};

use ferromq::{Context, ErrorKind, REP};

use crate::child::in_child;

/// `nobody`, wherever there is one.
const ORDINARY: u32 = 65_534;

fn as_ordinary_user(work: impl FnOnce()) {
    in_child(|| {
        // SAFETY: these change nothing but the ids of this child, which nobody else uses.
        unsafe {
            if libc::geteuid() == 0 {
                assert_eq!(libc::setgroups(0, std::ptr::null()), 0);
                assert_eq!(libc::setgid(ORDINARY), 0);
                assert_eq!(libc::setuid(ORDINARY), 0);
            }
        }
        work();
    });
}

#[track_caller]
fn expect_permission_denied(endpoint: &str) {
    let context = Context::builder().linger(Duration::ZERO).build().unwrap();
    let rep = context.socket(REP).unwrap();
    let error = rep.bind(endpoint).expect_err("it should be forbidden");
    assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}");
    assert_eq!(error.errno(), libc::EACCES);
    let text = error.to_string();
    let expected = format!("bind {endpoint}: permission denied (EACCES); ");
    assert!(text.starts_with(&expected), "{text}");
    let error = std::io::Error::from(error);
    assert_eq!(error.kind(), std::io::ErrorKind::PermissionDenied);
}

#[test]
fn a_privileged_port() {
    let first = "/proc/sys/net/ipv4/ip_unprivileged_port_start";
    let first: u16 = fs::read_to_string(first).unwrap().trim().parse().unwrap();
    let port = first.checked_sub(1).filter(|port| *port > 0).expect(
        "this system has no privileged ports: \
         run `sysctl -w net.ipv4.ip_unprivileged_port_start=1024` for this test",
    );
    as_ordinary_user(|| expect_permission_denied(&format!("tcp://127.0.0.1:{port}")));
}

struct ReadOnlyDirectory(PathBuf);

impl ReadOnlyDirectory {
    fn new() -> Self {
        let path = env::temp_dir().join(format!("ferromq-read-only-{}", process::id()));
        fs::create_dir(&path).unwrap();
        fs::set_permissions(&path, Permissions::from_mode(0o555)).unwrap();
        Self(path)
    }
}

impl Drop for ReadOnlyDirectory {
    fn drop(&mut self) {
        let _ = fs::remove_dir(&self.0);
    }
}

#[test]
fn a_read_only_directory() {
    let directory = ReadOnlyDirectory::new();
    let endpoint = format!("ipc://{}", directory.0.join("socket").display());
    as_ordinary_user(|| expect_permission_denied(&endpoint));
}
