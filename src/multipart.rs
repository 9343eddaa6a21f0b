use std::ops::{Deref, DerefMut};

use crate::message::Message;

/// The frames of one message, in order: sent and received all or none.
///
/// It reads as a `&[Message]`, and is built from arrays, vectors and iterators of whatever makes a
/// [`Message`].
///
/// ```
/// use ferromq::Multipart;
///
/// let message = Multipart::from(["topic", "body"]);
/// assert_eq!(message.len(), 2);
/// assert_eq!(message[1].to_str(), Ok("body"));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Multipart(Vec<Message>);

impl Multipart {
    /// No frames yet; it takes at least one to be sent.
    ///
    /// ```
    /// # use ferromq::*;
    /// assert!(Multipart::new().is_empty());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What begins with that frame, and has room for as many as there usually are.
    pub(crate) fn beginning_with(first: Message) -> Self {
        let mut frames = Vec::with_capacity(if first.more() { 4 } else { 1 });
        frames.push(first);
        Self(frames)
    }

    /// Appends a frame.
    ///
    /// ```
    /// # use ferromq::*;
    /// let mut message = Multipart::from(["topic"]);
    /// message.push("body");
    /// assert_eq!(message, Multipart::from(["topic", "body"]));
    /// ```
    pub fn push(&mut self, frame: impl Into<Message>) {
        self.0.push(frame.into());
    }

    /// Puts a frame before the others: the routing id, for a ROUTER.
    ///
    /// ```
    /// # use ferromq::*;
    /// let mut message = Multipart::from(["body"]);
    /// message.push_front("routing id");
    /// assert_eq!(message[0], "routing id");
    /// ```
    pub fn push_front(&mut self, frame: impl Into<Message>) {
        self.0.insert(0, frame.into());
    }

    /// Takes the last frame away.
    ///
    /// ```
    /// # use ferromq::*;
    /// let mut message = Multipart::from(["topic", "body"]);
    /// assert_eq!(message.pop().unwrap(), "body");
    /// ```
    pub fn pop(&mut self) -> Option<Message> {
        self.0.pop()
    }

    /// Takes the first frame away: the routing id, on a ROUTER.
    ///
    /// ```
    /// # use ferromq::*;
    /// let mut message = Multipart::from(["routing id", "body"]);
    /// assert_eq!(message.pop_front().unwrap(), "routing id");
    /// ```
    pub fn pop_front(&mut self) -> Option<Message> {
        (!self.0.is_empty()).then(|| self.0.remove(0))
    }
}

impl Deref for Multipart {
    type Target = [Message];

    fn deref(&self) -> &[Message] {
        &self.0
    }
}

impl DerefMut for Multipart {
    fn deref_mut(&mut self) -> &mut [Message] {
        &mut self.0
    }
}

impl From<Message> for Multipart {
    fn from(frame: Message) -> Self {
        Self(vec![frame])
    }
}

impl<T: Into<Message>, const N: usize> From<[T; N]> for Multipart {
    fn from(frames: [T; N]) -> Self {
        frames.into_iter().collect()
    }
}

impl<T: Into<Message>> From<Vec<T>> for Multipart {
    fn from(frames: Vec<T>) -> Self {
        frames.into_iter().collect()
    }
}

impl<'a, T> From<&'a [T]> for Multipart
where
    Message: From<&'a T>,
{
    fn from(frames: &'a [T]) -> Self {
        frames.iter().collect()
    }
}

impl<T: Into<Message>> FromIterator<T> for Multipart {
    fn from_iter<I: IntoIterator<Item = T>>(frames: I) -> Self {
        Self(frames.into_iter().map(Into::into).collect())
    }
}

impl<T: Into<Message>> Extend<T> for Multipart {
    fn extend<I: IntoIterator<Item = T>>(&mut self, frames: I) {
        self.0.extend(frames.into_iter().map(Into::into));
    }
}

impl IntoIterator for Multipart {
    type Item = Message;
    type IntoIter = std::vec::IntoIter<Message>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl<'a> IntoIterator for &'a Multipart {
    type Item = &'a Message;
    type IntoIter = std::slice::Iter<'a, Message>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.iter()
    }
}
