//! Peers over WebSocket that do not keep to it.

use std::io::{Read, Write};
use std::net::TcpStream;

use ferromq_sys::*;

use super::raw::{Context, Socket};
use super::zmtp::Peer;
use crate::child::in_child;

/// A peer of a socket that waits this many milliseconds for handshakes.
fn peer(context: &Context, patience: i32) -> (Socket, TcpStream) {
    let pull = context.socket(ZMQ_PULL);
    pull.set(ZMQ_HANDSHAKE_IVL, patience);
    let endpoint = pull.bind("ws://127.0.0.1:*");
    let address = endpoint.strip_prefix("ws://").unwrap();
    let stream = TcpStream::connect(address.trim_end_matches('/')).unwrap();
    (pull, stream)
}

/// Fix `websocket-handshake-timer`.
#[test]
fn a_websocket_peer_says_nothing() {
    in_child(|| {
        let context = Context::new();
        let (pull, silent) = peer(&context, 50);
        Peer::new(silent).expect_end();
        pull.close();
        context.terminate().unwrap();
    });
}

/// Fix `websocket-refused-frames`.
#[test]
fn a_websocket_frame_cannot_be() {
    for frame in [
        // Not the last one of its message, of an unknown sort, not masked, without flags.
        &[0x02, 0x81, 0, 0, 0, 0, 0][..],
        &[0x83, 0x81, 0, 0, 0, 0, 0],
        &[0x82, 0x01, 0],
        &[0x82, 0x80, 0, 0, 0, 0],
        &[0x82, 0xfe, 0, 0, 0, 0, 0, 0],
    ] {
        in_child(|| {
            let context = Context::new();
            let (pull, mut stream) = peer(&context, 60_000);
            stream
                .write_all(
                    b"GET / HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\
                      Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\
                      Sec-WebSocket-Protocol: ZWS2.0\r\n\r\n",
                )
                .unwrap();
            let mut reply = Vec::new();
            while !reply.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                reply.extend(byte);
            }
            stream.write_all(frame).unwrap();
            Peer::new(stream).expect_end();
            pull.close();
            context.terminate().unwrap();
        });
    }
}
