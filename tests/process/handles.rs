//! Every kind of handle that a forked child inherits: no call on it gets as far as libzmq, and
//! dropping it is nothing to the parent.

use std::time::Duration;

use ferromq::{
    Context, DEALER, Dealer, Error, Events, Message, Monitor, MonitorEvents, PAIR, PULL, PUSH,
    Poller, Proxy, ProxyHandle, Pull, Push, Result, SUB, Socket, SocketType, Sub, XSUB, XSub,
};

use crate::child::{DEADLINE, forked, in_child};

/// One of each, ready to do what it can.
struct Handles {
    context: Context,
    dealer: Socket<Dealer>,
    /// Of the other end, which has messages to receive.
    peer: Socket<Dealer>,
    /// With properties of the peer.
    message: Message,
    sub: Socket<Sub>,
    xsub: Socket<XSub>,
    monitor: Monitor,
    idle: Proxy<Socket<Pull>, Socket<Push>>,
    running: ProxyHandle<Socket<Pull>, Socket<Push>>,
}

impl Handles {
    fn new() -> Self {
        let context = Context::builder().linger(Duration::ZERO).build().unwrap();
        let dealer = context.socket(DEALER).unwrap();
        let peer = context.socket(DEALER).unwrap();
        let monitor = dealer.monitor(MonitorEvents::all()).unwrap();
        dealer.bind("tcp://127.0.0.1:*").unwrap();
        peer.connect(dealer.last_endpoint().unwrap()).unwrap();
        dealer.send("with properties").unwrap();
        let message = peer.recv_timeout(DEADLINE).unwrap().unwrap();
        for (from, to) in [(&dealer, &peer), (&peer, &dealer)] {
            from.send("for the parent").unwrap();
            let arrived = to.poll(Events::RECV, DEADLINE).unwrap();
            assert_eq!(arrived, Events::RECV);
        }
        let proxy = || Proxy::new(context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
        Self {
            sub: context.socket(SUB).unwrap(),
            xsub: context.socket(XSUB).unwrap(),
            idle: proxy(),
            running: proxy().spawn().unwrap(),
            context,
            dealer,
            peer,
            message,
            monitor,
        }
    }

    fn work(&self) {
        for (from, to) in [(&self.dealer, &self.peer), (&self.peer, &self.dealer)] {
            for expected in ["for the parent", "and again"] {
                let message = to.recv_timeout(DEADLINE).unwrap().unwrap();
                assert_eq!(message, expected);
                from.send("and again").unwrap();
            }
        }
        while self.monitor.try_recv().unwrap().is_some() {}
        self.running.controller().statistics().unwrap();
    }
}

type Call<'a> = (&'static str, Box<dyn FnOnce() -> Result<()> + 'a>);

/// What can be called, and the words that its error begins with.
macro_rules! calls {
    ($($words:literal: $call:expr;)*) => {
        vec![$(($words, Box::new(move || { $call.map(drop).map_err(Error::from) }) as _)),*]
    };
}

impl Handles {
    fn of_the_context(&self) -> Vec<Call<'_>> {
        let context = &self.context;
        calls! {
            "open socket PUSH": context.socket(PUSH);
            "open socket PULL": context.socket(SocketType::Pull);
            "open socket PUSH": context.clone().socket(PUSH);
            "shut down context": context.shutdown();
            "terminate context": context.terminate(DEADLINE);
            "read ZMQ_IO_THREADS": context.io_threads();
            "read ZMQ_MAX_SOCKETS": context.max_sockets();
            "read ZMQ_SOCKET_LIMIT": context.socket_limit();
            "read ZMQ_THREAD_NAME_PREFIX": context.thread_name_prefix();
            "read ZMQ_IPV6": context.ipv6();
            "read ZMQ_ZERO_COPY_RECV": context.zero_copy_recv();
            "read ZMQ_THREAD_SCHED_POLICY": context.thread_sched_policy();
        }
    }

    fn of_the_socket(&self) -> Vec<Call<'_>> {
        let (a, sub, xsub) = (&self.dealer, &self.sub, &self.xsub);
        let endpoint = "tcp://127.0.0.1:5555";
        calls! {
            "bind": a.bind("tcp://127.0.0.1:*");
            "bind": a.bind("inproc://new");
            "connect": a.connect(endpoint);
            "unbind": a.unbind(endpoint);
            "disconnect": a.disconnect(endpoint);

            "send": a.send("text");
            "send": a.send(vec![7; 5000]);
            "send": a.send(Message::from("text"));
            "send": a.try_send("text");
            "send": a.send_timeout("text", DEADLINE);
            "send": a.send_multipart(["a", "b"]);
            "send": a.try_send_multipart(["a", "b"]);
            "send": a.send_multipart_timeout(["a", "b"], DEADLINE);

            "receive": a.recv();
            "receive": a.try_recv();
            "receive": a.recv_timeout(DEADLINE);
            "receive": a.recv_into(&mut Message::new());
            "receive": a.recv_into(&mut [0; 8][..]);
            "receive": a.recv_into(&mut Vec::new());
            "receive": a.recv_multipart();
            "receive": a.try_recv_multipart();
            "receive": a.recv_multipart_timeout(DEADLINE);

            "subscribe": sub.subscribe("topic");
            "unsubscribe": sub.unsubscribe("topic");
            "subscribe": xsub.subscribe("topic");
            "unsubscribe": xsub.unsubscribe("topic");

            "read ZMQ_LINGER": a.linger();
            "set ZMQ_LINGER": a.set_linger(None);
            "set ZMQ_RCVTIMEO": a.set_rcvtimeo(None);
            "set ZMQ_IPV6": sub.set_ipv6(true);
            "read ZMQ_ROUTING_ID": a.routing_id();
            "read ZMQ_LAST_ENDPOINT": a.last_endpoint();
            "read ZMQ_TYPE": a.socket_type();
            "read ZMQ_EVENTS": a.events();
            "read ZMQ_FD": a.fd();
            "read option 16": a.raw_option(16, &mut [0; 4]);

            "poll": a.poll(Events::RECV, None);
            "add to poller": Poller::new().add(a, Events::RECV, ());
            "monitor": sub.monitor(MonitorEvents::all());
            "run proxy": ferromq::proxy(a, a);
            // SAFETY: it is a socket of the context; the child only asks for it.
            "adopt socket": unsafe { Socket::<Dealer>::from_raw(&self.context, a.as_ptr()) };
        }
    }

    fn of_the_monitor(&self) -> Vec<Call<'_>> {
        let monitor = &self.monitor;
        calls! {
            "monitor": monitor.recv();
            "monitor": monitor.try_recv();
            "monitor": monitor.recv_timeout(DEADLINE);
            "monitor": monitor.wait_for(DEADLINE, |_| true);
            "monitor": monitor.wait_connected(DEADLINE);
            "monitor": monitor.wait_handshake(DEADLINE);
            "add to poller": Poller::new().add_monitor(monitor, ());
        }
    }

    fn of_the_proxy(&self) -> Vec<Call<'_>> {
        let controller = self.running.controller();
        calls! {
            "pause proxy": controller.pause();
            "resume proxy": controller.clone().resume();
            "terminate proxy": controller.terminate();
            "ask proxy for statistics": controller.statistics();
        }
    }
}

