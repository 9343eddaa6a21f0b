//! STREAM, which talks plain TCP.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use ferromq::{Endpoint, SocketType};

use crate::matrix::cell_name;
use crate::payload::pattern;
use crate::peer::{DEADLINE, Host, Setting, Side, Stranger, Transport};
use crate::support::{Directory, context, wait_until};

const SIZES: [usize; 7] = [1, 254, 255, 256, 8192, 65536, 1 << 20];

/// As the other pairs, but for the bytes, which come in pieces of any size.
pub fn stream_stream<S: Stranger>(stranger: &S) {
    let (rust, directory) = (context(), Directory::new());
    let kinds = [SocketType::Stream; 2];
    for binder in [0, 1] {
        for transport in [Transport::Tcp, Transport::TcpIpv6] {
            let hosts = [&rust as &dyn Host, stranger];
            stranger.report(&cell_name(hosts, kinds, binder, transport));
            let sides = hosts.map(|host| host.open(SocketType::Stream));
            if matches!(transport, Transport::TcpIpv6) {
                sides.iter().for_each(|side| side.set(Setting::Ipv6));
            }
            let endpoint = sides[binder].bind_to(&transport.endpoint(&directory));
            sides[1 - binder].connect_to(&endpoint);
            let ids = sides.each_ref().map(|side| connected(&**side));
            for size in SIZES {
                carry(&*sides[0], &ids[0], &*sides[1], &ids[1], size);
                carry(&*sides[1], &ids[1], &*sides[0], &ids[0], size);
            }
            for side in sides {
                side.close_within(Duration::ZERO);
            }
        }
    }
}

/// Waits for a connection, and returns its id.
#[track_caller]
fn connected(stream: &dyn Side) -> Vec<u8> {
    let [id, nothing] = stream.recv_frames().try_into().unwrap();
    assert_eq!(nothing, b"");
    id
}

/// Reads bytes of a connection until there are as many as asked for.
#[track_caller]
fn read(stream: &dyn Side, id: &[u8], size: usize) -> Vec<u8> {
    let mut bytes = Vec::new();
    while bytes.len() < size {
        let message = stream.recv_frames();
        assert_eq!(message.len(), 2);
        assert_eq!(message[0], id);
        bytes.extend_from_slice(&message[1]);
    }
    bytes
}

#[track_caller]
fn carry(from: &dyn Side, to_id: &[u8], to: &dyn Side, from_id: &[u8], size: usize) {
    from.send_frames(&vec![to_id.to_vec(), pattern(size)]);
    assert!(read(to, from_id, size) == pattern(size), "{size} bytes");
}

/// A STREAM and a program that knows nothing of ZeroMQ, until either ends the connection.
fn talk_plainly(stream: &dyn Side, other: &mut TcpStream, who_ends: WhoEnds) {
    other.set_read_timeout(Some(DEADLINE)).unwrap();
    let id = connected(stream);
    for size in SIZES {
        // Both at once, as the buffers of a connection do not hold the longest.
        let mut writer = other.try_clone().unwrap();
        let writing = std::thread::spawn(move || writer.write_all(&pattern(size)));
        assert!(read(stream, &id, size) == pattern(size), "{size} bytes");
        writing.join().unwrap().unwrap();
        stream.send_frames(&vec![id.clone(), pattern(size)]);
        let mut bytes = vec![0; size];
        other.read_exact(&mut bytes).unwrap();
        assert!(bytes == pattern(size), "{size} bytes back");
    }
    match who_ends {
        WhoEnds::Stream => {
            stream.send_frames(&vec![id, vec![]]);
            other.set_nonblocking(true).unwrap();
            // libzmq goes on with it when the socket's own thread uses the socket.
            wait_until("the connection ends", || {
                assert_eq!(stream.recv_within(Duration::ZERO), None);
                other.read(&mut [0]).is_ok_and(|size| size == 0)
            });
        }
        WhoEnds::Other => {
            other.shutdown(std::net::Shutdown::Both).unwrap();
            assert_eq!(stream.recv_frames(), [id, vec![]]);
        }
    }
}

#[derive(Clone, Copy)]
enum WhoEnds {
    Stream,
    Other,
}

#[test]
fn rust_serves_a_plain_client() {
    for who_ends in [WhoEnds::Stream, WhoEnds::Other] {
        let rust = context();
        let stream = rust.open(SocketType::Stream);
        let endpoint: Endpoint = stream.bind_to_any_port().parse().unwrap();
        let address: SocketAddr = endpoint.address().parse().unwrap();
        talk_plainly(
            &*stream,
            &mut TcpStream::connect(address).unwrap(),
            who_ends,
        );
    }
}

#[test]
fn rust_is_the_client_of_a_plain_server() {
    for who_ends in [WhoEnds::Stream, WhoEnds::Other] {
        let rust = context();
        let stream = rust.open(SocketType::Stream);
        let server = TcpListener::bind("127.0.0.1:0").unwrap();
        stream.connect_to(&format!("tcp://{}", server.local_addr().unwrap()));
        let (mut connection, _) = server.accept().unwrap();
        talk_plainly(&*stream, &mut connection, who_ends);
    }
}
