//! Connections that come, break, and come again.

use std::time::Duration;

use ferromq::SocketType;

use crate::echo::Echo;
use crate::peer::{
    Frames, Host, Sent, Setting, Side, Stranger, either_way, frames, join_either_way,
};
use crate::support::{Directory, context, wait_until};

for_each_peer! {
    peers_are_seen_to_come_and_go
    an_endpoint_changes_hands
    a_client_changes_servers
    heartbeats_find_a_stopped_peer
    heartbeats_find_a_stopped_rust
    a_killed_server_is_found_again
    a_killed_client_comes_again
}

fn converse(req: &dyn Side, rep: &dyn Side) {
    for (question, answer) in [("Are you OK?", "I am OK!"), ("你好吗？", "我很好！")] {
        carry(req, rep, &frames([question]));
        carry(rep, req, &frames([answer]));
    }
}

#[track_caller]
fn carry(from: &dyn Side, to: &dyn Side, message: &Frames) {
    from.send_frames(message);
    assert_eq!(to.recv_frames(), *message);
}

fn peers_are_seen_to_come_and_go(stranger: &impl Stranger) {
    either_way(stranger, ["PULL", "PUSH"], |stayer, comer| {
        let pull = stayer.open(SocketType::Pull);
        let events = pull.events();
        let endpoint = pull.bind_to_any_port();
        for _ in 0..2 {
            let push = comer.open(SocketType::Push);
            push.connect_to(&endpoint);
            assert_eq!(events.wait_for_event("HANDSHAKE_SUCCEEDED"), endpoint);
            push.close_within(Duration::ZERO);
            assert_eq!(events.wait_for_event("DISCONNECTED"), endpoint);
        }
    });
}

/// A server in one language takes over the endpoint of one in the other.
fn an_endpoint_changes_hands(stranger: &impl Stranger) {
    either_way(stranger, ["old", "new"], |one, other| {
        let (old, new) = (one.open(SocketType::Rep), other.open(SocketType::Rep));
        let events = old.events();
        let endpoint = old.bind_to_any_port();
        old.unbind_from(&endpoint);
        assert_eq!(events.wait_for_event("CLOSED"), endpoint);
        new.bind_to(&endpoint);
        let req = one.open(SocketType::Req);
        req.connect_to(&endpoint);
        converse(&*req, &*new);
    });
}

/// After a disconnect nothing goes to the old server any more.
fn a_client_changes_servers(stranger: &impl Stranger) {
    either_way(stranger, ["REQ", "REP"], |client, servers| {
        let req = client.open(SocketType::Req);
        for rep in [(); 2].map(|()| servers.open(SocketType::Rep)) {
            let endpoint = rep.bind_to_any_port();
            req.connect_to(&endpoint);
            converse(&*req, &*rep);
            req.disconnect_from(&endpoint);
        }
    });
}

/// Only heartbeats tell that a process is stopped: the kernel keeps its connections.
fn heartbeats_find_a_stopped_peer(stranger: &impl Stranger) {
    let rust = context();
    for rust_binds in [true, false] {
        let language = stranger.language();
        let binder = if rust_binds { "Rust" } else { language };
        stranger.report(&format!("DEALERs, {binder} binds, {language} is stopped"));
        let (ours, theirs) = (
            rust.open(SocketType::Dealer),
            stranger.open(SocketType::Dealer),
        );
        ours.set(Setting::HeartbeatIvl(Duration::from_millis(500)));
        let events = ours.events();
        join_either_way(rust_binds, &*ours, &*theirs);
        events.wait_for_event("HANDSHAKE_SUCCEEDED");
        carry(&*theirs, &*ours, &frames(["before"]));
        stranger.pause();
        events.wait_for_event("DISCONNECTED");
        stranger.resume();
        events.wait_for_event("HANDSHAKE_SUCCEEDED");
        carry(&*theirs, &*ours, &frames(["after"]));
        carry(&*ours, &*theirs, &frames(["and back"]));
    }
}

