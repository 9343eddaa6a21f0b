//! Pollers and proxies, as far as the whole process matters: signals, limits, allocation, forks.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::{Cell, OnceCell};
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use ferromq::{
    Context, ErrorKind, Events, PAIR, PULL, PUSH, Pair, Poller, Proxy, Pull, Push, Socket,
};

use crate::child::{DEADLINE, in_child};
use crate::descriptors::set_limit;

/// Counts what each thread allocates.
struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<u64> = const { Cell::new(0) };
}

// SAFETY: all is passed on to the system's allocator; the counter neither allocates nor unwinds.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.set(ALLOCATIONS.get() + 1);
        // SAFETY: passed on to the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: passed on to the caller.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

fn pair(context: &Context) -> (Socket<Pair>, Socket<Pair>) {
    let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
    a.bind("inproc://pair").unwrap();
    b.connect("inproc://pair").unwrap();
    (a, b)
}

#[test]
fn waiting_allocates_nothing() {
    let context = Context::new().unwrap();
    let (a, b) = pair(&context);
    let mut poller = Poller::new();
    for key in 0..40 {
        poller.add(&a, Events::RECV, key).unwrap();
    }
    let idle = poller.add(&b, Events::RECV, 40).unwrap();
    b.send("x").unwrap();
    let before = ALLOCATIONS.get();
    for _ in 0..100 {
        assert_eq!(poller.wait(None).unwrap().count(), 40);
        poller.modify(idle, Events::empty()).unwrap();
        poller.modify(idle, Events::RECV).unwrap();
        assert_eq!(
            b.poll(Events::RECV, Duration::ZERO).unwrap(),
            Events::empty()
        );
    }
    assert_eq!(ALLOCATIONS.get(), before);
    let boxed = Box::new(before);
    assert_eq!(ALLOCATIONS.get(), *boxed + 1, "allocations are not counted");
}

static SIGNALS: AtomicU32 = AtomicU32::new(0);

extern "C" fn count_signal(_: libc::c_int) {
    SIGNALS.fetch_add(1, Ordering::Relaxed);
}

/// From now on every millisecond a signal, which interrupts what is in its way.
fn storm() {
    // SAFETY: the handler only touches an atomic; all pointers are valid for the calls.
    unsafe {
        let mut action: libc::sigaction = MaybeUninit::zeroed().assume_init();
        action.sa_sigaction = count_signal as extern "C" fn(libc::c_int) as usize;
        assert_eq!(libc::sigaction(libc::SIGALRM, &action, ptr::null_mut()), 0);
        let millisecond = libc::timeval {
            tv_sec: 0,
            tv_usec: 1000,
        };
        let timer = libc::itimerval {
            it_interval: millisecond,
            it_value: millisecond,
        };
        assert_eq!(
            libc::setitimer(libc::ITIMER_REAL, &timer, ptr::null_mut()),
            0
        );
    }
}

#[test]
fn signals_do_not_stretch_or_end_a_wait() {
    in_child(|| {
        let context = Context::new().unwrap();
        let (a, _b) = pair(&context);
        let mut poller = Poller::new();
        storm();
        for members in 0..2 {
            for millis in [1, 30, 100] {
                let time = Duration::from_millis(millis);
                let started = Instant::now();
                assert!(poller.wait(time).unwrap().next().is_none());
                let elapsed = started.elapsed();
                assert!(
                    elapsed >= time,
                    "{members} members: {elapsed:?} for {time:?}"
                );
                assert!(
                    elapsed < time + Duration::from_secs(1),
                    "{members} members: {elapsed:?} for {time:?}"
                );
            }
            if members == 0 {
                poller.add(&a, Events::RECV, ()).unwrap();
            }
        }
        let signals = SIGNALS.load(Ordering::Relaxed);
        assert!(signals > 50, "{signals} signals only");
    });
}

