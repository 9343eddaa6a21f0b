//! The verbs, for a socket and for its halves.

/// The type has a `link` to a socket.
macro_rules! receives {
    ($type:ident) => {
        impl<K: Kind, R: Reactor> $type<K, R> {
            /// Receives one frame, and waits for it; see [`Socket::recv`](crate::Socket::recv).
            ///
            /// # Cancel safety
            /// Nothing is lost by dropping the future: what is received is taken in the moment in which the
            /// future is ready.
            ///
            /// # Errors
            /// As [`Socket::recv`](crate::Socket::recv), except for those of time-outs, and
            /// [`WrongState`](crate::ErrorKind::WrongState) if the runtime that the socket was made asynchronous
            /// in has ended.
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut pull = Socket::new(pull)?;
            /// push.send("dig")?;
            /// assert_eq!(pull.recv().await?, "dig");
            /// # Ok(()) }
            /// ```
            #[inline]
            pub fn recv(&mut self) -> impl Future<Output = Result<Message>>
            where
                K: CanRecv,
            {
                perform(&mut self.link, Recv(OneFrame))
            }

            /// Receives one frame into what the caller has, and waits for it; see
            /// [`Socket::recv_into`](crate::Socket::recv_into).
            ///
            /// # Cancel safety
            /// As for [`recv`](Self::recv); the buffer is left as it was.
            ///
            /// # Errors
            /// As [`recv`](Self::recv).
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut pull = Socket::new(pull)?;
            /// let mut message = Message::new();
            /// push.send("dig")?;
            /// pull.recv_into(&mut message).await?;
            /// assert_eq!(message, "dig");
            /// # Ok(()) }
            /// ```
            #[inline]
            pub fn recv_into<B: Buffer + ?Sized>(
                &mut self,
                buffer: &mut B,
            ) -> impl Future<Output = Result<B::Received>>
            where
                K: CanRecv,
            {
                perform(&mut self.link, RecvInto(buffer))
            }

            /// Receives up to `limit` frames, at least one, and waits for the first; see
            /// [`Socket::recv_many`](crate::Socket::recv_many).
            ///
            /// # Cancel safety
            /// As for [`recv`](Self::recv): what is received is in `messages`.
            ///
            /// # Errors
            /// As [`recv`](Self::recv).
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut pull = Socket::new(pull)?;
            /// push.send_all(["dig", "sow"])?;
            /// let mut messages = Vec::new();
            /// assert_eq!(pull.recv_many(&mut messages, 100).await?, 2);
            /// # Ok(()) }
            /// ```
            pub fn recv_many(
                &mut self,
                messages: &mut Vec<Message>,
                limit: usize,
            ) -> impl Future<Output = Result<usize>>
            where
                K: CanRecv,
            {
                perform(&mut self.link, RecvMany(messages, limit))
            }

            /// Receives all the frames of one message, and waits for it; see
            /// [`Socket::recv_multipart`](crate::Socket::recv_multipart).
            ///
            /// # Cancel safety
            /// As for [`recv`](Self::recv): all the frames are taken or none.
            ///
            /// # Errors
            /// As [`recv`](Self::recv).
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut pull = Socket::new(pull)?;
            /// push.send_multipart(["dig", "here"])?;
            /// assert_eq!(pull.recv_multipart().await?[1], "here");
            /// # Ok(()) }
            /// ```
            pub fn recv_multipart(&mut self) -> impl Future<Output = Result<Multipart>>
            where
                K: CanRecv,
            {
                perform(&mut self.link, Recv(AllFrames))
            }

            /// Waits until there is something to receive, and takes nothing.
            ///
            /// # Cancel safety
            /// Dropping the future changes nothing.
            ///
            /// # Errors
            /// As [`recv`](Self::recv).
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut pull = Socket::new(pull)?;
            /// push.send("dig")?;
            /// pull.recv_ready().await?;
            /// assert_eq!(pull.try_recv()?.unwrap(), "dig");
            /// # Ok(()) }
            /// ```
            pub fn recv_ready(&mut self) -> impl Future<Output = Result<()>>
            where
                K: CanRecv,
            {
                perform(&mut self.link, Recv(Nothing))
            }

            /// Receives one frame if one is there.
            ///
            /// # Errors
            /// As [`Socket::try_recv`](crate::Socket::try_recv).
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut pull = Socket::new(pull)?;
            /// assert_eq!(pull.try_recv()?, None);
            /// # Ok(()) }
            /// ```
            pub fn try_recv(&mut self) -> Result<Option<Message>>
            where
                K: CanRecv,
            {
                attempt(&mut self.link, Recv(OneFrame)).ok().transpose()
            }

            /// Receives all the frames of one message if one is there.
            ///
            /// # Errors
            /// As [`Socket::try_recv`](crate::Socket::try_recv).
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut pull = Socket::new(pull)?;
            /// assert_eq!(pull.try_recv_multipart()?, None);
            /// # Ok(()) }
            /// ```
            pub fn try_recv_multipart(&mut self) -> Result<Option<Multipart>>
            where
                K: CanRecv,
            {
                attempt(&mut self.link, Recv(AllFrames)).ok().transpose()
            }
        }

        impl<K, R: Reactor> Unpin for $type<K, R> {}

        /// The messages, as by [`recv_multipart`](Self::recv_multipart). Nothing follows an error.
        impl<K: Kind + CanRecv, R: Reactor> Stream for $type<K, R> {
            type Item = Result<Multipart>;

            fn poll_next(
                mut self: Pin<&mut Self>,
                context: &mut Context<'_>,
            ) -> Poll<Option<Result<Multipart>>> {
                if self.ended {
                    return Poll::Ready(None);
                }
                let result = poll(&mut self.link, &mut Some(Recv(AllFrames)), context);
                if let Poll::Ready(Err(_)) = result {
                    self.ended = true;
                }
                result.map(Some)
            }
        }
    };
}
pub(super) use receives;

