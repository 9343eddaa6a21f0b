//! Many forks, while the parent works.

use std::ffi::CStr;
use std::fs::File;
use std::io::Read;
use std::os::fd::AsRawFd;
use std::process::{Command, Stdio};
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use ferromq::{PULL, PUSH};

use crate::THOROUGH;
use crate::child::{DEADLINE, forked, in_child, in_child_by, pipe};
use crate::peers::{SetOnDrop, connected_pair, context, exchange, works};

/// Each message arrives once and in its place, while the parent forks, and each child makes a
/// context of its own.
#[test]
fn a_stream_runs_through_many_forks() {
    const FORKS: u32 = if THOROUGH { 1000 } else { 100 };
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    pull.bind("tcp://127.0.0.1:*").unwrap();
    push.connect(pull.last_endpoint().unwrap()).unwrap();
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let sender = scope.spawn(|| {
            let mut sent = 0_u64;
            while !done.load(Ordering::Relaxed) {
                push.send_timeout(&sent.to_le_bytes(), DEADLINE).unwrap();
                sent += 1;
            }
            // The last one is longer.
            push.send(&[0; 9]).unwrap();
            (push, sent)
        });
        let receiver = scope.spawn(|| {
            let mut expected = 0_u64;
            loop {
                let message = pull.recv_timeout(DEADLINE).unwrap().expect("one is lost");
                if message.len() > 8 {
                    return (pull, expected);
                }
                assert_eq!(message, expected.to_le_bytes());
                expected += 1;
            }
        });
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                let socket = context.socket(PUSH).unwrap();
                socket.connect("tcp://127.0.0.1:9").unwrap();
            }
        });
        let done = SetOnDrop(&done);
        let forking = scope.spawn(|| {
            for _ in 0..FORKS {
                in_child(exchange);
            }
        });
        forking.join().unwrap();
        drop(done);
        let (_push, sent) = sender.join().unwrap();
        let (_pull, received) = receiver.join().unwrap();
        assert_eq!(received, sent);
        assert!(sent > u64::from(FORKS), "{sent} messages");
    });
}

/// The descriptors of a program that is started now.
fn of_a_program() -> String {
    let mut program = Command::new("ls");
    let program = program.arg("/proc/self/fd").stdin(Stdio::null()).output();
    String::from_utf8(program.unwrap().stdout).unwrap()
}

/// Forks so that nobody is told of it.
pub fn clone() -> libc::pid_t {
    // SAFETY: what the child does then allocates little, while no other thread allocates, and
    // leaves by `_exit`.
    unsafe { libc::syscall(libc::SYS_clone, libc::SIGCHLD, 0, 0, 0, 0) as libc::pid_t }
}

/// In a process of its own, where no other test allocates at that moment.
#[test]
fn a_cloned_child_knows_it() {
    in_child(|| {
        let context = context();
        let mut handles = Some((connected_pair(&context), context));
        for _ in 0..10 {
            in_child_by(clone, DEADLINE, || {
                let ((a, b), context) = handles.take().unwrap();
                forked(a.recv(), "receive");
                forked(a.send("text").map_err(Into::into), "send");
                forked(context.socket(PULL), "open socket");
                drop((a, b, context));
                exchange();
            });
        }
        let ((a, b), _context) = handles.take().unwrap();
        works(&a, &b);
    });
}

#[test]
fn a_cloned_child_takes_nothing_to_another_program() {
    let without_sockets = of_a_program();
    let context = context();
    let (a, b) = connected_pair(&context);
    let (reader, writer) = pipe();
    let mut reader = File::from(reader);
    let null = File::open("/dev/null").unwrap();
    let [shell, option, command] = [c"/bin/sh", c"-c", c"exec ls /proc/self/fd"].map(CStr::as_ptr);
    let arguments = [shell, option, command, ptr::null()];
    // SAFETY: the child makes system calls only, until it is another program or has left.
    unsafe {
        let child = clone();
        assert!(child >= 0);
        if child == 0 {
            libc::dup2(null.as_raw_fd(), 0);
            libc::dup2(writer.as_raw_fd(), 1);
            libc::execv(shell, arguments.as_ptr());
            libc::_exit(1);
        }
    }
    drop(writer);
    let mut listed = String::new();
    reader.read_to_string(&mut listed).unwrap();
    assert_eq!(listed, without_sockets);
    works(&a, &b);
}

/// A descriptor that is opened first and marked afterwards would now and then be inherited.
#[test]
fn programs_started_meanwhile_inherit_nothing() {
    in_child(|| {
        let without_sockets = of_a_program();
        let context = context();
        let pull = context.socket(PULL).unwrap();
        let endpoints = ["tcp://127.0.0.1:*", "ipc://*"].map(|endpoint| {
            pull.bind(endpoint).unwrap();
            pull.last_endpoint().unwrap()
        });
        let done = AtomicBool::new(false);
        thread::scope(|scope| {
            let (context, done) = (&context, &done);
            for endpoint in &endpoints {
                scope.spawn(move || {
                    while !done.load(Ordering::Relaxed) {
                        // Sockets, connects and accepts, in one context and in new ones.
                        let push = context.socket(PUSH).unwrap();
                        push.connect(endpoint).unwrap();
                        let other = crate::peers::context();
                        let push = other.socket(PUSH).unwrap();
                        push.bind("tcp://127.0.0.1:*").unwrap();
                        push.connect(endpoint).unwrap();
                    }
                });
            }
            let _done = SetOnDrop(done);
            for _ in 0..500 {
                assert_eq!(of_a_program(), without_sockets);
                pull.try_recv().unwrap();
            }
        });
    });
}
