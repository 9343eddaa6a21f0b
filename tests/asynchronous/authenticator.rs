//! An authenticator in a task. What it decides is tested in `security`: the rules are the same.

use std::pin::pin;
use std::time::{Duration, Instant};

use ferromq::asynchronous::{Authenticator, Monitor, Reactor, Socket};
use ferromq::curve::Keypair;
use ferromq::with_async_io::AsyncIo;
use ferromq::with_tokio::Tokio;
use ferromq::zap::{self, Credentials, Domain, Rules, Verdict};
use ferromq::{
    AuthPolicy, AuthStatus, Capability, Context, DEALER, ErrorKind, Message, MonitorEventKind,
    MonitorEvents, Multipart, PULL, PUSH, Pull, Push, Security, has,
};
use futures_util::future::{Either, select};

use crate::child::{forked, in_child};
use crate::support::{DEADLINE, context, run, run_on_threads, wrapped};

const DENIED: MonitorEventKind = MonitorEventKind::HandshakeFailedAuth(AuthStatus::Denied);
const FAILED: MonitorEventKind = MonitorEventKind::HandshakeFailedAuth(AuthStatus::Failed);

fn home(domain: Domain) -> Rules {
    Rules::new().domain("home", domain)
}

fn plain_server() -> Security {
    Security::PlainServer {
        domain: "home".into(),
    }
}

fn plain_client(username: &str, password: &str) -> Security {
    Security::PlainClient {
        username: username.into(),
        password: password.into(),
    }
}

fn bound(context: &Context, security: Security) -> ferromq::Result<ferromq::Socket<Pull>> {
    let server = context.socket(PULL)?;
    server.set_security(security)?;
    server.bind("tcp://127.0.0.1:*")?;
    Ok(server)
}

fn client_of(
    context: &Context,
    server: &ferromq::Socket<Pull>,
    security: Security,
) -> ferromq::Socket<Push> {
    let client = context.socket(PUSH).unwrap();
    client.set_security(security).unwrap();
    client.connect(server.last_endpoint().unwrap()).unwrap();
    client
}

/// The user whom a new server takes the client for, or why it is not let in. All that waits does so
/// in the executor that runs this, and so the authenticator may be in the same thread.
async fn comes<R: Reactor>(
    context: &Context,
    server: Security,
    client: Security,
) -> Result<String, MonitorEventKind> {
    let pull = bound(context, server).unwrap();
    let mut events = Monitor::<R>::new(pull.monitor(MonitorEvents::HANDSHAKE).unwrap()).unwrap();
    let push = client_of(context, &pull, client);
    let event = events.recv().await.unwrap().unwrap();
    if event.kind != MonitorEventKind::HandshakeSucceeded {
        let _ = push.try_send("must not arrive");
        assert_eq!(pull.try_recv().unwrap(), None);
        return Err(event.kind);
    }
    let mut push = Socket::<_, R>::new(push).unwrap();
    push.send("hello").await.unwrap();
    let hello = Socket::<_, R>::new(pull).unwrap().recv().await.unwrap();
    Ok(hello.user_id().unwrap().unwrap_or_default().to_owned())
}

/// Passwords, keys, malformed requests, checks that panic, and new rules.
async fn decides<R: Reactor>(context: &Context, rules: &zap::RulesHandle) {
    let users = || Domain::new().password("alice", "secret");
    let panics = users().check(|request| match &request.credentials {
        Credentials::Plain {
            username: "bob", ..
        } => panic!("as the test wants it"),
        _ => Verdict::deny("unknown"),
    });
    rules.set(home(panics)).unwrap();
    for (username, password, expected) in [
        ("alice", "secret", Ok("alice".to_owned())),
        ("alice", "guess", Err(DENIED)),
        ("bob", "secret", Err(FAILED)),
        ("carol", "secret", Err(DENIED)),
        ("alice", "secret", Ok("alice".to_owned())),
    ] {
        let client = plain_client(username, password);
        let came = comes::<R>(context, plain_server(), client).await;
        assert_eq!(came, expected, "{username}");
    }

    if has(Capability::Curve) {
        let [server, alice, mallory] = [(); 3].map(|()| Keypair::generate().unwrap());
        let key = Domain::new().key(alice.public, "alice by key");
        rules.set(home(key)).unwrap();
        for (keys, expected) in [
            (alice, Ok("alice by key".to_owned())),
            (mallory, Err(DENIED)),
        ] {
            let policy = AuthPolicy::Authenticator {
                domain: "home".into(),
            };
            let client = Security::CurveClient {
                keys,
                server: server.public,
            };
            let keys = server.clone();
            let server = Security::CurveServer { keys, policy };
            assert_eq!(comes::<R>(context, server, client).await, expected);
        }
    } else {
        eprintln!("libzmq was linked without CURVE: this part of the test is for one with it");
    }

    let asker = context.socket(DEALER).unwrap();
    asker.connect("inproc://zeromq.zap.01").unwrap();
    let mut asker = Socket::<_, R>::new(asker).unwrap();
    let question: [Message; 4] = ["", "1.0", "7", "home"].map(Message::from);
    asker
        .send_multipart(Multipart::from(question))
        .await
        .unwrap();
    let reply = asker.recv_multipart().await.unwrap();
    assert_eq!(reply[2], "7");
    assert_eq!(reply[3], "500");
}