/// The type has a `link` to a socket, and a place for an `unsent` message.
macro_rules! sends {
    ($type:ident) => {
        impl<K: Kind, R: Reactor> $type<K, R> {
            /// Sends one frame, and waits while no peer can take it; see
            /// [`Socket::send`](crate::Socket::send).
            ///
            /// # Cancel safety
            /// The frame is sent in the moment in which the future is ready: dropped before, it has sent
            /// nothing, and an owned frame is dropped with it. Where that would be a loss, pass a reference, or
            /// wait with [`send_ready`](Self::send_ready) and then [`try_send`](Self::try_send).
            ///
            /// # Errors
            /// As [`Socket::send`](crate::Socket::send), except for those of time-outs, and
            /// [`WrongState`](crate::ErrorKind::WrongState) if the runtime that the socket was made asynchronous
            /// in has ended.
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut push = Socket::new(push)?;
            /// push.send("dig").await?;
            /// assert_eq!(pull.recv()?, "dig");
            /// # Ok(()) }
            /// ```
            #[inline]
            pub fn send<F: Frame>(
                &mut self,
                frame: F,
            ) -> impl Future<Output = Result<(), SendError<F::Back>>>
            where
                K: CanSend,
            {
                perform_next(&mut self.link, &mut self.unsent, Send::First(frame))
            }

            /// Sends each frame as a message of its own, as [`send`](Self::send) does, until there are no
            /// more; see [`Socket::send_all`](crate::Socket::send_all).
            ///
            /// # Cancel safety
            /// A future that is dropped before it is ready has sent some of the frames, and the others are
            /// dropped with it. With `&mut` before an iterator, what has not been sent stays in it, but for
            /// the frame whose turn it was.
            ///
            /// # Errors
            /// As [`send`](Self::send), at the first frame that is not sent; the error has those that are left.
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut push = Socket::new(push)?;
            /// assert_eq!(push.send_all(["dig", "sow"]).await?, 2);
            /// assert_eq!(pull.recv()?, "dig");
            /// # Ok(()) }
            /// ```
            pub async fn send_all<I>(&mut self, frames: I) -> SendAllResult<I>
            where
                K: CanSend,
                I: IntoIterator<Item: Frame>,
            {
                let mut rest = frames.into_iter();
                let mut sent = 0;
                while let Some(frame) = rest.next() {
                    if let Err(error) = self.send(frame).await {
                        return Err(SendAllError::new(error, sent, rest));
                    }
                    sent += 1;
                }
                Ok(sent)
            }

            /// Sends several frames as one message, all or none, and waits while no peer can take it; see
            /// [`Socket::send_multipart`](crate::Socket::send_multipart).
            ///
            /// # Cancel safety
            /// As for [`send`](Self::send): dropped before it is ready, the future has sent none of the frames.
            ///
            /// # Errors
            /// As [`send`](Self::send), and [`InvalidInput`](crate::ErrorKind::InvalidInput) if there are no
            /// frames.
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut push = Socket::new(push)?;
            /// push.send_multipart(["dig", "here"]).await?;
            /// assert_eq!(pull.recv_multipart()?[1], "here");
            /// # Ok(()) }
            /// ```
            pub fn send_multipart<M: Into<Multipart>>(
                &mut self,
                frames: M,
            ) -> impl Future<Output = Result<(), SendError<Multipart>>>
            where
                K: CanMultipart,
            {
                let operation = SendMultipart(frames.into());
                perform_next(&mut self.link, &mut self.unsent, operation)
            }

            /// Waits until a message could be sent without waiting, and sends nothing. Kinds that drop instead
            /// of waiting are always ready, and so is a ROUTER that reports what it cannot send.
            ///
            /// # Cancel safety
            /// Dropping the future changes nothing.
            ///
            /// # Errors
            /// As [`send`](Self::send).
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut push = Socket::new(push)?;
            /// push.send_ready().await?;
            /// push.try_send(Message::from("dig"))?;
            /// # Ok(()) }
            /// ```
            pub fn send_ready(&mut self) -> impl Future<Output = Result<()>> {
                perform_next(&mut self.link, &mut self.unsent, SendReady)
            }

            /// Sends one frame if a peer can take it at once.
            ///
            /// # Errors
            /// As [`Socket::try_send`](crate::Socket::try_send).
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut push = Socket::new(push)?;
            /// push.try_send("dig")?;
            /// assert_eq!(pull.recv()?, "dig");
            /// # Ok(()) }
            /// ```
            pub fn try_send<F: Frame>(&mut self, frame: F) -> Result<(), TrySendError<F::Back>>
            where
                K: CanSend,
            {
                match self.attempt_next(Send::First(frame)) {
                    Ok(result) => result.map_err(TrySendError::Failed),
                    Err(unsent) => Err(TrySendError::Full(unsent.give_back())),
                }
            }

            /// Sends several frames as one message if a peer can take it at once.
            ///
            /// # Errors
            /// As [`Socket::try_send_multipart`](crate::Socket::try_send_multipart).
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PULL, PUSH, with_tokio::Socket};
            /// # let context = Context::new()?;
            /// # let (push, pull) = (context.socket(PUSH)?, context.socket(PULL)?);
            /// # pull.bind("inproc://work")?;
            /// # push.connect("inproc://work")?;
            /// let mut push = Socket::new(push)?;
            /// push.try_send_multipart(["dig", "here"])?;
            /// assert_eq!(pull.recv_multipart()?[1], "here");
            /// # Ok(()) }
            /// ```
            pub fn try_send_multipart<M: Into<Multipart>>(
                &mut self,
                frames: M,
            ) -> Result<(), TrySendError<Multipart>>
            where
                K: CanMultipart,
            {
                match self.attempt_next(SendMultipart(frames.into())) {
                    Ok(result) => result.map_err(TrySendError::Failed),
                    Err(unsent) => Err(TrySendError::Full(unsent.0)),
                }
            }

            /// What was given to the `Sink` and is not sent, because no peer could take it yet or
            /// because of an error.
            ///
            /// ```
            /// # #[cfg(not(feature = "tokio"))]
            /// # fn main() {}
            /// # #[cfg(feature = "tokio")]
            /// # #[tokio::main(flavor = "current_thread")]
            /// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
            /// # use ferromq::{Context, Message, PUSH, with_tokio::Socket};
            /// use futures_util::SinkExt;
            ///
            /// let mut push = Socket::new(Context::new()?.socket(PUSH)?)?; // connected to nobody
            /// push.feed(Message::from("dig")).await?;
            /// assert_eq!(push.take_unsent().unwrap()[0], "dig");
            /// # Ok(()) }
            /// ```
            #[must_use]
            pub fn take_unsent(&mut self) -> Option<Multipart> {
                self.unsent.take().map(|unsent| unsent.0)
            }

            /// Tries once, after what is unsent.
            fn attempt_next<O>(&mut self, operation: O) -> Result<O::Output, O>
            where
                O: Operation<Blocking<K>>,
            {
                match try_flush(&mut self.link, &mut self.unsent) {
                    Ok(true) => attempt(&mut self.link, operation),
                    Ok(false) => Err(operation),
                    Err(error) => Ok(operation.failed(error)),
                }
            }

            fn poll_sink_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
                ready!(self.poll_flush_now(context))?;
                match self.link.core() {
                    Ok(mut core) => core.poll_turn(context).map(Ok),
                    Err(errno) => Poll::Ready(Err(Error::new(errno, "send"))),
                }
            }

            fn poll_flush_now(&mut self, context: &mut Context<'_>) -> Poll<Result<()>> {
                flush(&mut self.link, &mut self.unsent, context)
            }

            fn start(&mut self, message: Multipart) -> Result<()> {
                if !try_flush(&mut self.link, &mut self.unsent)? {
                    let detail = "a `Sink` is to be ready first";
                    return Err(Error::explained(ErrorKind::WrongState, 0, "send", detail));
                }
                self.unsent = Some(SendMultipart(message));
                try_flush(&mut self.link, &mut self.unsent)?;
                Ok(())
            }
        }

        sends!(sink $type, Message, CanSend);
        sends!(sink $type, Multipart, CanMultipart);
    };
    (sink $type:ident, $item:ty, $capability:ident) => {
        /// Keeps at most one message that no peer can take yet. A message that failed is kept as
        /// well, until [`take_unsent`](Self::take_unsent), and tried again.
        impl<K: Kind + $capability, R: Reactor> Sink<$item> for $type<K, R> {
            type Error = Error;

            fn poll_ready(
                mut self: Pin<&mut Self>,
                context: &mut Context<'_>,
            ) -> Poll<Result<()>> {
                self.poll_sink_ready(context)
            }

            fn start_send(mut self: Pin<&mut Self>, item: $item) -> Result<()> {
                self.start(item.into())
            }

            fn poll_flush(
                mut self: Pin<&mut Self>,
                context: &mut Context<'_>,
            ) -> Poll<Result<()>> {
                self.poll_flush_now(context)
            }

            fn poll_close(
                mut self: Pin<&mut Self>,
                context: &mut Context<'_>,
            ) -> Poll<Result<()>> {
                self.poll_flush_now(context)
            }
        }
    };
}
pub(super) use sends;
