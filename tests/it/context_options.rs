//! The settings of a context, seen in its threads and its sockets.

use std::fs;
use std::time::Duration;

use ferromq::{
    Context, ContextBuilder, ErrorKind, Linkage, PULL, PUSH, REP, REQ, SUB, SchedPolicy, Socket,
    linkage,
};

use crate::logs;
use crate::support::{context, join, recv_multipart, send_multipart, wait_until};

/// The directory in `/proc` of a thread, by its name.
fn thread(name: &str) -> Option<String> {
    let threads = fs::read_dir("/proc/self/task").unwrap();
    let mut paths = threads.map(|entry| entry.unwrap().path());
    let found = paths.find(|path| {
        // Other threads come and go.
        fs::read_to_string(path.join("comm")).is_ok_and(|comm| comm.trim_end() == name)
    });
    found.map(|path| path.to_str().unwrap().to_owned())
}

/// A context with a socket, and the directory of its I/O thread.
fn io_thread(prefix: u32, builder: ContextBuilder) -> (Context, Socket, String) {
    let context = builder.thread_name_prefix(prefix).build().unwrap();
    let socket = context.socket(REP).unwrap().into_any();
    let name = format!("{prefix}/ZMQbg/IO/0");
    wait_until("the thread has its name", || thread(&name).is_some());
    let thread = thread(&name).unwrap();
    (context, socket, thread)
}

/// A field of `/proc/.../stat`, numbered as in proc(5).
fn stat(thread: &str, field: usize) -> i64 {
    let stat = fs::read_to_string(format!("{thread}/stat")).unwrap();
    let (_, rest) = stat.rsplit_once(") ").unwrap();
    rest.split(' ').nth(field - 3).unwrap().parse().unwrap()
}

const POLICY: usize = 41;
const PRIORITY: usize = 40;

#[test]
fn threads_have_their_names() {
    let (context, _socket, _) = io_thread(4711, Context::builder());
    assert_eq!(context.thread_name_prefix().unwrap(), 4711);
}

#[test]
fn threads_have_their_policy() {
    for (prefix, policy, number) in [
        (4712, SchedPolicy::Batch, libc::SCHED_BATCH),
        (4713, SchedPolicy::Idle, libc::SCHED_IDLE),
    ] {
        let builder = Context::builder().thread_sched_policy(policy);
        let (context, _socket, thread) = io_thread(prefix, builder);
        assert_eq!(context.thread_sched_policy().unwrap(), Some(policy));
        // It has its name before its policy.
        wait_until("the thread has its policy", || {
            stat(&thread, POLICY) == number.into()
        });
    }
}

/// Where the system lets this process have them, which libzmq does not ask before it aborts.
#[test]
fn threads_have_their_priority_or_there_is_an_error() {
    let builder = Context::builder()
        .thread_sched_policy(SchedPolicy::Fifo)
        .thread_priority(1);
    match builder.clone().build() {
        Ok(_) => {
            let (_context, _socket, thread) = io_thread(4714, builder);
            wait_until("the thread has its priority", || {
                stat(&thread, POLICY) == libc::SCHED_FIFO.into() && stat(&thread, PRIORITY) == 1
            });
        }
        Err(error) => assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}"),
    }
    let favoured = Context::builder().thread_priority(1);
    match favoured.build() {
        Ok(context) => drop(context.socket(REP).unwrap()),
        Err(error) => assert_eq!(error.kind(), ErrorKind::PermissionDenied, "{error}"),
    }
}

#[test]
fn threads_keep_to_their_cpus() {
    let allowed = |thread: &str| {
        let status = fs::read_to_string(format!("{thread}/status")).unwrap();
        let mut lines = status.lines();
        let list = lines.find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
        list.unwrap().trim().to_owned()
    };
    let all = allowed("/proc/self");
    let last = all.rsplit([',', '-']).next().unwrap();
    let builder = Context::builder().thread_affinity_cpus([last.parse().unwrap()]);
    let (_context, _socket, thread) = io_thread(4715, builder);
    match linkage() {
        Linkage::Vendored => wait_until("the thread keeps to it", || allowed(&thread) == last),
        // Debian's takes the option and does nothing.
        _ => assert!([last, &all].contains(&allowed(&thread).as_str())),
    }
}