/// In the task that asks, too: neither waits for the other.
async fn decides_beside<R: Reactor>() {
    let context = context();
    let authenticator = Authenticator::<R>::new(&context, Rules::new()).unwrap();
    let rules = authenticator.rules();
    let (decided, runs) = (
        pin!(decides::<R>(&context, &rules)),
        pin!(authenticator.run()),
    );
    let Either::Left(((), _)) = select(decided, runs).await else {
        panic!("the authenticator has ended");
    };
}

#[test]
fn it_decides_in_a_current_thread_runtime() {
    run(decides_beside::<Tokio>());
}

#[test]
fn it_decides_with_async_io() {
    async_io::block_on(decides_beside::<AsyncIo>());
}

#[test]
fn it_decides_in_a_task_of_its_own() {
    run_on_threads(async {
        let context = context();
        let authenticator = Authenticator::<Tokio>::new(&context, Rules::new()).unwrap();
        let rules = authenticator.rules();
        let task = tokio::spawn(authenticator.run());
        decides::<Tokio>(&context, &rules).await;
        assert!(!task.is_finished());
        context.shutdown().unwrap();
        task.await.unwrap().unwrap();
    });
}

/// However it goes away, the door is shut: for those who come to a socket that is bound, and to
/// those that would bind.
#[test]
fn nobody_is_let_in_when_it_is_gone() {
    fn drop_it(authenticator: Authenticator<Tokio>) {
        drop(authenticator);
    }
    fn drop_its_future(authenticator: Authenticator<Tokio>) {
        drop(authenticator.run());
    }
    run(async {
        for end in [drop_it, drop_its_future] {
            let context = context();
            let rules = home(Domain::new().password("alice", "secret"));
            let authenticator = Authenticator::new(&context, rules).unwrap();
            let server = bound(&context, plain_server()).unwrap();
            end(authenticator);
            shut(&context, &server).await;
        }

        let context = context();
        let rules = home(Domain::new().password("alice", "secret"));
        let task = tokio::spawn(Authenticator::<Tokio>::new(&context, rules).unwrap().run());
        let alice = || plain_client("alice", "secret");
        let server = bound(&context, plain_server()).unwrap();
        let mut client = wrapped(client_of(&context, &server, alice()));
        client.send("hello").await.unwrap();
        let mut pull = wrapped(server);
        assert_eq!(pull.recv().await.unwrap(), "hello");
        task.abort();
        assert!(task.await.unwrap_err().is_cancelled());
        // Who is in stays.
        client.send("still here").await.unwrap();
        assert_eq!(pull.recv().await.unwrap(), "still here");
        shut(&context, &pull.into_inner()).await;
        // And another one may take its place.
        let rules = home(Domain::new().password("alice", "secret"));
        let authenticator = Authenticator::<Tokio>::new(&context, rules).unwrap();
        let task = tokio::spawn(authenticator.run());
        let came = comes::<Tokio>(&context, plain_server(), alice()).await;
        assert_eq!(came, Ok("alice".to_owned()));
        drop(task);
    });
}

async fn shut(context: &Context, server: &ferromq::Socket<Pull>) {
    let monitor = server.monitor(MonitorEvents::HANDSHAKE).unwrap();
    let mut events = Monitor::<Tokio>::new(monitor).unwrap();
    let client = client_of(context, server, plain_client("alice", "secret"));
    let event = events.recv().await.unwrap().unwrap();
    assert_eq!(event.kind, MonitorEventKind::HandshakeFailedNoDetail);
    let _ = client.try_send("must not arrive");
    assert_eq!(server.try_recv().unwrap(), None);
    let error = bound(context, plain_server()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongState);
}

