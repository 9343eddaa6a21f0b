//! The draft kinds, with a peer in C++.

use std::net::UdpSocket;
use std::time::Duration;

use ferromq::{Any, Message, Socket, SocketType};

use crate::matrix::cell_name;
use crate::native::{self, Address, NOBODY, Native};
use crate::payload::pattern;
use crate::peer::{
    DEADLINE, Frames, Host, Peer, Receiver, Sender, Sent, Stranger, TURN, Transport,
};
use crate::support::{Directory, context, wait_until};

for_cpp! {
    server_client
    scatter_gather
    channel_channel
    peer_peer
    radio_dish
    radio_dish_over_udp
    dgram_dgram
}

const SIZES: [usize; 8] = [0, 1, 254, 255, 256, 8192, 65536, 1 << 20];

const TRANSPORTS: [Transport; 4] = [
    Transport::Tcp,
    Transport::IpcPath,
    Transport::IpcAbstract,
    Transport::Ws,
];

/// A socket of single frames with an address, in either language.
trait Draft: Peer {
    #[track_caller]
    fn send_to(&self, address: &str, body: &[u8]);

    #[track_caller]
    fn recv_from_within(&self, patience: Duration) -> Option<(Address, Vec<u8>)>;

    #[track_caller]
    fn recv_from(&self) -> (Address, Vec<u8>) {
        self.recv_from_within(DEADLINE).expect("no message comes")
    }

    #[track_caller]
    fn join_group(&self, group: &str);

    /// The address of the peer.
    #[track_caller]
    fn connect_to_peer(&self, endpoint: &str) -> Address;
}

impl Draft for Socket<Any> {
    fn send_to(&self, address: &str, body: &[u8]) {
        let mut message = Message::from(body.to_vec());
        if let Some(id) = address.strip_prefix("id:") {
            message.set_routing_id(id.parse().unwrap()).unwrap();
        } else if let Some(group) = address.strip_prefix("group:") {
            message.set_group(group).unwrap();
        }
        self.send_timeout(message, DEADLINE).expect("not sent");
    }

    fn recv_from_within(&self, patience: Duration) -> Option<(Address, Vec<u8>)> {
        let message = self.recv_timeout(patience).unwrap()?;
        let id = message.routing_id().map(|id| format!("id:{id}"));
        let group = message.group().map(|group| format!("group:{group}"));
        let address = id.or(group).unwrap_or_else(|| NOBODY.to_owned());
        Some((address, message.to_vec()))
    }

    fn join_group(&self, group: &str) {
        self.join(group).unwrap();
    }

    fn connect_to_peer(&self, endpoint: &str) -> Address {
        format!("id:{}", self.connect_peer(endpoint).unwrap())
    }
}

impl Draft for native::Socket<'_> {
    fn send_to(&self, address: &str, body: &[u8]) {
        let sent = self.send_to(address, &vec![body.to_vec()], DEADLINE);
        assert_eq!(sent, Sent::Taken);
    }

    fn recv_from_within(&self, patience: Duration) -> Option<(Address, Vec<u8>)> {
        let (address, frames) = self.recv_from(patience)?;
        let [body] = frames.try_into().unwrap();
        Some((address, body))
    }

    fn join_group(&self, group: &str) {
        self.join(group);
    }

    fn connect_to_peer(&self, endpoint: &str) -> Address {
        self.connect_peer(endpoint)
    }
}

/// The cells of a pair: Rust on either side, bind on either side, each transport.
///
/// The scenario gets the two sockets, which of them binds, and where.
fn cells(native: &Native, kinds: [SocketType; 2], scenario: impl Fn([&dyn Draft; 2], usize, &str)) {
    let rust = context();
    for (ours_is, theirs_is) in [(0, 1), (1, 0)] {
        for binder in [0, 1] {
            for transport in TRANSPORTS {
                let mut hosts: [&dyn Host; 2] = [&rust, native];
                hosts.swap(0, ours_is);
                native.report(&cell_name(hosts, kinds, binder, transport));
                let ours = rust.socket(kinds[ours_is]).unwrap();
                let theirs = native.socket(kinds[theirs_is]);
                let mut sides: [&dyn Draft; 2] = [&ours, &theirs];
                sides.swap(0, ours_is);
                let directory = Directory::new();
                scenario(sides, binder, &transport.endpoint(&directory));
                theirs.close(Duration::ZERO);
            }
            if kinds[0] == kinds[1] {
                break;
            }
        }
    }
}

