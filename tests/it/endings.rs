//! Ways to end: in any order, on any thread, in the middle of a panic. None waits for ever.

use std::any::Any;
use std::cell::RefCell;
use std::mem::ManuallyDrop;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

use ferromq::{Context, ErrorKind, MonitorEvents, PULL, PUSH, Proxy, Push, Socket};

use crate::support::{DEADLINE, Directory, ThreadId, context, join, recv, send, within_deadline};

const LINGER: Duration = Duration::from_millis(100);

type Handle = Box<dyn Any + Send>;

/// One of each that keeps a context alive or works for it; a message waits for nobody.
fn one_of_each(linger: Duration, endpoint: &str) -> Vec<Handle> {
    let context = Context::builder().linger(linger).build().unwrap();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    let monitor = push.monitor(MonitorEvents::all()).unwrap();
    join(&pull, &push);
    send(&push, "received");
    let message = recv(&pull);
    let waits = context.socket(PUSH).unwrap();
    waits.connect(endpoint).unwrap();
    send(&waits, "waits for nobody");
    let (front, back) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    front.bind("inproc://front").unwrap();
    back.bind("inproc://back").unwrap();
    let proxy = Proxy::new(front, back).spawn().unwrap();
    vec![
        Box::new(context),
        Box::new((push, waits)),
        Box::new(pull),
        Box::new(monitor),
        Box::new(message),
        Box::new(proxy),
    ]
}

/// The `number`th order of so many things.
fn order(mut number: usize, count: usize) -> Vec<usize> {
    let mut left: Vec<_> = (0..count).collect();
    let mut order = Vec::new();
    while !left.is_empty() {
        order.push(left.remove(number % left.len()));
        number /= left.len() + 1;
    }
    order
}

#[test]
fn handles_are_dropped_in_every_order() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("nobody");
    let count = one_of_each(Duration::ZERO, &endpoint).len();
    let mut orders = Vec::new();
    for number in 0..(1..=count).product() {
        let order = order(number, count);
        let mut handles: Vec<_> = one_of_each(Duration::ZERO, &endpoint)
            .into_iter()
            .map(Some)
            .collect();
        let drops = order.clone();
        within_deadline(move || {
            for at in drops {
                handles[at].take();
            }
        });
        orders.push(order);
    }
    orders.sort_unstable();
    orders.dedup();
    assert_eq!(orders.len(), 720);
}

#[test]
fn whichever_is_the_last_waits_for_what_lingers() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("nobody");
    let count = one_of_each(Duration::ZERO, &endpoint).len();
    // A message does not keep its context.
    for last in (0..count).filter(|&last| last != 4) {
        let mut handles = one_of_each(LINGER, &endpoint);
        let last = handles.remove(last);
        let started = Instant::now();
        within_deadline(|| {
            drop(handles);
            drop(last);
        });
        // libzmq's timers count whole milliseconds, and may be early by one.
        assert!(started.elapsed() + Duration::from_millis(2) >= LINGER);
    }
}

#[test]
fn a_panic_unwinds_through_all_handles() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("nobody");
    within_deadline(move || {
        let unwound = catch_unwind(|| {
            let _handles = one_of_each(LINGER, &endpoint);
            let context = Context::builder().linger(LINGER).build().unwrap();
            let waits = context.socket(PUSH).unwrap();
            waits.connect(&endpoint).unwrap();
            send(&waits, "waits for nobody");
            // Without a report of the panic, which is wanted.
            resume_unwind(Box::new("the panic"));
        });
        assert_eq!(
            *unwound.unwrap_err().downcast::<&str>().unwrap(),
            "the panic"
        );
    });
}

/// Sends while it is dropped.
struct Farewell(Socket<Push>);

impl Drop for Farewell {
    fn drop(&mut self) {
        self.0.send("farewell").unwrap();
    }
}

#[test]
fn a_destructor_sends_during_a_panic() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    join(&push, &pull);
    push.poll(ferromq::Events::SEND, DEADLINE).unwrap();
    let farewell = Farewell(push);
    let unwound = catch_unwind(AssertUnwindSafe(move || {
        let _farewell = farewell;
        resume_unwind(Box::new(()));
    }));
    assert!(unwound.is_err());
    assert_eq!(recv(&pull), "farewell");
}

#[test]
fn handles_of_a_thread_end_with_it() {
    thread_local! {
        static HANDLES: RefCell<Vec<Handle>> = const { RefCell::new(Vec::new()) };
    }
    let directory = Directory::new();
    let endpoint = directory.endpoint("nobody");
    let started = Instant::now();
    within_deadline(|| {
        let thread = thread::spawn(move || {
            HANDLES.set(one_of_each(LINGER, &endpoint));
        });
        thread.join()
    })
    .unwrap();
    assert!(started.elapsed() + Duration::from_millis(2) >= LINGER);
}

#[test]
fn a_context_is_dropped_while_others_wait_in_its_sockets() {
    let context = Context::new().unwrap();
    let pull = context.socket(PULL).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = pull.last_endpoint().unwrap();
    let (report, reports) = mpsc::channel();
    let (waiting, waits) = mpsc::channel();
    let thread = thread::spawn(move || {
        waiting.send(ThreadId::current()).unwrap();
        report.send(pull.recv()).unwrap();
        // The last handle of the context is dropped here.
    });
    waits.recv().unwrap().wait_until_asleep();
    within_deadline(|| drop(context));
    let other = self::context();
    let push = other.socket(PUSH).unwrap();
    push.connect(endpoint).unwrap();
    send(&push, "after the drop");
    let message = reports.recv_timeout(DEADLINE).unwrap().unwrap();
    assert_eq!(message, "after the drop");
    within_deadline(|| thread.join()).unwrap();
}

#[test]
fn a_context_is_terminated_by_the_thread_that_has_a_socket_open() {
    let context = Context::new().unwrap();
    let pull = context.socket(PULL).unwrap();
    let error = context.terminate(Duration::from_millis(1)).unwrap_err();
    assert_eq!(error.pending().len(), 1);
    assert_eq!(pull.recv().unwrap_err().kind(), ErrorKind::Terminated);
    drop(pull);
    context.terminate(DEADLINE).unwrap();
}

#[test]
fn a_forgotten_socket_keeps_its_context_and_nobody_waits() {
    let context = Context::new().unwrap();
    let mut forgotten = ManuallyDrop::new(context.socket(PULL).unwrap());
    let error = context.terminate(Duration::from_millis(1)).unwrap_err();
    assert!(error.to_string().contains("PULL socket, open, made at "));
    within_deadline(|| drop(context));
    // SAFETY: dropped once, and not used again. For the searches for leaks.
    unsafe { ManuallyDrop::drop(&mut forgotten) };
}
