//! A TCP connection that the test can cut.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::thread;

use crate::support::DEADLINE;

/// Stands between the one that connects here and the TCP endpoint `to`: `connections` times, each
/// until `last` has been passed on. Both sides then see the connection end in good order.
pub fn relay(to: String, connections: usize, last: &'static [u8]) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!("tcp://{}", listener.local_addr().unwrap());
    thread::spawn(move || {
        for _ in 0..connections {
            let (here, _) = listener.accept().unwrap();
            let there = TcpStream::connect(to.strip_prefix("tcp://").unwrap()).unwrap();
            for stream in [&here, &there] {
                stream.set_read_timeout(Some(DEADLINE)).unwrap();
            }
            let back = (there.try_clone().unwrap(), here.try_clone().unwrap());
            let back = thread::spawn(move || pass(&back.0, &back.1, None));
            pass(&here, &there, Some(last));
            for stream in [&here, &there] {
                // Fails where the other side was faster.
                let _ = stream.shutdown(Shutdown::Both);
            }
            back.join().unwrap();
        }
    });
    endpoint
}

/// Passes bytes on to the end of the stream, or until `last` was among them.
fn pass(mut from: &TcpStream, mut to: &TcpStream, last: Option<&[u8]>) {
    let mut buffer = [0; 4096];
    let mut seen = Vec::new();
    while let Ok(len @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..len]).is_err() {
            return;
        }
        let Some(last) = last else { continue };
        seen.extend_from_slice(&buffer[..len]);
        if seen.windows(last.len()).any(|window| window == last) {
            return;
        }
    }
}
