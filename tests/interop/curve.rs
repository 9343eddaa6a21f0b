//! CURVE: what one side encrypts the other one decrypts, whichever is the server.

use ferromq::SocketType;
use ferromq::curve::Keypair;

use crate::agent::Agent;
use crate::payload::pattern;
use crate::peer::{Setting, Side, either_way, join_either_way};
use crate::setting::Mechanism;

for_each_python! {
    the_server_binds
    the_client_binds
}

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

fn carry_there_and_back(a: &dyn Side, b: &dyn Side) {
    for size in SIZES {
        let message = vec![pattern(size), pattern(3)];
        a.send_frames(&message);
        assert!(b.recv_frames() == message, "{size} bytes differ there");
        b.send_frames(&message);
        assert!(a.recv_frames() == message, "{size} bytes differ back");
    }
}

fn the_server_binds(python: &Agent) {
    encrypted(python, true);
}

fn the_client_binds(python: &Agent) {
    encrypted(python, false);
}

fn encrypted(python: &Agent, server_binds: bool) {
    let [server_keys, client_keys] = [(); 2].map(|()| Keypair::generate().unwrap());
    let roles = if server_binds {
        ["the server that binds", "the client"]
    } else {
        ["the server", "the client that binds"]
    };
    either_way(python, roles, |one, other| {
        let (server, client) = (one.open(SocketType::Pair), other.open(SocketType::Pair));
        server.set(Setting::Security(Mechanism::CurveOpen(&server_keys)));
        let trust = Mechanism::CurveClient(&client_keys, server_keys.public);
        client.set(Setting::Security(trust));
        join_either_way(server_binds, &*server, &*client);
        carry_there_and_back(&*server, &*client);
    });
}
