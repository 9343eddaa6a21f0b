//! A socket of a scenario, whichever language it lives in.

use std::time::Duration;

use ferromq::{CanMultipart, CanRecv, CanSend, CanSubscribe, Kind, Socket};

use crate::agent::{self, DEADLINE, hex};

/// The frames of a message.
pub type Frames = Vec<Vec<u8>>;

pub fn frames<const N: usize>(texts: [&str; N]) -> Frames {
    texts.map(|text| text.as_bytes().to_vec()).into()
}

pub trait Peer {
    /// Binds, and returns the endpoint with its wildcards resolved.
    #[track_caller]
    fn bind_to(&self, endpoint: &str) -> String;

    #[track_caller]
    fn connect_to(&self, endpoint: &str);

    #[track_caller]
    fn disconnect_from(&self, endpoint: &str);

    #[track_caller]
    fn bind_to_any_port(&self) -> String {
        self.bind_to("tcp://127.0.0.1:*")
    }
}

pub trait Sender: Peer {
    /// Returns whether the message was taken in time.
    #[track_caller]
    fn send_within(&self, frames: &Frames, patience: Duration) -> bool;

    #[track_caller]
    fn send_frames(&self, frames: &Frames) {
        assert!(
            self.send_within(frames, DEADLINE),
            "nobody takes the message"
        );
    }
}

pub trait Receiver: Peer {
    /// Returns the next message, or nothing when the time is up.
    #[track_caller]
    fn recv_within(&self, patience: Duration) -> Option<Frames>;

    #[track_caller]
    fn recv_frames(&self) -> Frames {
        self.recv_within(DEADLINE).expect("no message comes")
    }
}

pub trait Subscriber: Receiver {
    #[track_caller]
    fn subscribe_to(&self, topic: &str);

    #[track_caller]
    fn unsubscribe_from(&self, topic: &str);
}

/// Connects two peers over a free port of the loopback interface.
#[track_caller]
pub fn join(binder: &impl Peer, connector: &impl Peer) {
    connector.connect_to(&binder.bind_to_any_port());
}

impl<K: Kind> Peer for Socket<K> {
    fn bind_to(&self, endpoint: &str) -> String {
        self.bind(endpoint).unwrap();
        self.last_endpoint().unwrap().to_string()
    }

    fn connect_to(&self, endpoint: &str) {
        self.connect(endpoint).unwrap();
    }

    fn disconnect_from(&self, endpoint: &str) {
        self.disconnect(endpoint).unwrap();
    }
}

impl<K: CanSend + CanMultipart> Sender for Socket<K> {
    fn send_within(&self, frames: &Frames, patience: Duration) -> bool {
        match self.send_multipart_timeout(frames.clone(), patience) {
            Ok(()) => true,
            Err(ferromq::TrySendError::Full(_)) => false,
            Err(error) => panic!("{error}"),
        }
    }
}

impl<K: CanRecv> Receiver for Socket<K> {
    fn recv_within(&self, patience: Duration) -> Option<Frames> {
        let message = self.recv_multipart_timeout(patience).unwrap()?;
        Some(message.iter().map(|frame| frame.to_vec()).collect())
    }
}

impl<K: CanRecv + CanSubscribe> Subscriber for Socket<K> {
    fn subscribe_to(&self, topic: &str) {
        self.subscribe(topic).unwrap();
    }

    fn unsubscribe_from(&self, topic: &str) {
        self.unsubscribe(topic).unwrap();
    }
}

impl Peer for agent::Socket<'_> {
    fn bind_to(&self, endpoint: &str) -> String {
        self.bind(endpoint)
    }

    fn connect_to(&self, endpoint: &str) {
        self.connect(endpoint);
    }

    fn disconnect_from(&self, endpoint: &str) {
        self.disconnect(endpoint);
    }
}

impl Sender for agent::Socket<'_> {
    fn send_within(&self, frames: &Frames, patience: Duration) -> bool {
        self.send(frames, patience)
    }
}

impl Receiver for agent::Socket<'_> {
    fn recv_within(&self, patience: Duration) -> Option<Frames> {
        self.recv(patience)
    }
}

impl Subscriber for agent::Socket<'_> {
    fn subscribe_to(&self, topic: &str) {
        self.set("SUBSCRIBE", hex(topic.as_bytes()));
    }

    fn unsubscribe_from(&self, topic: &str) {
        self.set("UNSUBSCRIBE", hex(topic.as_bytes()));
    }
}
