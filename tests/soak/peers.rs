//! The loads with peers that prove who they are, and with peers that are killed.

use std::collections::BTreeSet;
use std::env;
use std::process::{Child, Command, ExitCode};

use ferromq::curve::Keypair;
use ferromq::zap::{Authenticator, Domain, Rules};
use ferromq::{AuthPolicy, Context, DEALER, Endpoint, ErrorKind, MonitorEvents, ROUTER, Security};

use crate::loads::{Turn, rest};
use crate::support::{DEADLINE, context, recv, recv_multipart, send, send_multipart};

/// Clients with a key that the server knows; each third has one that it does not know.
pub fn curve(_: &Context) -> Turn {
    // Of its own, as a context has one authenticator, and that may end before the sockets.
    let context = context();
    let (server, client) = (Keypair::generate().unwrap(), Keypair::generate().unwrap());
    let domain = Domain::new().key(client.public, "client");
    let rules = Rules::new().domain("soak", domain);
    let authenticator = Authenticator::start(&context, rules).unwrap();
    let router = context.socket(ROUTER).unwrap();
    let public = server.public;
    router
        .set_security(Security::CurveServer {
            keys: server,
            policy: AuthPolicy::Authenticator {
                domain: "soak".into(),
            },
        })
        .unwrap();
    router.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = router.last_endpoint().unwrap();
    Box::new(move |turn| {
        let _ = &authenticator;
        let Some(turn) = turn else {
            return rest(&router);
        };
        let is_known = turn % 3 != 0;
        let keys = match is_known {
            true => client.clone(),
            false => Keypair::generate().unwrap(),
        };
        let dealer = context.socket(DEALER).unwrap();
        let monitor = dealer.monitor(MonitorEvents::HANDSHAKE).unwrap();
        dealer
            .set_security(Security::CurveClient {
                keys,
                server: public,
            })
            .unwrap();
        dealer.connect(&endpoint).unwrap();
        if !is_known {
            let refused = monitor.wait_handshake(DEADLINE).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::PermissionDenied, "{refused}");
            assert!(router.try_recv_multipart().unwrap().is_none());
            return 0;
        }
        for number in 0..20 {
            send(&dealer, format!("{turn}:{number}"));
            let message = recv_multipart(&router);
            assert_eq!(message[1], *format!("{turn}:{number}"));
            assert_eq!(message[1].user_id().unwrap(), Some("client"));
            send_multipart(&router, message);
            assert_eq!(recv(&dealer), *format!("{turn}:{number}"));
        }
        40
    })
}

/// Peers that are killed over their work. What they had not answered is sent to the next one, and so
/// each is answered.
pub fn kills(context: &Context) -> Turn {
    const TASKS: u64 = 100;
    let dealer = context.socket(DEALER).unwrap();
    let monitor = dealer.monitor(MonitorEvents::DISCONNECTED).unwrap();
    dealer.bind("tcp://127.0.0.1:*").unwrap();
    let endpoint = dealer.last_endpoint().unwrap();
    Box::new(move |turn| {
        let Some(turn) = turn else {
            return rest(&dealer);
        };
        let mut left: BTreeSet<_> = (0..TASKS).collect();
        let mut received = 0;
        for patience in [turn % TASKS, TASKS] {
            let peer = Peer::start(&endpoint);
            assert_eq!(recv(&dealer), "here");
            for task in &left {
                send(&dealer, &task.to_be_bytes());
            }
            let until = TASKS - patience;
            while left.len() as u64 > until {
                let answer = u64::from_be_bytes(recv(&dealer)[..].try_into().unwrap());
                assert!(left.remove(&answer), "{answer} is answered twice");
                received += 1;
            }
            drop(peer);
            assert!(monitor.recv_timeout(DEADLINE).unwrap().is_some());
            // What it had answered before it was killed.
            while let Some(answer) = dealer.try_recv().unwrap() {
                let answer = u64::from_be_bytes(answer[..].try_into().unwrap());
                assert!(left.remove(&answer), "{answer} is answered twice");
                received += 1;
            }
        }
        assert!(left.is_empty());
        received
    })
}

/// Killed when dropped.
struct Peer(Child);

impl Peer {
    fn start(endpoint: &Endpoint) -> Self {
        let this = env::current_exe().unwrap();
        let child = Command::new(this).args(["peer", endpoint.as_str()]).spawn();
        Self(child.unwrap())
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.0.kill().unwrap();
        self.0.wait().unwrap();
    }
}

/// What a peer does: says that it is here, and sends back what it gets.
pub fn echo(endpoint: &str) -> ExitCode {
    // SAFETY: no preconditions. It ends with the thread that has started it.
    unsafe { libc::prctl(libc::PR_SET_PDEATHSIG, libc::SIGKILL) };
    let context = context();
    let dealer = context.socket(DEALER).unwrap();
    dealer.connect(endpoint).unwrap();
    send(&dealer, "here");
    loop {
        let message = recv(&dealer);
        send(&dealer, message);
    }
}
