//! Proxies between async sockets.

use ferromq::with_tokio::Proxy;
use ferromq::{DEALER, ErrorKind, PULL, PUSH, ProxyStatistics, REP, REQ, ROUTER, SUB};
use tokio::sync::Notify;

use crate::support::{context, narrow_pair, run, run_on_threads, serve, wrapped};

#[test]
fn requests_and_replies_pass() {
    run_on_threads(async {
        let context = context();
        let open = |kind| wrapped(context.socket(kind).unwrap());
        let (clients, workers) = (
            open(ferromq::SocketType::Router),
            open(ferromq::SocketType::Dealer),
        );
        clients.get_ref().bind("inproc://clients").unwrap();
        workers.get_ref().bind("inproc://workers").unwrap();
        let worker = wrapped(context.socket(REP).unwrap());
        worker.get_ref().connect("inproc://workers").unwrap();
        tokio::spawn(serve(worker));
        let broker = tokio::spawn(async move {
            let mut proxy = Proxy::new(clients, workers);
            proxy.run().await.map(|()| proxy.statistics())
        });
        let mut tasks = Vec::new();
        for client in 0..4 {
            let mut req = wrapped(context.socket(REQ).unwrap());
            req.get_ref().connect("inproc://clients").unwrap();
            tasks.push(tokio::spawn(async move {
                for n in 0..500 {
                    let text = format!("{client}: {n}");
                    let reply = req.request([text.as_str()]).await.unwrap();
                    assert_eq!(reply[0], text);
                }
            }));
        }
        for task in tasks {
            task.await.unwrap();
        }
        context.shutdown().unwrap();
        let statistics = broker.await.unwrap().unwrap();
        assert_eq!(statistics.frontend.received.messages, 2_000);
        assert_eq!(statistics.frontend.sent.messages, 2_000);
    });
}

/// The future is dropped again and again, and each message passes once.
#[test]
fn a_proxy_is_paused_and_goes_on() {
    run(async {
        let (frontend, mut push) = narrow_pair(PULL, PUSH, 3);
        let (mut pull, backend) = narrow_pair(PULL, PUSH, 3);
        let (mut log, capture) = narrow_pair(PULL, PUSH, 3);
        let mut proxy = Proxy::new(frontend, backend).capture(capture);
        let sender = tokio::spawn(async move {
            for n in 0..2_000_u32 {
                push.send(&n.to_ne_bytes()).await.unwrap();
            }
            push
        });
        let receiver = tokio::spawn(async move {
            for n in 0..2_000_u32 {
                assert_eq!(pull.recv().await.unwrap(), n.to_ne_bytes());
            }
            pull
        });
        let passed = Notify::new();
        let mut pauses = 0;
        let logger = async {
            for n in 0..2_000_u32 {
                assert_eq!(log.recv().await.unwrap(), n.to_ne_bytes());
                passed.notify_one();
            }
        };
        tokio::pin!(logger);
        loop {
            tokio::select! {
                result = proxy.run() => result.unwrap(),
                () = passed.notified() => pauses += 1,
                () = &mut logger => break,
            }
        }
        assert!(pauses > 100, "{pauses}");
        sender.await.unwrap();
        receiver.await.unwrap();
        assert_eq!(proxy.statistics().backend.sent.messages, 2_000);
        let parts = proxy.into_parts();
        assert_eq!(parts.unsent_to_backend, None);
        assert!(parts.capture.is_some());
    });
}

#[test]
fn what_could_not_be_sent_on_is_given_back() {
    run(async {
        let (frontend, mut push) = narrow_pair(PULL, PUSH, 1_000);
        let (mut pull, backend) = narrow_pair(PULL, PUSH, 1);
        for n in 0..100_u32 {
            push.send(&n.to_ne_bytes()).await.unwrap();
        }
        let mut proxy = Proxy::new(frontend, backend);
        tokio::select! {
            result = proxy.run() => result.unwrap(),
            ready = pull.recv_ready() => ready.unwrap(),
        }
        let mut parts = proxy.into_parts();
        assert!(parts.unsent_to_backend.is_some());
        let mut seen = Vec::new();
        while let Some(message) = pull.try_recv().unwrap() {
            seen.push(message.to_vec());
        }
        seen.extend(parts.unsent_to_backend.map(|message| message[0].to_vec()));
        while let Some(message) = parts.frontend.try_recv().unwrap() {
            seen.push(message.to_vec());
        }
        let all: Vec<_> = (0..100_u32).map(|n| n.to_ne_bytes().to_vec()).collect();
        assert_eq!(seen, all);
    });
}

/// A ROUTER that reports what it cannot send counts as ready to send while it has room for anybody,
/// and refuses what is for somebody else.
#[test]
fn a_proxy_waits_for_a_router_that_reports() {
    run_on_threads(async {
        let (router, mut dealer) = narrow_pair(ROUTER, DEALER, 2);
        router.get_ref().set_router_mandatory(true).unwrap();
        // For whom there is always room.
        let context = context();
        let idle = context.socket(DEALER).unwrap();
        router.get_ref().bind("tcp://127.0.0.1:*").unwrap();
        let endpoint = router.get_ref().last_endpoint().unwrap();
        idle.connect(endpoint).unwrap();
        let (backend, worker) = narrow_pair(DEALER, DEALER, 2);
        let mut proxy = Proxy::new(router, backend);
        let worker = tokio::spawn(serve(worker));
        // More questions than there is room for answers.
        for round in 0..20 {
            let ask = async {
                for n in 0..6 {
                    let question = ["", &format!("{round} {n}")];
                    dealer.send_multipart(question).await.unwrap();
                }
            };
            tokio::select! {
                result = proxy.run() => result.unwrap(),
                () = ask => {}
            }
            while !is_refused_an_answer(&proxy.statistics()) {
                tokio::select! {
                    biased;
                    result = proxy.run() => result.unwrap(),
                    () = tokio::task::yield_now() => {}
                }
            }
            let read = async {
                for n in 0..6 {
                    let answer = dealer.recv_multipart().await.unwrap();
                    assert_eq!(answer[1], format!("{round} {n}"));
                }
            };
            tokio::select! {
                result = proxy.run() => result.unwrap(),
                () = read => {}
            }
        }
        worker.abort();
    });
}

fn is_refused_an_answer(statistics: &ProxyStatistics) -> bool {
    statistics.backend.received.messages > statistics.frontend.sent.messages
}

#[test]
fn kinds_that_have_nothing_for_each_other_are_refused() {
    run(async {
        let context = context();
        let (pull, sub) = (context.socket(PULL).unwrap(), context.socket(SUB).unwrap());
        let error = Proxy::new(wrapped(pull), wrapped(sub))
            .run()
            .await
            .unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    });
}
