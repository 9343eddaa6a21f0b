//! One producer, and consumers in many threads.

use std::collections::BTreeSet;
use std::sync::mpsc;
use std::thread;

use ferromq::{ErrorKind, PULL, PUSH};

use crate::support::{DEADLINE, context, send, within_deadline};

/// A producer that connects to consumers that each bind an endpoint of their own, in threads of
/// their own, deals out the messages: each goes to one consumer, and none is lost.
#[test]
fn a_producer_connects_to_many_binders() {
    const CONSUMERS: u32 = 4;
    const MESSAGES: u32 = 400;
    let context = context();
    let producer = context.socket(PUSH).unwrap();
    let (report, reports) = mpsc::channel();
    let mut consumers = Vec::new();
    for consumer in 0..CONSUMERS {
        let pull = context.socket(PULL).unwrap();
        pull.bind("tcp://127.0.0.1:*").unwrap();
        producer.connect(pull.last_endpoint().unwrap()).unwrap();
        let report = report.clone();
        consumers.push(thread::spawn(move || {
            // Shutting the context down ends the work.
            while let Ok(message) = pull.recv() {
                report.send((consumer, message)).unwrap();
            }
        }));
    }
    for message in 0..MESSAGES {
        send(&producer, &message.to_be_bytes());
    }
    let mut messages = BTreeSet::new();
    let mut shares = [0; CONSUMERS as usize];
    for _ in 0..MESSAGES {
        let (consumer, message) = reports.recv_timeout(DEADLINE).unwrap();
        assert!(messages.insert(message.to_vec()), "received twice");
        shares[consumer as usize] += 1;
    }
    assert_eq!(shares, [MESSAGES / CONSUMERS; CONSUMERS as usize]);
    context.shutdown().unwrap();
    for consumer in consumers {
        within_deadline(|| consumer.join()).unwrap();
    }
}

/// Consumers that all bind one endpoint cannot work: an address is one socket's, and the error of
/// the second says so.
#[test]
fn two_consumers_cannot_bind_one_endpoint() {
    let context = context();
    let (one, other) = (context.socket(PULL).unwrap(), context.socket(PULL).unwrap());
    one.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = one.last_endpoint().unwrap();
    let error = other.bind(endpoint.clone()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::AddressInUse);
    let text = error.to_string();
    assert!(text.starts_with(&format!("bind {endpoint}: ")), "{text}");
    assert!(text.contains("address in use"), "{text}");
}
