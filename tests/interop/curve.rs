//! CURVE: what one side encrypts the other one decrypts, whichever is the server.

use ferromq::curve::Keypair;
use ferromq::{AuthPolicy, Context, Kind, PAIR, Security, Socket};

use crate::agent::{self, Agent, hex, pattern};
use crate::peer::{Receiver, Sender, join};

/// Sizes around the edges of what is encrypted together, with the byte of flags in front.
const SIZES: [usize; 14] = [
    0,
    1,
    30,
    31,
    32,
    94,
    95,
    96,
    286,
    287,
    542,
    1054,
    4097,
    1 << 20,
];

struct Keys {
    server: Keypair,
    client: Keypair,
}

fn keys() -> Keys {
    let [server, client] = [(); 2].map(|()| Keypair::generate().unwrap());
    Keys { server, client }
}

fn serve<K: Kind>(socket: &Socket<K>, keys: &Keys) {
    socket
        .set_security(Security::CurveServer {
            keys: keys.server.clone(),
            policy: AuthPolicy::AllowAnyClient,
        })
        .unwrap();
}

fn trust<K: Kind>(socket: &Socket<K>, keys: &Keys) {
    socket
        .set_security(Security::CurveClient {
            keys: keys.client.clone(),
            server: keys.server.public,
        })
        .unwrap();
}

fn python_serves(socket: &agent::Socket, keys: &Keys) {
    socket.set("CURVE_SERVER", 1);
    socket.set("CURVE_SECRETKEY", hex(keys.server.secret.as_bytes()));
}

fn python_trusts(socket: &agent::Socket, keys: &Keys) {
    socket.set("CURVE_SERVERKEY", hex(keys.server.public.as_bytes()));
    socket.set("CURVE_PUBLICKEY", hex(keys.client.public.as_bytes()));
    socket.set("CURVE_SECRETKEY", hex(keys.client.secret.as_bytes()));
}

fn carry_there_and_back(a: &(impl Sender + Receiver), b: &(impl Sender + Receiver)) {
    for size in SIZES {
        let message = vec![pattern(size), pattern(3)];
        a.send_frames(&message);
        assert!(b.recv_frames() == message, "{size} bytes differ there");
        b.send_frames(&message);
        assert!(a.recv_frames() == message, "{size} bytes differ back");
    }
}

#[test]
fn rust_serves_and_binds() {
    let (context, python, keys) = (Context::new().unwrap(), Agent::start(), keys());
    let (server, client) = (context.socket(PAIR).unwrap(), python.socket("PAIR"));
    serve(&server, &keys);
    python_trusts(&client, &keys);
    join(&server, &client);
    carry_there_and_back(&server, &client);
}

#[test]
fn rust_serves_python_binds() {
    let (context, python, keys) = (Context::new().unwrap(), Agent::start(), keys());
    let (server, client) = (context.socket(PAIR).unwrap(), python.socket("PAIR"));
    serve(&server, &keys);
    python_trusts(&client, &keys);
    join(&client, &server);
    carry_there_and_back(&server, &client);
}

#[test]
fn python_serves_and_binds() {
    let (context, python, keys) = (Context::new().unwrap(), Agent::start(), keys());
    let (server, client) = (python.socket("PAIR"), context.socket(PAIR).unwrap());
    python_serves(&server, &keys);
    trust(&client, &keys);
    join(&server, &client);
    carry_there_and_back(&server, &client);
}

#[test]
fn python_serves_rust_binds() {
    let (context, python, keys) = (Context::new().unwrap(), Agent::start(), keys());
    let (server, client) = (python.socket("PAIR"), context.socket(PAIR).unwrap());
    python_serves(&server, &keys);
    trust(&client, &keys);
    join(&client, &server);
    carry_there_and_back(&server, &client);
}
