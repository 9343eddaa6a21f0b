//! Steering a proxy, and its ends.

use std::thread;

use ferromq::{ErrorKind, PULL, Proxy};

use super::{Pipeline, five, send_five, wait_until_passed};
use crate::support::{DEADLINE, recv, recv_multipart, send, wait_until, within_deadline};

#[test]
fn nothing_passes_during_a_pause_and_everything_after_it() {
    let (running, _context) = Pipeline::new().spawn();
    let controller = running.proxy.controller();
    for round in 0..50 {
        send(&running.source, "before");
        assert_eq!(recv(&running.sink), "before");
        controller.pause().unwrap();
        for number in 0..100 {
            send(&running.source, format!("{round}/{number}"));
        }
        let statistics = controller.statistics().unwrap();
        assert_eq!(statistics.frontend.received.messages, round * 101 + 1);
        assert_eq!(running.sink.try_recv().unwrap(), None);
        controller.resume().unwrap();
        for number in 0..100 {
            assert_eq!(recv(&running.sink), format!("{round}/{number}"));
        }
    }
}

#[test]
fn a_pause_stops_a_stream() {
    let (running, context) = Pipeline::with_backend_hwm(100).spawn();
    let source = running.source;
    let sender = thread::spawn(move || {
        let mut sent = 0_u64;
        while source.send(&sent.to_le_bytes()).is_ok() {
            sent += 1;
        }
    });
    let controller = running.proxy.controller();
    let mut expected = 0_u64;
    for _ in 0..200 {
        assert_eq!(recv(&running.sink), expected.to_le_bytes());
        expected += 1;
        controller.pause().unwrap();
        let sent = controller.statistics().unwrap().backend.sent.messages;
        while let Some(message) = running.sink.try_recv().unwrap() {
            assert_eq!(message, expected.to_le_bytes());
            expected += 1;
        }
        assert_eq!(expected, sent);
        assert_eq!(controller.statistics().unwrap().backend.sent.messages, sent);
        controller.resume().unwrap();
    }
    context.shutdown().unwrap();
    sender.join().unwrap();
}

#[test]
fn what_could_not_be_sent_is_given_back() {
    let (running, _context) = Pipeline::spawn_stuck();
    running.proxy.controller().terminate().unwrap();
    let parts = running.proxy.join().unwrap().unwrap();
    assert_eq!(parts.unsent_to_backend.unwrap()[..], five(2));
    assert!(parts.unsent_to_frontend.is_none());
    for number in [0, 1] {
        assert_eq!(recv_multipart(&running.sink)[..], five(number));
    }
    for number in [3, 4] {
        assert_eq!(recv_multipart(&parts.frontend)[..], five(number));
    }
}

#[test]
fn it_goes_on_where_it_was() {
    let pipeline = Pipeline::with_backend_hwm(1);
    let mut proxy = Proxy::new(pipeline.frontend, pipeline.backend);
    let controller = proxy.controller().unwrap();
    send_five(&pipeline.source);
    let first = thread::spawn(move || proxy.run().map(|()| proxy));
    wait_until_passed(&controller, 3, 2);
    controller.terminate().unwrap();
    let mut proxy = within_deadline(|| first.join().unwrap()).unwrap();
    let second = thread::spawn(move || proxy.run());
    for number in 0..5 {
        assert_eq!(recv_multipart(&pipeline.sink)[..], five(number));
    }
    controller.terminate().unwrap();
    within_deadline(|| second.join().unwrap()).unwrap();
}

#[test]
fn orders_given_before_the_start_are_kept() {
    let pipeline = Pipeline::new();
    send(&pipeline.source, "x");
    let mut proxy = Proxy::new(&pipeline.frontend, &pipeline.backend);
    let controller = proxy.controller().unwrap();
    controller.terminate().unwrap();
    proxy.run().unwrap();
    assert_eq!(
        controller.statistics().unwrap().frontend.received.messages,
        0
    );
    drop(proxy);

    let mut proxy = Proxy::new(pipeline.frontend, pipeline.backend);
    let controller = proxy.controller().unwrap();
    controller.pause().unwrap();
    let thread = thread::spawn(move || proxy.run());
    assert_eq!(
        controller.statistics().unwrap().frontend.received.messages,
        0
    );
    assert_eq!(pipeline.sink.try_recv().unwrap(), None);
    controller.resume().unwrap();
    assert_eq!(recv(&pipeline.sink), "x");
    controller.terminate().unwrap();
    within_deadline(|| thread.join().unwrap()).unwrap();
}

#[test]
fn calls_to_a_proxy_that_is_gone_do_not_hang() {
    let (running, _context) = Pipeline::new().spawn();
    let controller = running.proxy.controller().clone();
    send(&running.source, "x");
    recv(&running.sink);
    within_deadline(move || drop(running.proxy));
    for result in [controller.pause(), controller.resume()] {
        let error = result.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WrongState);
        assert!(
            error.to_string().ends_with("the proxy has ended"),
            "{error}"
        );
    }
    controller.terminate().unwrap();
    assert_eq!(controller.statistics().unwrap().backend.sent.messages, 1);
}

#[test]
fn many_controllers_steer_one_proxy() {
    let (running, context) = Pipeline::new().spawn();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let controller = running.proxy.controller().clone();
            thread::spawn(move || {
                for _ in 0..500 {
                    controller.pause().unwrap();
                    controller.statistics().unwrap();
                    controller.resume().unwrap();
                }
            })
        })
        .collect();
    within_deadline(|| {
        threads
            .into_iter()
            .for_each(|thread| thread.join().unwrap())
    });
    send(&running.source, "still alive");
    assert_eq!(recv(&running.sink), "still alive");
    drop((running, context));
}

#[test]
fn dropping_the_handle_frees_the_endpoints() {
    let (running, context) = Pipeline::new().spawn();
    within_deadline(move || drop(running.proxy));
    let again = context.socket(PULL).unwrap();
    wait_until("the name is free", || {
        again.bind("inproc://frontend").is_ok()
    });
}

#[test]
fn a_shutdown_ends_it_whatever_it_does() {
    // Forwarding, paused, and with a message that it cannot get rid of.
    for paused in [false, true] {
        for stuck in [false, true] {
            let (running, context) = match stuck {
                true => Pipeline::spawn_stuck(),
                false => Pipeline::new().spawn(),
            };
            if paused {
                running.proxy.controller().pause().unwrap();
            }
            context.shutdown().unwrap();
            assert!(within_deadline(|| running.proxy.join()).unwrap().is_none());
        }
    }
}

#[test]
fn a_context_ends_while_the_handle_is_there() {
    let (running, context) = Pipeline::new().spawn();
    drop((running.source, running.sink));
    context.terminate(DEADLINE).unwrap();
    assert!(running.proxy.join().unwrap().is_none());
}
