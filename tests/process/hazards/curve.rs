//! A CURVE server that has the right key and misbehaves.

use std::ffi::c_int;
use std::net::TcpListener;

use ferromq_sys::*;

use super::raw::Context;
use super::zmtp::Peer;
use crate::child::in_child;

unsafe extern "C" {
    /// The form of NaCl: 32 zeros in front of the text, 16 in front of the box.
    fn ferromq_crypto_box(
        sealed: *mut u8,
        plain: *const u8,
        size: usize,
        nonce: *const u8,
        public_key: *const u8,
        secret_key: *const u8,
    ) -> c_int;
}

/// A key pair in Z85, and the secret one's bytes.
fn keypair() -> ([u8; 41], [u8; 41], [u8; 32]) {
    let (mut public, mut secret, mut bytes) = ([0; 41], [0; 41], [0; 32]);
    // SAFETY: the buffers have room for a key in Z85 and its end, and for its bytes.
    unsafe {
        zmq_curve_keypair(public.as_mut_ptr().cast(), secret.as_mut_ptr().cast());
        zmq_z85_decode(bytes.as_mut_ptr(), secret.as_ptr().cast());
    }
    (public, secret, bytes)
}

/// The WELCOME of the server with this key to the client with that one, with a temporary key that
/// is all zeros.
fn welcome(server: &[u8; 32], client: &[u8]) -> Vec<u8> {
    let (plain, mut sealed) = ([0; 32 + 128], [0; 32 + 128]);
    let nonce = b"WELCOME-0123456789abcdef";
    // SAFETY: text and box have the size given, the nonce 24 bytes, the keys 32 each.
    let code = unsafe {
        ferromq_crypto_box(
            sealed.as_mut_ptr(),
            plain.as_ptr(),
            plain.len(),
            nonce.as_ptr(),
            client.as_ptr(),
            server.as_ptr(),
        )
    };
    assert_eq!(code, 0);
    [b"\x07WELCOME", &nonce[8..], &sealed[16..]].concat()
}

/// Fix `welcome-without-a-key`.
#[test]
fn a_servers_temporary_key_is_none() {
    in_child(|| {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let [(server_public, _, server_secret), own] = [keypair(), keypair()];
        let context = Context::new();
        let client = context.socket(ZMQ_PUSH);
        client
            .set_bytes(ZMQ_CURVE_SERVERKEY, &server_public)
            .unwrap();
        client.set_bytes(ZMQ_CURVE_PUBLICKEY, &own.0).unwrap();
        client.set_bytes(ZMQ_CURVE_SECRETKEY, &own.1).unwrap();
        let failures = client.monitor(&context, ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL);
        client.connect(&format!("tcp://{}", listener.local_addr().unwrap()));

        let (stream, _) = listener.accept().unwrap();
        let mut server = Peer::new(stream);
        server.greet("CURVE");
        let hello = server.recv_command();
        assert!(hello.starts_with(b"\x05HELLO"));
        server.send_command(&welcome(&server_secret, &hello[80..112]));
        server.expect_end();
        assert_eq!(failures.value(), ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC);
    });
}
