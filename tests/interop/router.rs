//! ROUTER: names for peers.

use std::time::Duration;

use ferromq::SocketType;

use crate::payload::pattern;
use crate::peer::{Sent, Setting, Side, Stranger, either_way, frames, join};

for_each_peer! {
    a_peer_chooses_its_id
    a_probe_makes_a_peer_known
    a_mandatory_router_misses_peers
    a_mandatory_router_waits_for_a_slow_peer
    an_id_is_taken_once
    an_id_is_handed_over
    who_connects_names_the_peer
}

/// With a zero byte, and as short and as long as can be.
fn ids() -> [Vec<u8>; 4] {
    [
        b"worker".to_vec(),
        b"w\0rker\0".to_vec(),
        b"w".to_vec(),
        (1..=255).collect(),
    ]
}

/// A message from the peer to the ROUTER and back.
#[track_caller]
fn there_and_back(peer: &dyn Side, router: &dyn Side, id: &[u8], text: &str) {
    let hello = text.as_bytes().to_vec();
    peer.send_frames(&vec![hello.clone()]);
    let received = router.recv_frames();
    assert_eq!(received[0], id);
    assert_eq!(received.last(), Some(&hello));
    router.send_frames(&received);
    assert_eq!(peer.recv_frames(), [hello]);
}

fn a_peer_chooses_its_id(stranger: &impl Stranger) {
    for kind in [SocketType::Dealer, SocketType::Req] {
        either_way(stranger, ["ROUTER", kind.name()], |one, other| {
            let router = one.open(SocketType::Router);
            let endpoint = router.bind_to_any_port();
            for id in ids() {
                let peer = other.open(kind);
                peer.set(Setting::RoutingId(&id));
                peer.connect_to(&endpoint);
                there_and_back(&*peer, &*router, &id, "hello");
            }
        });
    }
}

fn a_probe_makes_a_peer_known(stranger: &impl Stranger) {
    either_way(stranger, ["ROUTER", "DEALER"], |one, other| {
        let (router, dealer) = (one.open(SocketType::Router), other.open(SocketType::Dealer));
        dealer.set(Setting::RoutingId(b"worker"));
        dealer.set(Setting::ProbeRouter);
        join(&*router, &*dealer);
        assert_eq!(router.recv_frames(), frames(["worker", ""]));
        router.send_frames(&frames(["worker", "hello"]));
        assert_eq!(dealer.recv_frames(), frames(["hello"]));
    });
}

fn a_mandatory_router_misses_peers(stranger: &impl Stranger) {
    let to = |id: &str| frames([id, "hello"]);
    either_way(stranger, ["ROUTER", "DEALER"], |one, other| {
        let (router, dealer) = (one.open(SocketType::Router), other.open(SocketType::Dealer));
        dealer.set(Setting::RoutingId(b"worker"));
        join(&*router, &*dealer);
        there_and_back(&*dealer, &*router, b"worker", "here");
        let send = |id| router.send_within(&to(id), Duration::ZERO);
        assert_eq!(send("nobody"), Sent::Taken, "and dropped");
        router.set(Setting::RouterMandatory);
        assert_eq!(send("nobody"), Sent::NoSuchPeer);
        assert_eq!(send("worker"), Sent::Taken);
        assert_eq!(dealer.recv_frames(), frames(["hello"]));
    });
}

/// Its queue is full, and the peer reads no more.
fn a_mandatory_router_waits_for_a_slow_peer(stranger: &impl Stranger) {
    either_way(stranger, ["ROUTER", "DEALER"], |one, other| {
        let (router, dealer) = (one.open(SocketType::Router), other.open(SocketType::Dealer));
        router.set(Setting::RouterMandatory);
        router.set(Setting::SendHwm(1));
        dealer.set(Setting::RecvHwm(1));
        dealer.set(Setting::RoutingId(b"worker"));
        join(&*router, &*dealer);
        there_and_back(&*dealer, &*router, b"worker", "here");
        let task = vec![b"worker".to_vec(), pattern(1 << 20)];
        let mut sent = 0;
        while router.send_within(&task, Duration::ZERO) == Sent::Taken {
            sent += 1;
            assert!(sent < 100, "it takes all");
        }
        for _ in 0..sent {
            assert!(dealer.recv_frames() == task[1..]);
        }
        router.send_frames(&task);
        assert!(dealer.recv_frames() == task[1..]);
    });
}

/// Who comes second with an id is not let in.
fn an_id_is_taken_once(stranger: &impl Stranger) {
    second_with_an_id(stranger, false);
}

fn an_id_is_handed_over(stranger: &impl Stranger) {
    second_with_an_id(stranger, true);
}

fn second_with_an_id(stranger: &impl Stranger, handover: bool) {
    either_way(stranger, ["ROUTER", "DEALERs"], |one, other| {
        let router = one.open(SocketType::Router);
        if handover {
            router.set(Setting::RouterHandover);
        }
        let endpoint = router.bind_to_any_port();
        let [first, second] = [(); 2].map(|()| {
            let dealer = other.open(SocketType::Dealer);
            dealer.set(Setting::RoutingId(b"worker"));
            dealer
        });
        first.connect_to(&endpoint);
        there_and_back(&*first, &*router, b"worker", "the first");
        let events = second.events();
        second.connect_to(&endpoint);
        events.wait_for_event("HANDSHAKE_SUCCEEDED");
        if handover {
            there_and_back(&*second, &*router, b"worker", "the second");
        } else {
            second.send_frames(&frames(["nobody gets this"]));
            there_and_back(&*first, &*router, b"worker", "still the first");
        }
    });
}

fn who_connects_names_the_peer(stranger: &impl Stranger) {
    either_way(stranger, ["ROUTER", "DEALER"], |one, other| {
        for id in ids() {
            let (router, dealer) = (one.open(SocketType::Router), other.open(SocketType::Dealer));
            router.set(Setting::ConnectRoutingId(&id));
            join(&*dealer, &*router);
            router.send_frames(&vec![id.clone(), b"hello".to_vec()]);
            assert_eq!(dealer.recv_frames(), frames(["hello"]));
            there_and_back(&*dealer, &*router, &id, "and back");
        }
    });
}