#[test]
fn signals_do_not_end_a_proxy() {
    in_child(|| {
        let context = Context::new().unwrap();
        let (frontend, backend, push, pull) = pipeline(&context);
        let (sender, thread) = std::sync::mpsc::channel();
        let mut proxy = Proxy::new(frontend, backend);
        let controller = proxy.controller().unwrap();
        let running = std::thread::spawn(move || {
            // SAFETY: no preconditions.
            sender.send(unsafe { libc::pthread_self() }).unwrap();
            proxy.run()
        });
        let thread = thread.recv_timeout(DEADLINE).unwrap();
        storm();
        for number in 0..200_u32 {
            // SAFETY: the thread runs until it is joined below.
            assert_eq!(unsafe { libc::pthread_kill(thread, libc::SIGALRM) }, 0);
            push.send(&number.to_le_bytes()).unwrap();
            let message = pull.recv_timeout(DEADLINE).unwrap().unwrap();
            assert_eq!(message, number.to_le_bytes());
        }
        controller.pause().unwrap();
        // SAFETY: as above.
        assert_eq!(unsafe { libc::pthread_kill(thread, libc::SIGALRM) }, 0);
        controller.terminate().unwrap();
        running.join().unwrap().unwrap();
    });
}

/// libzmq aborts when it is given more to poll than the process may have descriptors.
#[test]
fn more_members_than_descriptors_are_refused() {
    in_child(|| {
        let context = Context::new().unwrap();
        let (a, b) = pair(&context);
        let mut poller = Poller::new();
        set_limit(20);
        for _ in 0..20 {
            poller.add(&a, Events::SEND, ()).unwrap();
        }
        let by_socket = poller.add(&b, Events::SEND, ()).unwrap_err();
        let stdin = std::io::stdin();
        let by_fd = poller.add_fd(&stdin, Events::RECV, ()).unwrap_err();
        for error in [by_socket, by_fd] {
            assert_eq!(error.kind(), ErrorKind::TooManyOpen);
            let text = error.to_string();
            assert!(text.contains("21 members"), "{text}");
            assert!(text.contains("is 20: raise it"), "{text}");
        }
        assert_eq!(poller.wait(None).unwrap().count(), 20);
        set_limit(19);
        let error = poller.wait(None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooManyOpen);
        set_limit(0);
        let error = b.poll(Events::SEND, None).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TooManyOpen);
        set_limit(64);
        assert_eq!(poller.wait(None).unwrap().count(), 20);
    });
}

#[test]
fn an_inherited_poller_knows_it() {
    let context = Context::new().unwrap();
    let (a, b) = pair(&context);
    let own = OnceCell::new();
    let mut poller = Poller::new();
    poller.add(&a, Events::SEND, ()).unwrap();
    in_child(|| {
        let (own, _peer) = own.get_or_init(|| pair(&Context::new().unwrap()));
        let waited = poller.wait(None).map(drop).unwrap_err();
        let polled = a.poll(Events::SEND, None).unwrap_err();
        let mixed = poller.add(own, Events::SEND, ()).unwrap_err();
        let mut fresh = Poller::new();
        let inherited = fresh.add(&b, Events::SEND, ()).unwrap_err();
        for error in [waited, polled, mixed, inherited] {
            assert_eq!(error.kind(), ErrorKind::Forked);
        }
        fresh.add(own, Events::SEND, ()).unwrap();
        assert_eq!(fresh.wait(None).unwrap().count(), 1);
    });
    assert_eq!(poller.wait(None).unwrap().count(), 1);
}

fn pipeline(context: &Context) -> (Socket<Pull>, Socket<Push>, Socket<Push>, Socket<Pull>) {
    let (frontend, backend) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    frontend.bind("inproc://in").unwrap();
    backend.bind("inproc://out").unwrap();
    push.connect("inproc://in").unwrap();
    pull.connect("inproc://out").unwrap();
    (frontend, backend, push, pull)
}

#[test]
fn an_inherited_proxy_is_left_alone() {
    let context = Context::new().unwrap();
    let (frontend, backend, push, pull) = pipeline(&context);
    let mut idle = Proxy::new(context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    idle.controller().unwrap();
    let running = Proxy::new(frontend, backend).spawn().unwrap();
    let mut handles = (Some(idle), Some(running));
    for join in [false, true] {
        in_child(|| {
            drop(handles.0.take());
            let running = handles.1.take().unwrap();
            let controller = running.controller().clone();
            for result in [
                controller.pause(),
                controller.resume(),
                controller.terminate(),
            ] {
                assert_eq!(result.unwrap_err().kind(), ErrorKind::Forked);
            }
            let asked = controller.statistics().unwrap_err();
            assert_eq!(asked.kind(), ErrorKind::Forked);
            match join {
                true => assert_eq!(running.join().unwrap_err().kind(), ErrorKind::Forked),
                false => drop(running),
            }
        });
    }
    push.send("still alive").unwrap();
    assert_eq!(pull.recv_timeout(DEADLINE).unwrap().unwrap(), "still alive");
}