/// The other way round: who is stopped is Rust.
fn heartbeats_find_a_stopped_rust(stranger: &impl Stranger) {
    for watcher_binds in [true, false] {
        let binder = if watcher_binds {
            stranger.language()
        } else {
            "Rust"
        };
        stranger.report(&format!("DEALERs, {binder} binds, Rust is stopped"));
        find_a_stopped_rust(stranger, watcher_binds);
    }
}

#[test]
fn rust_finds_a_stopped_rust() {
    for watcher_binds in [true, false] {
        find_a_stopped_rust(&context(), watcher_binds);
    }
}

fn find_a_stopped_rust(watcher: &dyn Host, watcher_binds: bool) {
    let dealer = watcher.open(SocketType::Dealer);
    dealer.set(Setting::HeartbeatIvl(Duration::from_millis(500)));
    let events = dealer.events();
    let echo = if watcher_binds {
        Echo::connected_to(&dealer.bind_to_any_port())
    } else {
        let echo = Echo::bound();
        dealer.connect_to(&echo.endpoint);
        echo
    };
    let talk = |text| {
        events.wait_for_event("HANDSHAKE_SUCCEEDED");
        dealer.send_frames(&frames([text]));
        assert_eq!(dealer.recv_frames(), frames([text]));
    };
    talk("before");
    echo.process.signal(libc::SIGSTOP);
    events.wait_for_event("DISCONNECTED");
    echo.process.signal(libc::SIGCONT);
    talk("after");
}

/// What is sent while nobody is there gets to the server that comes to the same endpoint.
fn a_killed_server_is_found_again(stranger: &impl Stranger) {
    let (rust, directory) = (context(), Directory::new());
    for endpoint in ["tcp://127.0.0.1:*", &directory.endpoint("server")] {
        stranger.report(&format!(
            "PUSH in Rust, PULL in {} is killed, {endpoint}",
            stranger.language()
        ));
        let (push, victim) = (rust.open(SocketType::Push), stranger.another());
        let events = push.events();
        let endpoint = {
            let pull = victim.open(SocketType::Pull);
            let endpoint = pull.bind_to(endpoint);
            push.connect_to(&endpoint);
            carry(&*push, &*pull, &frames(["before"]));
            endpoint
        };
        victim.kill();
        events.wait_for_event("DISCONNECTED");
        push.send_frames(&frames(["meanwhile"]));
        let pull = stranger.open(SocketType::Pull);
        pull.bind_to(&endpoint);
        assert_eq!(pull.recv_frames(), frames(["meanwhile"]));
        carry(&*push, &*pull, &frames(["after"]));
    }
}

/// A ROUTER forgets a client that is killed, and knows the one that comes with the same name.
fn a_killed_client_comes_again(stranger: &impl Stranger) {
    let rust = context();
    let router = rust.open(SocketType::Router);
    router.set(Setting::RouterMandatory);
    let events = router.events();
    let endpoint = router.bind_to_any_port();
    stranger.report(&format!(
        "ROUTER in Rust, DEALER in {} is killed",
        stranger.language()
    ));
    let to_client = frames(["client", "are you there?"]);
    for _ in 0..2 {
        let victim = stranger.another();
        {
            let dealer = victim.open(SocketType::Dealer);
            dealer.set(Setting::RoutingId(b"client"));
            dealer.connect_to(&endpoint);
            dealer.send_frames(&frames(["hello"]));
            assert_eq!(router.recv_frames(), frames(["client", "hello"]));
            router.send_frames(&to_client);
            assert_eq!(dealer.recv_frames(), to_client[1..]);
        }
        victim.kill();
        events.wait_for_event("DISCONNECTED");
        wait_until("the ROUTER misses its peer", || {
            router.send_within(&to_client, Duration::ZERO) == Sent::NoSuchPeer
        });
        // Only when it reads does it let go of the name, which the next client could not have before.
        assert_eq!(router.recv_within(Duration::ZERO), None);
    }
}