fn join(sides: [&dyn Draft; 2], binder: usize, endpoint: &str) {
    sides[1 - binder].connect_to(&sides[binder].bind_to(endpoint));
}

/// Carries messages of each size, and returns the address that the last one came with.
#[track_caller]
fn carry(from: &dyn Draft, address: &str, to: &dyn Draft) -> Address {
    let mut came_from = Address::new();
    for size in SIZES {
        from.send_to(address, &pattern(size));
        let (address, body) = to.recv_from();
        assert_eq!(body.len(), size);
        assert!(body == pattern(size), "{size} bytes differ");
        came_from = address;
    }
    came_from
}

fn server_client(native: &Native) {
    cells(
        native,
        [SocketType::Server, SocketType::Client],
        |sides, binder, endpoint| {
            join(sides, binder, endpoint);
            let [server, client] = sides;
            let who = carry(client, NOBODY, server);
            assert!(who.starts_with("id:"), "{who}");
            assert_eq!(carry(server, &who, client), NOBODY);
        },
    );
}

fn scatter_gather(native: &Native) {
    cells(
        native,
        [SocketType::Scatter, SocketType::Gather],
        |sides, binder, endpoint| {
            join(sides, binder, endpoint);
            carry(sides[0], NOBODY, sides[1]);
        },
    );
}

fn channel_channel(native: &Native) {
    cells(
        native,
        [SocketType::Channel; 2],
        |sides, binder, endpoint| {
            join(sides, binder, endpoint);
            carry(sides[0], NOBODY, sides[1]);
            carry(sides[1], NOBODY, sides[0]);
        },
    );
}

/// Who connects knows the other's routing id at once.
fn peer_peer(native: &Native) {
    cells(native, [SocketType::Peer; 2], |sides, binder, endpoint| {
        let [binding, connecting] = [sides[binder], sides[1 - binder]];
        let address = connecting.connect_to_peer(&binding.bind_to(endpoint));
        let who = carry(connecting, &address, binding);
        assert!(who.starts_with("id:"), "{who}");
        assert_eq!(carry(binding, &who, connecting), address);
    });
}

const GROUP: &str = "group:berlin";

fn radio_dish(native: &Native) {
    cells(
        native,
        [SocketType::Radio, SocketType::Dish],
        |sides, binder, endpoint| {
            let [radio, dish] = sides;
            dish.join_group("berlin");
            join(sides, binder, endpoint);
            wait_for_join(radio, dish);
            radio.send_to("group:rome", b"for others");
            assert_eq!(carry(radio, GROUP, dish), GROUP);
        },
    );
}

/// Sends until the DISH gets something, as what is sent before its join has arrived passes by, and
/// empties its queue.
fn wait_for_join(radio: &dyn Draft, dish: &dyn Draft) {
    let mut received = None;
    wait_until("the join arrives", || {
        radio.send_to(GROUP, b"are you there?");
        received = dish.recv_from_within(TURN);
        received.is_some()
    });
    radio.send_to(GROUP, b"go");
    while dish.recv_from() != (GROUP.to_owned(), b"go".to_vec()) {}
}

/// An address of the loopback interface that nobody had a moment ago; libzmq does not tell which port it
/// got.
fn vacant() -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    socket.local_addr().unwrap().to_string()
}

/// A datagram holds a byte, the group and the body.
const LONGEST: usize = 8192 - 1 - "berlin".len();

