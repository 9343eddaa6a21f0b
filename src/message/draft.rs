//! Where a message of the draft kinds goes: to a peer, or to a group.

use std::ffi::CString;

use super::Message;
use crate::error::{Error, Result};
use crate::raw::Msg;

/// Of the draft kinds, behind the feature `draft`.
impl Message {
    /// The longest name of a group, in bytes.
    ///
    /// libzmq takes 255, but 4.3.5 frees a name of more than 14 bytes more than once when the
    /// message, or the join, goes to several peers.
    ///
    /// ```
    /// # use ferromq::*;
    /// assert!(Message::from("body").with_group(&"g".repeat(Message::GROUP_MAX)).is_ok());
    /// ```
    pub const GROUP_MAX: usize = Msg::GROUP_MAX;

    /// Which peer it goes to when a SERVER or PEER sends it; in a received one, which peer that
    /// came from (`zmq_msg_routing_id`). A number that the socket gave the connection.
    ///
    /// ```
    /// # use ferromq::{CLIENT, Context, SERVER};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// let (server, client) = (context.socket(SERVER)?, context.socket(CLIENT)?);
    /// server.bind("tcp://127.0.0.1:*")?;
    /// client.connect(server.last_endpoint()?)?;
    /// client.send("question")?;
    /// let question = server.recv()?;
    /// let mut answer = ferromq::Message::from("answer");
    /// answer.set_routing_id(question.routing_id().unwrap())?;
    /// server.send(answer)?;
    /// assert_eq!(client.recv()?, "answer");
    /// # Ok(()) }
    /// ```
    #[doc(alias = "zmq_msg_routing_id")]
    #[must_use]
    pub fn routing_id(&self) -> Option<u32> {
        Some(self.0.routing_id()).filter(|id| *id != 0)
    }

    /// Says which peer a SERVER or PEER sends it to (`zmq_msg_set_routing_id`).
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for 0, which no peer has.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// let mut message = ferromq::Message::from("for one of them");
    /// message.set_routing_id(4711)?;
    /// assert_eq!(message.routing_id(), Some(4711));
    /// # Ok(()) }
    /// ```
    #[doc(alias = "zmq_msg_set_routing_id")]
    pub fn set_routing_id(&mut self, routing_id: u32) -> Result<()> {
        self.0
            .set_routing_id(routing_id)
            .map_err(|errno| Error::new(errno, "set routing id").on(routing_id))
    }

    /// [`set_routing_id`](Message::set_routing_id), in passing.
    ///
    /// # Errors
    /// As [`set_routing_id`](Message::set_routing_id).
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// let message = ferromq::Message::from("for one of them").with_routing_id(4711)?;
    /// assert_eq!(message.routing_id(), Some(4711));
    /// # Ok(()) }
    /// ```
    pub fn with_routing_id(mut self, routing_id: u32) -> Result<Self> {
        self.set_routing_id(routing_id)?;
        Ok(self)
    }

    /// Which group it goes to when a RADIO sends it, or was sent to when a DISH received it
    /// (`zmq_msg_group`).
    ///
    /// ```
    /// # let message = ferromq::Message::new();
    /// assert_eq!(message.group(), None);
    /// ```
    #[doc(alias = "zmq_msg_group")]
    #[must_use]
    pub fn group(&self) -> Option<&str> {
        self.0
            .group()
            .to_str()
            .ok()
            .filter(|group| !group.is_empty())
    }

    /// Says which group a RADIO sends it to (`zmq_msg_set_group`).
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for more than
    /// [`GROUP_MAX`](Message::GROUP_MAX) bytes, or a NUL character.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// let mut message = ferromq::Message::from("11 degrees");
    /// message.set_group("berlin")?;
    /// assert_eq!(message.group(), Some("berlin"));
    /// # Ok(()) }
    /// ```
    #[doc(alias = "zmq_msg_set_group")]
    pub fn set_group(&mut self, group: &str) -> Result<()> {
        const OPERATION: &str = "set group";
        let name = group_name(OPERATION, group)?;
        self.0
            .set_group(&name)
            .map_err(|errno| Error::new(errno, OPERATION).on(group))
    }

    /// [`set_group`](Message::set_group), in passing.
    ///
    /// # Errors
    /// As [`set_group`](Message::set_group).
    ///
    /// ```
    /// # use ferromq::{Context, Message, RADIO};
    /// # fn main() -> ferromq::Result<()> {
    /// let radio = Context::new()?.socket(RADIO)?;
    /// radio.bind("tcp://127.0.0.1:*")?;
    /// radio.send(Message::from("11 degrees").with_group("berlin")?)?;
    /// # Ok(()) }
    /// ```
    pub fn with_group(mut self, group: &str) -> Result<Self> {
        self.set_group(group)?;
        Ok(self)
    }

    pub(crate) fn group_len(&self) -> usize {
        self.0.group().count_bytes()
    }

    /// Sends it where `other` goes; except to a group of more than [`GROUP_MAX`](Self::GROUP_MAX)
    /// bytes, as only a DISH that other code has opened can receive it.
    pub(super) fn addressed_like(mut self, other: &Self) -> Self {
        if let Some(routing_id) = other.routing_id() {
            // Never 0, which is all that can be refused.
            let _ = self.0.set_routing_id(routing_id);
        }
        let _ = self.0.set_group(other.0.group());
        self
    }
}

/// The name of a group as libzmq takes it.
pub(crate) fn group_name(operation: &'static str, group: &str) -> Result<CString> {
    let invalid = |detail: String| Error::invalid(operation, detail).on(format_args!("{group:?}"));
    if group.len() > Message::GROUP_MAX {
        return Err(invalid(format!(
            "the name of a group has at most {} bytes, this has {}",
            Message::GROUP_MAX,
            group.len()
        )));
    }
    CString::new(group)
        .map_err(|error| invalid(format!("a NUL character at byte {}", error.nul_position())))
}
