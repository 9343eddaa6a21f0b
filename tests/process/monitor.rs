//! A monitor in a forked child is none, and leaves the one of the parent alone.

use std::time::Duration;

use ferromq::{Context, ErrorKind, MonitorEventKind, MonitorEvents, REP};

use crate::child::{DEADLINE, in_child};

#[test]
fn a_monitor_stays_with_its_process() {
    let context = Context::builder().linger(Duration::ZERO).build().unwrap();
    let rep = context.socket(REP).unwrap();
    let mut monitor = rep.monitor(MonitorEvents::all()).unwrap();
    rep.bind("tcp://127.0.0.1:*").unwrap();

    in_child(|| {
        for error in [
            monitor.recv().unwrap_err(),
            monitor.try_recv().unwrap_err(),
            monitor.wait_handshake(DEADLINE).unwrap_err(),
            rep.monitor(MonitorEvents::all()).unwrap_err(),
        ] {
            assert_eq!(error.kind(), ErrorKind::Forked, "{error}");
            let text = error.to_string();
            assert!(
                text.starts_with("monitor REP socket: made before"),
                "{text}"
            );
        }
        assert!(monitor.next().unwrap().is_err());
        assert!(monitor.next().is_none(), "nothing follows an error");
        // SAFETY: a copy of what the child has inherited, made to be dropped once.
        unsafe {
            drop(std::ptr::read(&monitor));
            drop(std::ptr::read(&rep));
        }
    });

    for _ in 0..2 {
        let event = monitor.recv_timeout(DEADLINE).unwrap().unwrap();
        assert_eq!(event.kind, MonitorEventKind::Listening);
        rep.bind("tcp://127.0.0.1:*").unwrap();
    }
    drop(rep);
    while monitor.recv_timeout(DEADLINE).unwrap().is_some() {}
    assert!(monitor.has_ended());
}