fn radio_dish_over_udp(native: &Native) {
    let rust = context();
    for rust_sends in [true, false] {
        let [sender, receiver] = if rust_sends {
            ["Rust", "C++"]
        } else {
            ["C++", "Rust"]
        };
        native.report(&format!(
            "RADIO in {sender} connects, DISH in {receiver} binds, Udp"
        ));
        let (ours, theirs) = match rust_sends {
            true => (SocketType::Radio, SocketType::Dish),
            false => (SocketType::Dish, SocketType::Radio),
        };
        let (ours, theirs) = (rust.socket(ours).unwrap(), native.socket(theirs));
        let mut sides: [&dyn Draft; 2] = [&ours, &theirs];
        if !rust_sends {
            sides.reverse();
        }
        let [radio, dish] = sides;
        let endpoint = format!("udp://{}", vacant());
        dish.join_group("berlin");
        dish.bind_to(&endpoint);
        radio.connect_to(&endpoint);
        wait_for_join(radio, dish);
        radio.send_to("group:rome", b"for others");
        for size in [0, 1, 254, 255, 256, LONGEST] {
            radio.send_to(GROUP, &pattern(size));
            assert_eq!(dish.recv_from(), (GROUP.to_owned(), pattern(size)));
        }
        theirs.close(Duration::ZERO);
    }
}

/// Addresses arrive with the zero byte that ends them in C.
fn datagram(address: &str, body: &[u8]) -> Frames {
    vec![address.as_bytes().to_vec(), body.to_vec()]
}

fn dgram_dgram(native: &Native) {
    let rust = context();
    let (ours, theirs) = (
        rust.socket(SocketType::Dgram).unwrap(),
        native.socket(SocketType::Dgram),
    );
    native.report("DGRAM in Rust binds, DGRAM in C++ binds, Udp");
    let [at_ours, at_theirs] = [(); 2].map(|()| vacant());
    ours.bind_to(&format!("udp://{at_ours}"));
    theirs.bind_to(&format!("udp://{at_theirs}"));
    // Nothing tells when the ports are there, and what comes before is lost.
    wait_until("theirs gets a datagram", || {
        ours.send_frames(&datagram(&at_theirs, b"first"));
        theirs.recv_within(TURN).is_some()
    });
    wait_until("ours gets a datagram", || {
        theirs.send_frames(&datagram(&at_ours, b"first"));
        ours.recv_within(TURN).is_some()
    });
    for size in [0, 1, 254, 255, 256, 8192] {
        ours.send_frames(&datagram(&at_theirs, &pattern(size)));
        let received = loop_past_first(&theirs);
        assert_eq!(received, datagram(&format!("{at_ours}\0"), &pattern(size)));
        theirs.send_frames(&received);
        let back = loop_past_first(&ours);
        assert_eq!(back, datagram(&format!("{at_theirs}\0"), &pattern(size)));
    }
}

/// The next datagram that is not one of those for synchronization.
fn loop_past_first(dgram: &impl Receiver) -> Frames {
    loop {
        let datagram = dgram.recv_frames();
        if datagram[1] != b"first" {
            return datagram;
        }
    }
}

#[test]
fn a_dgram_talks_to_plain_udp() {
    let rust = context();
    let dgram = rust.socket(SocketType::Dgram).unwrap();
    let at_dgram = vacant();
    dgram.bind_to(&format!("udp://{at_dgram}"));
    let other = UdpSocket::bind("127.0.0.1:0").unwrap();
    other.set_read_timeout(Some(DEADLINE)).unwrap();
    let at_other = other.local_addr().unwrap().to_string();
    wait_until("the DGRAM gets a datagram", || {
        other.send_to(b"first", &at_dgram).unwrap();
        dgram.recv_within(TURN).is_some()
    });
    for size in [0, 1, 254, 255, 256, 8192] {
        other.send_to(&pattern(size), &at_dgram).unwrap();
        let received = loop_past_first(&dgram);
        assert_eq!(received, datagram(&format!("{at_other}\0"), &pattern(size)));
        dgram.send_frames(&received);
        let mut body = vec![0; 10_000];
        let (length, from) = other.recv_from(&mut body).unwrap();
        assert_eq!(
            (&body[..length], from.to_string()),
            (&*pattern(size), at_dgram.clone())
        );
    }
}
