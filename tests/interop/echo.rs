//! Rust in a process of its own.

use std::fs;

use ferromq::{DEALER, Dealer, Socket};

use crate::forked::Forked;
use crate::peer::Peer;
use crate::support::{Directory, context, wait_until};

/// A process with a DEALER that sends back what it gets.
pub struct Echo {
    pub process: Forked,
    pub endpoint: String,
}

impl Echo {
    pub fn bound() -> Self {
        Self::start(Socket::bind_to_any_port)
    }

    pub fn connected_to(endpoint: &str) -> Self {
        Self::start(|dealer| {
            dealer.connect_to(endpoint);
            endpoint.to_owned()
        })
    }

    fn start(join: impl FnOnce(&Socket<Dealer>) -> String) -> Self {
        let directory = Directory::new();
        let note = directory.join("endpoint");
        let process = Forked::start(|| {
            let context = context();
            let dealer = context.socket(DEALER).unwrap();
            fs::write(&note, join(&dealer)).unwrap();
            loop {
                dealer
                    .send_multipart(dealer.recv_multipart().unwrap())
                    .unwrap();
            }
        });
        let mut endpoint = String::new();
        wait_until("the process notes its endpoint", || {
            endpoint = fs::read_to_string(&note).unwrap_or_default();
            !endpoint.is_empty()
        });
        Self { process, endpoint }
    }
}