#[test]
fn settings_that_would_abort_are_refused() {
    let fifo = || Context::builder().thread_sched_policy(SchedPolicy::Fifo);
    let cpus = |cpus: &[u32]| Context::builder().thread_affinity_cpus(cpus.to_vec());
    for (builder, words) in [
        (fifo(), "`thread_priority` from 1 to 99"),
        (fifo().thread_priority(0), "`thread_priority` from 1 to 99"),
        (
            fifo().thread_priority(100),
            "`thread_priority` from 1 to 99",
        ),
        (
            fifo().thread_priority(u32::MAX),
            "`thread_priority` from 1 to 99",
        ),
        (cpus(&[0, 1023]), "no CPU 1023"),
        (cpus(&[1024]), "no CPU 1024"),
        (cpus(&[u32::MAX]), "no CPU 4294967295"),
        (Context::builder().io_threads(65), "0 to 64"),
        (
            Context::builder().thread_name_prefix(u32::MAX),
            "0 to 2147483647",
        ),
    ] {
        let error = builder.build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(error.to_string().contains(words), "{error}");
    }
}

#[cfg(feature = "draft")]
#[test]
fn threads_are_named_by_a_text() {
    let builder = Context::builder().thread_name_prefix_text("hello");
    let context = builder.build().unwrap();
    let _socket = context.socket(REP).unwrap();
    wait_until("the thread has its name", || {
        thread("hello/ZMQbg/IO/").is_some()
    });
    for text in ["", "four", "text of 17 bytes!", "a\0b"] {
        let error = Context::builder().thread_name_prefix_text(text).build();
        assert_eq!(error.unwrap_err().kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn frames_have_memory_of_their_own_without_zero_copy() {
    let context = Context::builder()
        .linger(Duration::ZERO)
        .zero_copy_recv(false)
        .build()
        .unwrap();
    assert!(!context.zero_copy_recv().unwrap());
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    join(&pull, &push);
    // Of this size they follow each other in a shared buffer at odd distances.
    send_multipart(&push, vec![[7_u8; 99].to_vec(); 10]);
    let frames = recv_multipart(&pull);
    let alignments: Vec<_> = frames
        .iter()
        .map(|frame| frame.as_ptr() as usize % 8)
        .collect();
    assert_eq!(alignments, [alignments[0]; 10]);
}

#[test]
fn a_context_tells_its_settings() {
    let context = Context::builder()
        .io_threads(3)
        .max_sockets(12)
        .ipv6(true)
        .build()
        .unwrap();
    assert_eq!(context.io_threads().unwrap(), 3);
    assert_eq!(context.max_sockets().unwrap(), 12);
    assert_eq!(context.socket_limit().unwrap(), 65_535);
    assert!(context.ipv6().unwrap());
    assert!(context.zero_copy_recv().unwrap());
    assert_eq!(context.thread_sched_policy().unwrap(), None);
    assert_eq!(context.thread_name_prefix().unwrap(), 0);
}

#[test]
fn new_sockets_get_the_defaults_of_their_context() {
    let context = Context::builder()
        .linger(Duration::ZERO)
        .socket_default(|socket| socket.set_linger(Duration::from_secs(1)))
        .socket_default(|socket| socket.set_send_hwm(7))
        .socket_default(|socket| socket.set_rcvtimeo(Duration::from_millis(1)))
        .build()
        .unwrap();
    let rep = context.socket(REP).unwrap();
    assert_eq!(rep.linger().unwrap(), Some(Duration::from_secs(1)));
    assert_eq!(rep.send_hwm().unwrap(), Some(7));
    assert_eq!(rep.recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    rep.set_send_hwm(8).unwrap();
    assert_eq!(rep.send_hwm().unwrap(), Some(8), "it is not bound yet");
}

#[test]
fn a_default_that_does_not_apply_is_reported_once_for_a_kind() {
    logs::collect();
    let context = Context::builder()
        .socket_default(|socket| socket.set_conflate(true))
        .build()
        .unwrap();
    assert!(context.socket(SUB).unwrap().conflate().unwrap());
    for _ in 0..2 {
        context.socket(REQ).unwrap();
        context.socket(REP).unwrap();
    }
    let mut warnings = logs::warnings("ZMQ_CONFLATE");
    warnings.sort();
    let [rep, req] = &warnings[..] else {
        panic!("two warnings: {warnings:?}");
    };
    assert!(
        rep.contains("REP sockets") && req.contains("REQ sockets"),
        "{warnings:?}"
    );
}

#[test]
fn a_default_that_cannot_be_is_an_error_of_each_socket() {
    let context = Context::builder()
        .socket_default(|socket| socket.set_tos(256))
        .build()
        .unwrap();
    let error = context.socket(REP).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("ZMQ_TOS"), "{error}");
}

#[test]
fn a_socket_of_a_kind_becomes_one_of_any() {
    let context = context();
    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    join(&pull, &push);
    let push = push.into_any();
    send_multipart(&push, ["still", "joined"]);
    assert_eq!(recv_multipart(&pull)[..], ["still", "joined"]);
}
