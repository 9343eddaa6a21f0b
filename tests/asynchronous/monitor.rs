//! Events of connections.

use ferromq::with_tokio::Monitor;
use ferromq::{MonitorEventKind, MonitorEvents, PULL, PUSH};
use futures_util::StreamExt;

use crate::support::{context, run, wrapped};

#[test]
fn events_come_until_the_socket_is_dropped() {
    run(async {
        let context = context();
        let pull = context.socket(PULL).unwrap();
        let events = MonitorEvents::LISTENING | MonitorEvents::ACCEPTED | MonitorEvents::HANDSHAKE;
        let mut monitor = Monitor::new(pull.monitor(events).unwrap()).unwrap();
        assert_eq!(monitor.try_recv().unwrap(), None);
        let mut pull = wrapped(pull);
        pull.get_ref().bind("tcp://127.0.0.1:*").unwrap();
        let event = monitor.recv().await.unwrap().unwrap();
        assert_eq!(event.kind, MonitorEventKind::Listening);

        let mut push = wrapped(context.socket(PUSH).unwrap());
        push.get_ref()
            .connect(pull.get_ref().last_endpoint().unwrap())
            .unwrap();
        push.send("hello").await.unwrap();
        assert_eq!(pull.recv().await.unwrap(), "hello");
        let accepted = monitor.next().await.unwrap().unwrap();
        assert_eq!(accepted.kind, MonitorEventKind::Accepted);
        let rest = tokio::spawn(monitor.map(Result::unwrap).collect::<Vec<_>>());
        tokio::task::yield_now().await;
        drop(pull);
        let rest = rest.await.unwrap();
        assert_eq!(rest[0].kind, MonitorEventKind::HandshakeSucceeded);
    });
}

#[test]
fn a_monitor_goes_there_and_back() {
    run(async {
        let pull = context().socket(PULL).unwrap();
        let monitor = pull.monitor(MonitorEvents::all()).unwrap();
        let monitor = Monitor::new(monitor).unwrap().into_inner();
        pull.bind("tcp://127.0.0.1:*").unwrap();
        assert!(monitor.recv().unwrap().is_some());
    });
}