/// Nobody is let in before it runs, and whoever has come is when it does.
#[test]
fn who_has_come_waits_for_it() {
    run(async {
        let context = context();
        let rules = home(Domain::new().password("alice", "secret"));
        let authenticator = Authenticator::<Tokio>::new(&context, rules).unwrap();
        let mut task = pin!(authenticator.run());
        let comes = comes::<Tokio>(&context, plain_server(), plain_client("alice", "secret"));
        let mut comes = pin!(comes);
        let waited = tokio::time::timeout(Duration::from_millis(100), &mut comes).await;
        assert!(waited.is_err(), "somebody was let in");
        let Either::Left((came, _)) = select(comes, &mut task).await else {
            panic!("the authenticator has ended");
        };
        assert_eq!(came, Ok("alice".to_owned()));
    });
}

#[test]
fn a_context_has_one_of_either_form() {
    run(async {
        let context = context();
        let in_task = Authenticator::<Tokio>::new(&context, Rules::new()).unwrap();
        let error = zap::Authenticator::start(&context, Rules::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddressInUse);
        drop(in_task);
        let in_thread = zap::Authenticator::start(&context, Rules::new()).unwrap();
        let error = Authenticator::<Tokio>::new(&context, Rules::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::AddressInUse);
        in_thread.stop().unwrap();
    });
}

/// Outside of a runtime there is none, neither half of one.
#[test]
fn one_that_cannot_be_made_leaves_nothing_behind() {
    let context = context();
    let error = Authenticator::<Tokio>::new(&context, Rules::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongState);
    bound(&context, plain_server()).unwrap_err();
    let missing = || home(Domain::new().keys_in("/no/such/directory"));
    run(async {
        let error = Authenticator::<Tokio>::new(&context, missing()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        let authenticator = Authenticator::<Tokio>::new(&context, Rules::new()).unwrap();
        let error = authenticator.rules().set(missing()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
    });
}

#[test]
fn it_ends_with_its_context() {
    run(async {
        let context = context();
        let authenticator = Authenticator::<Tokio>::new(&context, Rules::new()).unwrap();
        let rules = authenticator.rules();
        let task = tokio::spawn(authenticator.run());
        tokio::task::yield_now().await;
        // The task's end is all that it waits for.
        context.terminate_async(DEADLINE).await.unwrap();
        task.await.unwrap().unwrap();
        rules.set(Rules::new()).unwrap();
        let error = Authenticator::<Tokio>::new(&context, Rules::new()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Terminated);
    });
}

/// Nothing else of this context is async.
#[test]
fn its_context_ends_in_the_background() {
    run(async {
        let context = Context::builder().linger(DEADLINE).build().unwrap();
        let push = context.socket(PUSH).unwrap();
        push.connect("tcp://127.0.0.1:1").unwrap();
        push.send("nobody takes this").unwrap();
        let authenticator = Authenticator::<Tokio>::new(&context, Rules::new()).unwrap();
        let started = Instant::now();
        drop((authenticator, push, context));
        assert!(started.elapsed() < DEADLINE / 2, "a drop has waited");
    });
}

#[test]
fn it_ends_with_the_runtime_that_it_was_made_in() {
    let first = tokio::runtime::Runtime::new().unwrap();
    let context = context();
    let authenticator =
        first.block_on(async { Authenticator::<Tokio>::new(&context, Rules::new()).unwrap() });
    drop(first);
    let error = run(authenticator.run()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongState);
    bound(&context, plain_server()).unwrap_err();
}

#[test]
fn it_stays_with_the_parent() {
    run(async {
        let context = context();
        let rules = home(Domain::new().password("alice", "secret"));
        let authenticator = Authenticator::<Tokio>::new(&context, rules).unwrap();
        let rules = authenticator.rules();
        let mut task = Some(Box::pin(authenticator.run()));
        let mut poll = std::task::Context::from_waker(std::task::Waker::noop());
        assert!(task.as_mut().unwrap().as_mut().poll(&mut poll).is_pending());
        in_child(|| {
            let mut poll = std::task::Context::from_waker(std::task::Waker::noop());
            let mut task = task.take().unwrap();
            let std::task::Poll::Ready(result) = task.as_mut().poll(&mut poll) else {
                panic!("it should fail at once");
            };
            forked(result, "receive");
            forked(rules.set(Rules::new()), "set rules of authenticator");
            let error = Authenticator::<Tokio>::new(&context, Rules::new()).unwrap_err();
            forked::<()>(Err(error), "start authenticator");
        });
        in_child(|| drop(task.take()));
        let task = tokio::spawn(task.take().unwrap());
        let alice = plain_client("alice", "secret");
        let came = comes::<Tokio>(&context, plain_server(), alice).await;
        assert_eq!(came, Ok("alice".to_owned()));
        drop(task);
    });
}
