//! What the targets have in common.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::time::Duration;

use ferromq::curve::Keypair;
use ferromq::zap::{Authenticator, Domain, Rules};
use ferromq::{AuthPolicy, Context, Security};

/// Far beyond what anything here takes: to reach it is to hang.
pub const DEADLINE: Duration = Duration::from_secs(20);

/// No message may be longer, where a limit is set.
pub const LIMIT: u64 = 1 << 16;

const HOME: &str = "home";

/// A context whose sockets leave nothing behind.
pub fn context() -> Context {
    Context::builder().linger(Duration::ZERO).build().unwrap()
}

/// The pieces of an input: a byte that says how long one is, then its bytes.
pub fn pieces(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut pieces = Vec::new();
    while let Some((&len, rest)) = bytes.split_first() {
        let (piece, rest) = rest.split_at(rest.len().min(len.into()));
        pieces.push(piece);
        bytes = rest;
    }
    pieces
}

/// One session of a peer that sends these bytes, `step` at a time or all at once, and waits for
/// the other end to close the connection.
pub fn endure(mut peer: TcpStream, bytes: &[u8], step: u8) {
    peer.set_nodelay(true).unwrap();
    peer.set_read_timeout(Some(DEADLINE)).unwrap();
    let step = match step {
        0 => bytes.len().max(1),
        step => step.into(),
    };
    // The other end may have had enough before all is sent.
    let sent = bytes
        .chunks(step)
        .all(|piece| peer.write_all(piece).is_ok());
    if !sent || peer.shutdown(Shutdown::Write).is_err() {
        return;
    }
    match peer.read_to_end(&mut Vec::new()) {
        Ok(_) => {}
        Err(error) if error.kind() == ErrorKind::ConnectionReset => {}
        Err(error) => panic!("the session does not end: {error}"),
    }
}

/// How the two sides of each mechanism prove who they are.
pub struct Securities {
    pub null: [Security; 2],
    /// NULL, with an authenticator that looks at addresses.
    pub checked: [Security; 2],
    pub plain: [Security; 2],
    pub curve: [Security; 2],
}

/// And an authenticator that lets the clients in.
pub fn securities(context: &Context) -> (Securities, Authenticator) {
    let [server, alice] = [(); 2].map(|()| Keypair::generate().unwrap());
    let domain = || HOME.to_owned();
    let securities = Securities {
        null: [Security::Null, Security::Null],
        checked: [Security::NullServer { domain: domain() }, Security::Null],
        plain: [
            Security::PlainServer { domain: domain() },
            Security::PlainClient {
                username: "alice".into(),
                password: "secret".into(),
            },
        ],
        curve: [
            Security::CurveServer {
                keys: server.clone(),
                policy: AuthPolicy::Authenticator { domain: domain() },
            },
            Security::CurveClient {
                keys: alice.clone(),
                server: server.public,
            },
        ],
    };
    let home = Domain::new()
        .allow("127.0.0.1")
        .unwrap()
        .password("alice", "secret")
        .key(alice.public, "alice");
    let rules = Rules::new().domain(HOME, home);
    (securities, Authenticator::start(context, rules).unwrap())
}
