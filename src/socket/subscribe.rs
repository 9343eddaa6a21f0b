use ferromq_sys as sys;

use crate::error::{Error, Result};
use crate::kind::{CanSubscribe, Kind, SocketType};
use crate::raw::{Errno, Msg, Wait};
use crate::socket::Socket;

impl<K: Kind> Socket<K> {
    /// Takes messages whose first frame starts with `topic`, from all publishers; the empty topic
    /// is all messages (`ZMQ_SUBSCRIBE`, on an XSUB the frame `0x01` + topic).
    ///
    /// It travels to the publishers: what they send before it arrives passes by. Subscriptions
    /// count: two of the same topic need two [`unsubscribe`](Socket::unsubscribe).
    ///
    /// # Errors
    /// [`Terminated`](crate::ErrorKind::Terminated), [`Forked`](crate::ErrorKind::Forked), and on
    /// a `Socket<Any>` of another kind [`InvalidInput`](crate::ErrorKind::InvalidInput).
    ///
    /// ```
    /// # use ferromq::{Context, SUB, XPUB};
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// let (publisher, sub) = (context.socket(XPUB)?, context.socket(SUB)?);
    /// publisher.bind("inproc://weather")?;
    /// sub.connect("inproc://weather")?;
    /// sub.subscribe("berlin")?;
    /// assert_eq!(publisher.recv()?, "\x01berlin"); // the subscription has arrived
    /// publisher.send("oslo: -3")?;
    /// publisher.send("berlin: 11")?;
    /// assert_eq!(sub.recv()?, "berlin: 11");
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_SUBSCRIBE")]
    pub fn subscribe(&self, topic: impl AsRef<[u8]>) -> Result<()>
    where
        K: CanSubscribe,
    {
        self.change_subscription(topic.as_ref(), sys::ZMQ_SUBSCRIBE, 1)
            .map_err(|errno| self.subscription_error(errno, "subscribe", topic.as_ref()))
    }

    /// Takes a subscription back (`ZMQ_UNSUBSCRIBE`, on an XSUB the frame `0x00` + topic). One
    /// that was never made is ignored.
    ///
    /// # Errors
    /// As [`subscribe`](Socket::subscribe).
    ///
    /// ```
    /// # use ferromq::{Context, SUB};
    /// # fn main() -> ferromq::Result<()> {
    /// let sub = Context::new()?.socket(SUB)?;
    /// sub.subscribe("berlin")?;
    /// sub.unsubscribe("berlin")?;
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_UNSUBSCRIBE")]
    pub fn unsubscribe(&self, topic: impl AsRef<[u8]>) -> Result<()>
    where
        K: CanSubscribe,
    {
        self.change_subscription(topic.as_ref(), sys::ZMQ_UNSUBSCRIBE, 0)
            .map_err(|errno| self.subscription_error(errno, "unsubscribe", topic.as_ref()))
    }

    fn change_subscription(&self, topic: &[u8], option: i32, command: u8) -> Result<(), Errno> {
        if self.kind() != SocketType::XSub {
            return self.raw().set(option, topic);
        }
        let mut frame = Msg::zeroed(topic.len() + 1)?;
        if let Some((first, rest)) = frame.as_mut_slice().and_then(<[u8]>::split_first_mut) {
            *first = command;
            rest.copy_from_slice(topic);
        }
        self.raw().send_msg(&mut frame, false, Wait::AsSet)
    }

    fn subscription_error(&self, errno: Errno, operation: &'static str, topic: &[u8]) -> Error {
        Error::new(errno, operation).on(format_args!(
            "{} to \"{}\"",
            self.described(),
            topic.escape_ascii()
        ))
    }
}
