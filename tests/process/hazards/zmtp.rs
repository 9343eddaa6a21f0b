//! The other end of a connection: speaks ZMTP 3.0 itself, so that it can misbehave.

use std::io::{Read, Write};
use std::net::TcpStream;

use super::DEADLINE;

pub struct Peer(pub TcpStream);

impl Peer {
    /// Connects to a `tcp` endpoint.
    pub fn connect(endpoint: &str) -> Self {
        let address = endpoint.strip_prefix("tcp://").unwrap();
        Self::new(TcpStream::connect(address).unwrap())
    }

    pub fn new(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(DEADLINE)).unwrap();
        Self(stream)
    }

    /// Says which security mechanism it wants, and hears what the other end says.
    pub fn greet(&mut self, mechanism: &str) {
        let mut greeting = [0; 64];
        greeting[0] = 0xff;
        greeting[9] = 0x7f;
        greeting[10] = 3;
        greeting[12..12 + mechanism.len()].copy_from_slice(mechanism.as_bytes());
        self.0.write_all(&greeting).unwrap();
        self.0.read_exact(&mut greeting).unwrap();
    }

    /// The whole handshake without security.
    pub fn shake_hands(&mut self, kind: &str) {
        self.greet("NULL");
        self.send_ready(kind);
        assert!(self.recv_command().starts_with(b"\x05READY"));
    }

    pub fn send_ready(&mut self, kind: &str) {
        let mut ready = b"\x05READY\x0bSocket-Type\0\0\0".to_vec();
        ready.push(kind.len() as u8);
        ready.extend(kind.as_bytes());
        self.send_command(&ready);
    }

    pub fn send_command(&mut self, command: &[u8]) {
        self.0.write_all(&[4, command.len() as u8]).unwrap();
        self.0.write_all(command).unwrap();
    }

    pub fn recv_command(&mut self) -> Vec<u8> {
        let mut header = [0; 2];
        self.0.read_exact(&mut header).unwrap();
        assert_eq!(header[0], 4, "not a short command");
        let mut command = vec![0; header[1].into()];
        self.0.read_exact(&mut command).unwrap();
        command
    }

    /// Sends many messages of one byte, in one piece.
    pub fn send_many(&mut self) {
        self.0.write_all(&[0, 1, b'x'].repeat(100)).unwrap();
    }

    /// Waits until the other end closes the connection.
    #[track_caller]
    pub fn expect_end(mut self) {
        let mut rest = Vec::new();
        match self.0.read_to_end(&mut rest) {
            Ok(_) => {}
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => {}
            Err(error) => panic!("the connection stays open: {error}"),
        }
    }
}
