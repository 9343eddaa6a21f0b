//! Questions to an authenticator that libzmq would not ask: each is answered, and none harms it.

use ferromq::zap::{Domain, Verdict};
use ferromq::{DEALER, Message, MonitorEventKind, Multipart, PULL, PUSH};

use crate::random::Random;
use crate::support::{context, recv_multipart, send_multipart};
use crate::{HOME, join, passes, plain_client, plain_server, result, start};

/// A right question, about Alice.
fn question() -> [&'static [u8]; 8] {
    let home = HOME.as_bytes();
    [
        b"1.0",
        b"1",
        home,
        b"127.0.0.1",
        b"",
        b"PLAIN",
        b"alice",
        b"secret",
    ]
}

fn random_question(random: &mut Random) -> Vec<Vec<u8>> {
    let mut frames: Vec<Vec<u8>> = question().map(<[u8]>::to_vec).into();
    match random.below(4) {
        // Anything.
        0 => {
            frames.clear();
            for _ in 0..=random.below(12) {
                let len = random.below(64);
                frames.push(random.bytes(len));
            }
        }
        // Frames missing, doubled, or in another order.
        1 => {
            let (a, b) = (random.below(8), random.below(8));
            match random.below(3) {
                0 => drop(frames.drain(a.min(b) + 1..a.max(b).max(a.min(b) + 1))),
                1 => frames.insert(a, frames[b].clone()),
                _ => frames.swap(a, b),
            }
        }
        // Another mechanism.
        2 => {
            let mechanisms = [&b"NULL"[..], b"CURVE", b"GSSAPI", b"plain", b""];
            frames[5] = random.one_of(&mechanisms).to_vec();
            frames.truncate(6 + random.below(3));
            if let Some(frame) = frames.get_mut(6) {
                let len = 31 + random.below(3);
                *frame = random.bytes(len);
            }
        }
        _ => {
            let at = random.below(frames.len());
            random.mutate(&mut frames[at]);
        }
    }
    frames
}

#[test]
fn every_question_is_answered() {
    let context = context();
    let home =
        Domain::new()
            .password("alice", "secret")
            .check(|request| match request.routing_id {
                b"panic" => panic!("the check of the test panics, as it should"),
                _ => Verdict::deny(format!("{request:?}")),
            });
    let _authenticator = start(&context, home);
    let asker = context.socket(DEALER).unwrap();
    asker.connect("inproc://zeromq.zap.01").unwrap();
    let ask = |frames: Vec<Vec<u8>>| {
        let mut message = Multipart::from(frames);
        message.push_front(Message::new());
        send_multipart(&asker, message);
        let reply = recv_multipart(&asker);
        assert_eq!(reply.len(), 7, "{reply:?}");
        assert!(reply[0].is_empty());
        assert_eq!(reply[1], "1.0");
        reply
    };
    let status = |frames: &[&[u8]]| {
        let reply = ask(frames.iter().map(|frame| frame.to_vec()).collect());
        let id = frames.get(1).copied().unwrap_or_default();
        assert_eq!(reply[2], id);
        reply[3].to_str().unwrap().to_owned()
    };

    let right = question();
    assert_eq!(status(&right), "200");
    assert_eq!(status(&right[..7]), "500", "no password");
    assert_eq!(status(&right[..6]), "500", "no credentials");
    assert_eq!(status(&right[..2]), "500", "no domain");
    assert_eq!(status(&[b""]), "500", "nothing");
    for (at, frame, expected) in [
        (0, &b"1.1"[..], "500"),
        (0, b"", "500"),
        (1, b"", "200"),
        (1, b"another", "200"),
        (2, b"elsewhere", "400"),
        (2, b"\xff", "500"),
        (3, b"", "200"),
        (3, b"\xff", "200"),
        (4, b"panic", "200"),
        (5, b"CURVE", "500"),
        (5, b"NULL", "500"),
        (5, b"KERBEROS", "500"),
        (6, b"bob", "400"),
        (6, b"\xff", "500"),
        (7, b"other", "400"),
        (7, b"", "400"),
    ] {
        let mut frames = right;
        frames[at] = frame;
        assert_eq!(status(&frames), expected, "{at} {frame:?}");
    }
    let mut nobody = right;
    (nobody[6], nobody[7]) = (b"bob", b"");
    assert_eq!(status(&nobody), "400");
    let mut panics = right;
    (panics[4], panics[7]) = (b"panic", b"other");
    assert_eq!(status(&panics), "500");

    let mut random = Random::seeded();
    for _ in 0..10_000 {
        let frames = random_question(&mut random);
        let is_right = frames[..].iter().map(Vec::as_slice).eq(right);
        let reply = ask(frames);
        let status = reply[3].to_str().unwrap();
        let possible = ["200", "400", "500"].contains(&status);
        assert!(possible && (!is_right || status == "200"), "{reply:?}");
        if status != "200" {
            assert!(reply[5].is_empty() && reply[6].is_empty(), "{reply:?}");
        }
    }
    // What has no envelope is not heard, and not answered.
    for _ in 0..100 {
        let frames = vec![random.bytes(8); 3];
        send_multipart(&asker, frames);
    }

    let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
    pull.set_security(plain_server()).unwrap();
    push.set_security(plain_client("alice", "secret")).unwrap();
    let (at_server, _) = join(&pull, &push);
    assert_eq!(result(&at_server), MonitorEventKind::HandshakeSucceeded);
    assert_eq!(passes(&push, &pull).user_id().unwrap(), Some("alice"));
}
