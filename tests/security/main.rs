//! Who is let in, and who is not: by the public interface. With another implementation as peer it
//! is tested in `interop`.

#[path = "../it/logs.rs"]
mod logs;
#[path = "../it/support.rs"]
#[allow(dead_code)] // The rest is for the other tests.
mod support;
#[path = "../process/hazards/zmtp.rs"]
#[allow(dead_code)]
mod zmtp;

mod authenticator;
mod declared;
mod directory;
mod garbage;
mod hostile;
mod random;
mod requests;
mod secrets;
mod user_id;

use std::time::Duration;

use ferromq::curve::Keypair;
use ferromq::zap::{Authenticator, Domain, Rules};
use ferromq::{
    AuthPolicy, CanMultipart, CanRecv, CanSend, Capability, Context, Kind, Monitor, MonitorEvent,
    MonitorEventKind, MonitorEvents, Security, Socket, has,
};

use support::DEADLINE;

/// The domain of the tests.
const HOME: &str = "home";

fn start(context: &Context, home: Domain) -> Authenticator {
    Authenticator::start(context, Rules::new().domain(HOME, home)).unwrap()
}

fn null_server() -> Security {
    Security::NullServer {
        domain: HOME.into(),
    }
}

fn plain_server() -> Security {
    Security::PlainServer {
        domain: HOME.into(),
    }
}

fn plain_client(username: &str, password: &str) -> Security {
    Security::PlainClient {
        username: username.into(),
        password: password.into(),
    }
}

fn curve_server(keys: &Keypair) -> Security {
    Security::CurveServer {
        keys: keys.clone(),
        policy: AuthPolicy::Authenticator {
            domain: HOME.into(),
        },
    }
}

fn curve_client(keys: &Keypair, server: &Keypair) -> Security {
    Security::CurveClient {
        keys: keys.clone(),
        server: server.public,
    }
}

/// Key pairs; nothing without CURVE in the linked libzmq, which says so in the test's output.
fn keys<const N: usize>() -> Option<[Keypair; N]> {
    if !has(Capability::Curve) {
        eprintln!("libzmq was linked without CURVE: this part of the test is for one with it");
        return None;
    }
    Some([(); N].map(|()| Keypair::generate().unwrap()))
}

/// Binds `server` to a free port, connects `client`, and returns monitors of both handshakes.
fn join<S: Kind, C: Kind>(server: &Socket<S>, client: &Socket<C>) -> (Monitor, Monitor) {
    let monitors = (
        server.monitor(MonitorEvents::HANDSHAKE).unwrap(),
        client.monitor(MonitorEvents::HANDSHAKE).unwrap(),
    );
    support::join(server, client);
    monitors
}

/// The next result of a handshake.
#[track_caller]
fn result(monitor: &Monitor) -> MonitorEventKind {
    event(monitor).kind
}

#[track_caller]
fn event(monitor: &Monitor) -> MonitorEvent {
    let event = monitor.recv_timeout(DEADLINE).unwrap();
    event.expect("no event of a handshake")
}

/// A message gets from one to the other.
#[track_caller]
fn passes<S, C>(client: &Socket<C>, server: &Socket<S>) -> ferromq::Message
where
    S: Kind + CanRecv,
    C: Kind + CanSend,
{
    support::send(client, "hello");
    let message = support::recv(server);
    assert_eq!(message, "hello");
    message
}

/// Nothing has come from a peer whose handshake was seen to fail.
#[track_caller]
fn nothing_passes<S, C>(client: &Socket<C>, server: &Socket<S>)
where
    S: Kind + CanRecv,
    C: Kind + CanSend + CanMultipart,
{
    // Queued or refused: there is no connection.
    let _ = client.try_send("must not arrive");
    let message = server.recv_timeout(Duration::from_millis(100)).unwrap();
    assert_eq!(message, None);
}