#[test]
fn every_call_in_the_child_is_refused() {
    let mut handles = Some(Handles::new());
    in_child(|| {
        let mut handles = handles.take().unwrap();
        let all = [
            handles.of_the_context(),
            handles.of_the_socket(),
            handles.of_the_monitor(),
            handles.of_the_proxy(),
        ];
        for (words, call) in all.into_iter().flatten() {
            forked(call(), words);
        }
        forked(handles.idle.run(), "run proxy");
        forked(handles.idle.spawn(), "run proxy");
        forked(handles.running.join(), "join proxy");
        forked(handles.sub.close(Duration::ZERO), "set ZMQ_LINGER");
        assert_eq!(format!("{:?}", handles.dealer), "Socket(Dealer)");
        assert!(handles.context.as_ptr().is_null());
    });
    handles.unwrap().work();
}

#[test]
fn a_drop_in_the_child_is_nothing_to_the_parent() {
    let mut handles = Some(Handles::new());
    for _ in 0..3 {
        in_child(|| drop(handles.take()));
    }
    handles.unwrap().work();
}

/// The bytes are the child's own copy; the properties tell of a connection that it does not have.
#[test]
fn a_message_has_its_bytes_in_the_child_and_no_properties() {
    let mut handles = Some(Handles::new());
    in_child(|| {
        let mut message = handles.take().unwrap().message;
        assert_eq!(message, "with properties");
        forked(
            message.property("X-Any"),
            "get property \"X-Any\" of a message",
        );
        forked(message.peer_socket_type(), "get property");
        forked(message.peer_address(), "get property");
        forked(message.peer_routing_id(), "get property");
        forked(message.user_id(), "get property");
        forked(message.verified_property("X-Any"), "get property");
        forked(message.share().peer_address(), "get property");
        assert_eq!(message.clone().peer_address().unwrap(), None);
        let context = Context::new().unwrap();
        let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
        a.bind("inproc://own").unwrap();
        b.connect("inproc://own").unwrap();
        a.send(message).unwrap();
        let message = b.recv_timeout(DEADLINE).unwrap().unwrap();
        assert_eq!(message, "with properties");
        assert!(message.peer_address().is_ok());
    });
    let handles = handles.unwrap();
    handles.work();
    let kind = handles.message.peer_socket_type().unwrap();
    assert_eq!(kind, Some(SocketType::Dealer));
}

#[cfg(feature = "draft")]
#[test]
fn every_call_of_draft_kinds_is_refused() {
    use ferromq::{CHANNEL, CLIENT, DISH, PEER, RADIO, SERVER};

    let context = Context::builder().linger(Duration::ZERO).build().unwrap();
    let dish = context.socket(DISH).unwrap();
    let peer = context.socket(PEER).unwrap();
    let radio = context.socket(RADIO).unwrap();
    let channel = context.socket(CHANNEL).unwrap();
    let (server, client) = (
        context.socket(SERVER).unwrap(),
        context.socket(CLIENT).unwrap(),
    );
    server.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = server.last_endpoint().unwrap();
    let (dish, peer, radio, channel) = (&dish, &peer, &radio, &channel);
    let (server, client) = (&server, &client);
    in_child(|| {
        let calls: Vec<Call> = calls! {
            "join": dish.join("group");
            "leave": dish.leave("group");
            "connect": peer.connect_peer("tcp://127.0.0.1:5555");
            "monitor": client.monitor_v2(MonitorEvents::all());
            "receive": dish.recv();
            "receive": server.recv_timeout(DEADLINE);
            "send": client.send_timeout("text", DEADLINE);
            "send": channel.send("text");
            "send": radio.send(Message::from("text"));
            "poll": server.poll(Events::RECV, None);
        };
        for (words, call) in calls {
            forked(call(), words);
        }
    });
    client.connect(endpoint).unwrap();
    client.send("text").unwrap();
    assert_eq!(server.recv_timeout(DEADLINE).unwrap().unwrap(), "text");
}
