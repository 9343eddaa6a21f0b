//! One program holds ferromq and the crate `zmq`, each with its own libzmq, and the two exchange
//! messages.
#![cfg(test)]

use std::time::Duration;

use ferromq::{Context, Linkage, PAIR};

const DEADLINE: Duration = Duration::from_secs(20);

#[test]
fn each_has_its_own_libzmq() {
    assert_eq!(ferromq::linkage(), Linkage::Vendored);
    assert_eq!(ferromq::version().to_string(), "4.3.5");
    assert_eq!(zmq::version(), (4, 3, 4));
}

#[test]
fn ferromq_binds() {
    let (ours, theirs) = (our_socket(), their_socket());
    ours.bind("tcp://127.0.0.1:*").unwrap();
    theirs
        .connect(ours.last_endpoint().unwrap().as_str())
        .unwrap();
    exchange(&ours, &theirs);
}

#[test]
fn zmq_binds() {
    let (ours, theirs) = (our_socket(), their_socket());
    theirs.bind("tcp://127.0.0.1:*").unwrap();
    ours.connect(theirs.get_last_endpoint().unwrap().unwrap())
        .unwrap();
    exchange(&ours, &theirs);
}

fn our_socket() -> ferromq::Socket<ferromq::Pair> {
    Context::new().unwrap().socket(PAIR).unwrap()
}

fn their_socket() -> zmq::Socket {
    let socket = zmq::Context::new().socket(zmq::PAIR).unwrap();
    let deadline = DEADLINE.as_millis() as i32;
    socket.set_rcvtimeo(deadline).unwrap();
    socket.set_sndtimeo(deadline).unwrap();
    socket.set_linger(0).unwrap();
    socket
}

fn exchange(ours: &ferromq::Socket<ferromq::Pair>, theirs: &zmq::Socket) {
    ours.send_timeout("from ferromq", DEADLINE).unwrap();
    assert_eq!(theirs.recv_bytes(0).unwrap(), b"from ferromq");
    theirs.send("from zmq", 0).unwrap();
    let message = ours.recv_timeout(DEADLINE).unwrap();
    assert_eq!(message.expect("no message comes"), "from zmq");
}
