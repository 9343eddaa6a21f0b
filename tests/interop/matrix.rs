//! The matrix: each pair of kinds that can talk, with Rust on either side and bind on either side, over
//! each transport, with messages of each size.

use std::time::Duration;

use ferromq::SocketType;

use crate::payload::pattern;
use crate::peer::{Frames, Host, Setting, Side, Stranger, Transport, frames, join};
use crate::pubsub::synchronize;
use crate::stream::stream_stream;
use crate::support::{Directory, context};

const SIZES: [usize; 8] = [0, 1, 254, 255, 256, 8192, 65536, 1 << 20];

macro_rules! pairs {
    ($($name:ident: $a:ident $b:ident;)*) => {
        $(fn $name(stranger: &impl Stranger) {
            pair(stranger, [SocketType::$a, SocketType::$b]);
        })*

        for_each_python! { $($name)* stream_stream a_hundred_mebibytes }
        #[cfg(all(feature = "draft", ferromq_vendored))]
        for_cpp! { $($name)* stream_stream }
    };
}

pairs! {
    req_rep: Req Rep;
    req_router: Req Router;
    dealer_rep: Dealer Rep;
    dealer_dealer: Dealer Dealer;
    dealer_router: Dealer Router;
    router_router: Router Router;
    pub_sub: Pub Sub;
    pub_xsub: Pub XSub;
    xpub_sub: XPub Sub;
    xpub_xsub: XPub XSub;
    push_pull: Push Pull;
    pair_pair: Pair Pair;
}

fn payloads() -> Vec<Frames> {
    let mut payloads: Vec<Frames> = SIZES.map(|size| vec![pattern(size)]).into();
    payloads.push(SIZES.map(pattern).into());
    payloads.push(frames(["消息群发", "", ""]));
    payloads.push(vec![(0..=255).collect(), vec![]]);
    payloads.push((0..1000_u32).map(|n| n.to_string().into_bytes()).collect());
    payloads
}

/// The cells of a pair.
fn pair<S: Stranger>(stranger: &S, kinds: [SocketType; 2]) {
    let rust = context();
    let arrangements = [[&rust as &dyn Host, stranger], [stranger, &rust]];
    for hosts in arrangements {
        for binder in [0, 1] {
            for &transport in S::TRANSPORTS {
                stranger.report(&cell_name(hosts, kinds, binder, transport));
                cell(hosts, kinds, binder, transport);
            }
        }
        if kinds[0] == kinds[1] {
            break;
        }
    }
}

pub fn cell_name(
    hosts: [&dyn Host; 2],
    kinds: [SocketType; 2],
    binder: usize,
    transport: Transport,
) -> String {
    let side = |i: usize| {
        let verb = if i == binder { "binds" } else { "connects" };
        format!("{} in {} {verb}", kinds[i], hosts[i].language())
    };
    format!("{}, {}, {transport:?}", side(0), side(1))
}

fn cell(hosts: [&dyn Host; 2], kinds: [SocketType; 2], binder: usize, transport: Transport) {
    let directory = Directory::new();
    let sides = [0, 1].map(|i| hosts[i].open(kinds[i]));
    let [a, b] = sides.each_ref().map(|side| &**side);
    connect([a, b], kinds, binder, &transport.endpoint(&directory));
    match kinds[0] {
        SocketType::Pub | SocketType::XPub => {
            synchronize(a, [b], [""]);
            down(a, b);
        }
        SocketType::Push => down(a, b),
        // Who connects has a name for the other, and so can begin.
        SocketType::Router => there_and_back([a, b], kinds, 1 - binder),
        _ => there_and_back([a, b], kinds, 0),
    }
    for side in sides {
        side.close_within(Duration::ZERO);
    }
}

/// The name that a ROUTER has for the socket that it connects to, if it must know one.
const BINDER: &str = "binder";

fn connect(sides: [&dyn Side; 2], kinds: [SocketType; 2], binder: usize, endpoint: &str) {
    let [binding, connecting] = [sides[binder], sides[1 - binder]];
    if endpoint.contains("[::1]") {
        binding.set(Setting::Ipv6);
        connecting.set(Setting::Ipv6);
    }
    if kinds == [SocketType::Router; 2] {
        connecting.set(Setting::ConnectRoutingId(BINDER.as_bytes()));
    }
    let endpoint = binding.bind_to(endpoint);
    connecting.connect_to(&endpoint);
    if matches!(kinds[1], SocketType::Sub | SocketType::XSub) {
        sides[1].subscribe_to("");
    }
}

fn down(from: &dyn Side, to: &dyn Side) {
    for payload in payloads() {
        from.send_frames(&payload);
        assert_same(&to.recv_frames(), &payload);
    }
}

/// Each payload to the other side, which gives back what it gets.
fn there_and_back(sides: [&dyn Side; 2], kinds: [SocketType; 2], first: usize) {
    let second = 1 - first;
    let address = match (kinds[first], kinds[second]) {
        (SocketType::Router, _) => frames([BINDER]),
        (SocketType::Dealer, SocketType::Rep) => frames([""]),
        _ => vec![],
    };
    let envelope = match (kinds[first], kinds[second]) {
        (SocketType::Req, SocketType::Router) => 2,
        (_, SocketType::Router) => 1,
        _ => 0,
    };
    for payload in payloads() {
        let message = [address.clone(), payload.clone()].concat();
        sides[first].send_frames(&message);
        let received = sides[second].recv_frames();
        assert_same(&received[envelope..], &payload);
        sides[second].send_frames(&received);
        assert_same(&sides[first].recv_frames(), &message);
    }
}

#[track_caller]
fn assert_same(received: &[Vec<u8>], sent: &[Vec<u8>]) {
    let lengths = |frames: &[Vec<u8>]| frames.iter().map(Vec::len).collect::<Vec<_>>();
    assert_eq!(lengths(received), lengths(sent));
    assert!(received == sent, "the bytes differ");
}

/// Once is enough: it is a matter of memory and time.
fn a_hundred_mebibytes(stranger: &impl Stranger) {
    let rust = context();
    let (ours, theirs) = (rust.open(SocketType::Pair), stranger.open(SocketType::Pair));
    stranger.report("PAIR in Rust binds, PAIR in Python connects, Tcp, 100 MiB");
    join(&*ours, &*theirs);
    let payload = vec![pattern(100 << 20)];
    ours.send_frames(&payload);
    assert_same(&theirs.recv_frames(), &payload);
    theirs.send_frames(&payload);
    assert_same(&ours.recv_frames(), &payload);
}
