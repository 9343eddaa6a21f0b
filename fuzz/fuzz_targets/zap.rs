//! Questions to an authenticator: each that has an envelope is answered with a status that there is,
//! and only Alice is let in.

#![no_main]

use std::sync::{LazyLock, Mutex};

use ferromq::zap::{Authenticator, Domain, Rules};
use ferromq::{Context, DEALER, Dealer, Socket};
use ferromq_fuzz::{DEADLINE, context, pieces};
use libfuzzer_sys::fuzz_target;

static ALL: LazyLock<Mutex<(Socket<Dealer>, Authenticator, Context)>> = LazyLock::new(|| {
    let context = context();
    let home = Domain::new()
        .allow("10.0.0.0/8")
        .unwrap()
        .allow("ipc")
        .unwrap()
        .deny("10.9.0.0/16")
        .unwrap()
        .password("alice", "secret")
        .key([7; 32].into(), "alice");
    let authenticator = Authenticator::start(&context, Rules::new().domain("home", home)).unwrap();
    let dealer = context.socket(DEALER).unwrap();
    dealer.connect("inproc://zeromq.zap.01").unwrap();
    Mutex::new((dealer, authenticator, context))
});

fuzz_target!(|input: &[u8]| {
    let question = pieces(input);
    let mut frames: Vec<&[u8]> = vec![b""];
    frames.extend(&question);
    if question.is_empty() {
        return;
    }
    let dealer = &ALL.lock().unwrap().0;
    dealer.send_multipart_timeout(frames, DEADLINE).unwrap();
    let reply = dealer.recv_multipart_timeout(DEADLINE).unwrap();
    let reply = reply.expect("no answer");
    let [envelope, version, id, status, _reason, user_id, properties] = &reply[..] else {
        panic!("{reply:?}");
    };
    assert!(envelope.is_empty() && version == "1.0");
    assert_eq!(&id[..], *question.get(1).unwrap_or(&&b""[..]));
    match status.to_str().unwrap() {
        "200" => assert!(question[2] == b"home" && (user_id == "alice" || question[5] == b"NULL")),
        "400" | "500" => assert!(user_id.is_empty() && properties.is_empty()),
        other => panic!("status {other}"),
    }
});
