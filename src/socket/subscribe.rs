use ferromq_sys as sys;

use crate::error::{Error, Result};
use crate::kind::{CanSubscribe, Kind, SocketType};
use crate::raw::{Errno, Msg, Wait};
use crate::socket::Socket;

/// libzmq nests a call for each byte of a topic, and the stacks of threads are small.
const TOPIC_MAX: usize = 4096;

impl<K: Kind> Socket<K> {
    /// Takes messages whose first frame starts with `topic`, up to 4096 bytes, from all
    /// publishers; the empty topic is all messages (`ZMQ_SUBSCRIBE`, on an XSUB the frame `0x01` +
    /// topic).
    ///
    /// It travels to the publishers: what they send before it arrives passes by. Subscriptions
    /// count: two of the same topic need two [`unsubscribe`](Socket::unsubscribe).
    ///
    /// A publisher that comes later, to a socket that binds, or again after a connection was lost,
    /// is told of the subscriptions only when the thread of this socket does something with it:
    /// receives, [polls](Socket::poll), or asks for its [`events`](Socket::events). A socket that
    /// rests misses what is published meanwhile.
    ///
    /// An XPUB does it on behalf of a subscriber, in [manual mode](Socket::set_xpub_manual).
    ///
    /// # Errors
    /// [`Terminated`](crate::ErrorKind::Terminated), [`Forked`](crate::ErrorKind::Forked),
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for a longer topic, on an XPUB that is not
    /// in manual mode, and on a `Socket<Any>` of another kind.
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
        self.change_subscription("subscribe", topic.as_ref(), sys::ZMQ_SUBSCRIBE, 1)
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
        self.change_subscription("unsubscribe", topic.as_ref(), sys::ZMQ_UNSUBSCRIBE, 0)
    }

    fn change_subscription(
        &self,
        operation: &'static str,
        topic: &[u8],
        option: i32,
        command: u8,
    ) -> Result<()> {
        if topic.len() > TOPIC_MAX {
            let detail = format!(
                "{} bytes given, up to {TOPIC_MAX} are possible",
                topic.len()
            );
            return Err(Error::invalid(operation, detail).on(self.described()));
        }
        let result = match self.kind() {
            SocketType::XSub => self.send_subscription(topic, command),
            _ => self.raw().set(option, topic),
        };
        result.map_err(|errno| {
            Error::new(errno, operation).on(format_args!(
                "{} to \"{}\"",
                self.described(),
                topic.escape_ascii()
            ))
        })
    }

    fn send_subscription(&self, topic: &[u8], command: u8) -> Result<(), Errno> {
        let mut frame = Msg::zeroed(topic.len() + 1)?;
        if let Some((first, rest)) = frame.as_mut_slice().and_then(<[u8]>::split_first_mut) {
            *first = command;
            rest.copy_from_slice(topic);
        }
        self.raw().send_msg(&mut frame, false, Wait::AsSet)
    }
}
