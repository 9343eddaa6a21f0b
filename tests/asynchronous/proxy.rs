//! Proxies between async sockets.

use std::time::Duration;

use ferromq::with_tokio::Proxy;
use ferromq::{DEALER, ErrorKind, PULL, PUSH, REP, REQ, ROUTER, SUB};

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
        let logger = tokio::spawn(async move {
            for n in 0..2_000_u32 {
                assert_eq!(log.recv().await.unwrap(), n.to_ne_bytes());
            }
            log
        });
        while !logger.is_finished() {
            tokio::select! {
                result = proxy.run() => result.unwrap(),
                () = tokio::time::sleep(Duration::from_micros(200)) => {}
            }
        }
        sender.await.unwrap();
        receiver.await.unwrap();
        logger.await.unwrap();
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
        let run = tokio::time::timeout(Duration::from_millis(20), proxy.run());
        assert!(run.await.is_err());
        let mut parts = proxy.into_parts();
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

/// A ROUTER that reports what it cannot send counts as ready to send and refuses.
#[test]
fn a_proxy_waits_for_a_router_that_reports() {
    run_on_threads(async {
        let (router, mut dealer) = narrow_pair(ROUTER, DEALER, 2);
        router.get_ref().set_router_mandatory(true).unwrap();
        let (backend, worker) = narrow_pair(DEALER, DEALER, 2);
        let broker = tokio::spawn(async move { Proxy::new(router, backend).run().await });
        let worker = tokio::spawn(serve(worker));
        // More questions than there is room for answers.
        for round in 0..20 {
            for n in 0..6 {
                dealer
                    .send_multipart(["", &format!("{round} {n}")])
                    .await
                    .unwrap();
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
            for n in 0..6 {
                let answer = dealer.recv_multipart().await.unwrap();
                assert_eq!(answer[1], format!("{round} {n}"));
            }
        }
        broker.abort();
        worker.abort();
    });
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
