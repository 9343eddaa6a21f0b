//! A socket of an [`Agent`].

use std::time::Duration;

use serde_json::{Value, json};

use super::Agent;
use crate::payload::{from_hex, hex, is_inline, pattern};
use crate::peer::{Event, Events, Frames, Peer, Receiver, Sender, Sent, Setting, Side};

pub struct Socket<'a> {
    agent: &'a Agent,
    name: String,
}

impl<'a> Socket<'a> {
    #[track_caller]
    pub(super) fn new(agent: &'a Agent, kind: &str, number: u32) -> Self {
        let socket = Self {
            agent,
            name: format!("{kind}-{number}"),
        };
        socket.tell("socket", json!({"kind": kind}));
        socket
    }

    #[track_caller]
    pub fn set(&self, option: &str, value: impl Into<Value>) {
        self.tell("set", json!({"option": option, "value": value.into()}));
    }

    /// Binds, and returns the endpoint with its wildcards resolved.
    #[track_caller]
    pub fn bind(&self, endpoint: &str) -> String {
        let endpoint = self.tell("bind", json!({"endpoint": endpoint}));
        endpoint.as_str().unwrap().to_owned()
    }

    /// Starts to record the events of the socket.
    #[track_caller]
    pub fn monitor(&self) {
        self.tell("monitor", json!({}));
    }

    /// Skips events until the named one, and returns its endpoint.
    #[track_caller]
    pub fn wait_for_event(&self, name: &str) -> String {
        Events::wait_for_event(self, name)
    }

    /// Closes the socket; libzmq goes on to deliver what it holds for as long as `linger`.
    #[track_caller]
    pub fn close(&self, linger: Duration) {
        self.tell("close", json!({"linger": linger.as_millis()}));
    }

    #[track_caller]
    fn subscribe(&self, topic: &str, on: bool) {
        let topic = hex(topic.as_bytes());
        self.tell("subscribe", json!({"topic": topic, "on": on}));
    }

    #[track_caller]
    fn tell(&self, operation: &str, mut arguments: Value) -> Value {
        arguments["socket"] = json!(self.name);
        self.agent.tell(operation, arguments)
    }

    /// The error is the name of libzmq's.
    #[track_caller]
    fn wait(
        &self,
        operation: &str,
        mut arguments: Value,
        patience: Duration,
    ) -> Result<Value, String> {
        arguments["socket"] = json!(self.name);
        arguments["ms"] = json!(patience.as_millis());
        self.agent.attempt(operation, arguments, patience)
    }
}

impl Peer for Socket<'_> {
    fn bind_to(&self, endpoint: &str) -> String {
        self.bind(endpoint)
    }

    fn connect_to(&self, endpoint: &str) {
        self.tell("connect", json!({"endpoint": endpoint}));
    }

    fn disconnect_from(&self, endpoint: &str) {
        self.tell("disconnect", json!({"endpoint": endpoint}));
    }
}

impl Sender for Socket<'_> {
    fn send_within(&self, frames: &Frames, patience: Duration) -> Sent {
        let frames: Vec<_> = frames.iter().map(|frame| frame_to_send(frame)).collect();
        match self.wait("send", json!({"frames": frames}), patience) {
            Ok(taken) if taken == true => Sent::Taken,
            Ok(_) => Sent::NotInTime,
            Err(error) if error == "EHOSTUNREACH" => Sent::NoSuchPeer,
            Err(error) => panic!("send: {error}"),
        }
    }
}

impl Receiver for Socket<'_> {
    fn recv_within(&self, patience: Duration) -> Option<Frames> {
        let frames = self.wait("recv", json!({}), patience).unwrap();
        Some(frames.as_array()?.iter().map(received_frame).collect())
    }
}

impl Side for Socket<'_> {
    fn set(&self, setting: Setting) {
        for (option, value) in setting.in_libzmq() {
            self.set(option, value);
        }
    }

    fn subscribe_to(&self, topic: &str) {
        self.subscribe(topic, true);
    }

    fn unsubscribe_from(&self, topic: &str) {
        self.subscribe(topic, false);
    }

    fn events(&self) -> Box<dyn Events + '_> {
        self.monitor();
        Box::new(self)
    }

    fn unbind_from(&self, endpoint: &str) {
        self.tell("unbind", json!({"endpoint": endpoint}));
    }

    fn close_within(self: Box<Self>, linger: Duration) {
        self.close(linger);
    }
}

impl Events for Socket<'_> {
    fn next_event(&self, patience: Duration) -> Option<Event> {
        let event = self.wait("event", json!({}), patience).unwrap();
        let text = |key: &str| event[key].as_str().map(str::to_owned);
        let name = text("event")?;
        let reason = match (&*name, event["value"].as_u64().unwrap()) {
            ("HANDSHAKE_FAILED_AUTH", 400) => "denied",
            ("HANDSHAKE_FAILED_PROTOCOL", 0x1100_0001) => "cryptographic",
            ("HANDSHAKE_FAILED_PROTOCOL", 0x1100_0002) => "mismatch",
            ("HANDSHAKE_FAILED_AUTH" | "HANDSHAKE_FAILED_PROTOCOL", _) => "other",
            _ => "",
        };
        Some(Event {
            name,
            reason,
            endpoint: text("endpoint").unwrap(),
        })
    }
}

fn frame_to_send(frame: &[u8]) -> Value {
    if is_inline(frame) {
        return hex(frame).into();
    }
    json!({"pattern": frame.len()})
}

#[track_caller]
fn received_frame(frame: &Value) -> Vec<u8> {
    if let Some(digits) = frame.as_str() {
        return from_hex(digits);
    }
    let length = frame["pattern"].as_u64();
    let length = length.unwrap_or_else(|| panic!("it got something else: {frame}"));
    pattern(length.try_into().unwrap())
}
