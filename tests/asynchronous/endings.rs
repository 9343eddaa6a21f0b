//! Drops that do not wait, contexts that end in the background, and forks.

use std::sync::mpsc;
use std::time::{Duration, Instant};

use ferromq::with_tokio::{Monitor, Socket};
use ferromq::{Context, ErrorKind, MonitorEvents, PULL, PUSH};

use crate::support::{DEADLINE, run, wrapped};

/// A context with a message that nobody takes, which it lingers for.
fn lingering(linger: Duration) -> (Context, Socket<ferromq::Push>) {
    let context = Context::builder().linger(linger).build().unwrap();
    let push = context.socket(PUSH).unwrap();
    push.connect("tcp://127.0.0.1:1").unwrap();
    push.send("nobody takes this").unwrap();
    (context, wrapped(push))
}

#[test]
fn drops_do_not_wait() {
    run(async {
        let started = Instant::now();
        let (context, push) = lingering(DEADLINE);
        drop(push);
        drop(context);
        let (context, push) = lingering(DEADLINE);
        drop(context);
        drop(push);
        // Nor does the drop of what is no longer asynchronous.
        let (context, push) = lingering(DEADLINE);
        drop(context);
        drop(push.into_inner());
        // Nor where only a monitor is.
        let context = Context::builder().linger(DEADLINE).build().unwrap();
        let push = context.socket(PUSH).unwrap();
        push.connect("tcp://127.0.0.1:1").unwrap();
        push.send("nobody takes this").unwrap();
        let monitor = Monitor::new(push.monitor(MonitorEvents::all()).unwrap()).unwrap();
        drop((push, monitor, context));
        assert!(started.elapsed() < DEADLINE / 2, "a drop has waited");
    });
}

/// What lingers is delivered in the background, when somebody comes.
#[test]
fn what_lingers_is_delivered_after_the_drop() {
    let probe = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp://{}", probe.local_addr().unwrap());
    drop(probe);
    run(async {
        let context = Context::new().unwrap();
        let mut push = wrapped(context.socket(PUSH).unwrap());
        push.get_ref().connect(endpoint.as_str()).unwrap();
        push.send("late").await.unwrap();
        drop((push, context));
        let pull = Context::new().unwrap().socket(PULL).unwrap();
        pull.bind(endpoint.as_str()).unwrap();
        assert_eq!(wrapped(pull).recv().await.unwrap(), "late");
    });
}

#[test]
fn an_end_is_waited_for() {
    run(async {
        let (context, push) = lingering(Duration::ZERO);
        let error = context
            .terminate_async(Duration::from_millis(1))
            .await
            .unwrap_err();
        assert_eq!(error.pending()[0].kind().name(), "PUSH");
        drop(push);
        context.terminate_async(DEADLINE).await.unwrap();
        // Again, as nothing is left to be done.
        context.terminate_async(DEADLINE).await.unwrap();
        assert_eq!(
            context.socket(PULL).unwrap_err().kind(),
            ErrorKind::Terminated
        );
    });
}

/// The executor goes on while somebody waits for an end.
#[test]
fn waiting_for_an_end_does_not_block_the_executor() {
    run(async {
        let (context, push) = lingering(Duration::ZERO);
        let waiting = tokio::spawn(async move { context.terminate_async(DEADLINE).await });
        for _ in 0..100 {
            tokio::task::yield_now().await;
        }
        assert!(!waiting.is_finished());
        drop(push);
        waiting.await.unwrap().unwrap();
    });
}

#[test]
fn a_wait_for_an_end_can_be_given_up() {
    run(async {
        let (context, push) = lingering(Duration::ZERO);
        let wait =
            tokio::time::timeout(Duration::from_millis(5), context.terminate_async(DEADLINE));
        assert!(wait.await.is_err());
        drop(push);
        context.terminate_async(DEADLINE).await.unwrap();
    });
}

/// A context that no socket was made asynchronous in waits as ever.
#[test]
fn a_blocking_context_still_waits() {
    let context = Context::builder()
        .linger(Duration::from_millis(200))
        .build()
        .unwrap();
    let push = context.socket(PUSH).unwrap();
    push.connect("tcp://127.0.0.1:1").unwrap();
    push.send("nobody takes this").unwrap();
    let started = Instant::now();
    drop((push, context));
    assert!(started.elapsed() >= Duration::from_millis(100));
}

/// The receive in the thread is woken by the shutdown.
#[test]
fn a_shutdown_wakes_who_waits() {
    let context = crate::support::context();
    let (waits, waiting) = mpsc::channel();
    let thread = std::thread::spawn({
        let context = context.clone();
        move || {
            run(async {
                let mut pull = wrapped(context.socket(PULL).unwrap());
                waits.send(()).unwrap();
                pull.recv().await.unwrap_err().kind()
            })
        }
    });
    waiting.recv().unwrap();
    context.shutdown().unwrap();
    assert_eq!(thread.join().unwrap(), ErrorKind::Terminated);
}
