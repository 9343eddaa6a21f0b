//! What a message is made of, and what is made of it.

use std::alloc::{Layout, handle_alloc_error};
use std::sync::Arc;

use super::Message;
use crate::raw::{Errno, Msg};

/// Allocating a message fails as allocating a `Vec` does.
#[cold]
pub(super) fn out_of_memory(_: Errno, len: usize) -> ! {
    handle_alloc_error(Layout::array::<u8>(len).unwrap_or(Layout::new::<u8>()))
}

impl From<&[u8]> for Message {
    #[inline]
    fn from(bytes: &[u8]) -> Self {
        Self(Msg::copied(bytes).unwrap_or_else(|errno| out_of_memory(errno, bytes.len())))
    }
}

impl<const N: usize> From<&[u8; N]> for Message {
    fn from(bytes: &[u8; N]) -> Self {
        Self::from(&bytes[..])
    }
}

impl<const N: usize> From<[u8; N]> for Message {
    fn from(bytes: [u8; N]) -> Self {
        Self::from(&bytes[..])
    }
}

impl From<&str> for Message {
    fn from(text: &str) -> Self {
        Self::from(text.as_bytes())
    }
}

impl From<&String> for Message {
    fn from(text: &String) -> Self {
        Self::from(text.as_bytes())
    }
}

impl From<&Vec<u8>> for Message {
    fn from(bytes: &Vec<u8>) -> Self {
        Self::from(&bytes[..])
    }
}

impl From<Vec<u8>> for Message {
    fn from(bytes: Vec<u8>) -> Self {
        if bytes.len() < Self::COPY_BELOW {
            return Self::from(&bytes[..]);
        }
        Self(
            Msg::from_vec(bytes).unwrap_or_else(|(errno, bytes)| out_of_memory(errno, bytes.len())),
        )
    }
}

impl From<Box<[u8]>> for Message {
    fn from(bytes: Box<[u8]>) -> Self {
        Self::from(Vec::from(bytes))
    }
}

impl From<String> for Message {
    fn from(text: String) -> Self {
        Self::from(text.into_bytes())
    }
}

impl From<Arc<[u8]>> for Message {
    fn from(bytes: Arc<[u8]>) -> Self {
        if bytes.len() < Self::COPY_BELOW {
            return Self::from(&bytes[..]);
        }
        Self(
            Msg::from_arc(bytes).unwrap_or_else(|(errno, bytes)| out_of_memory(errno, bytes.len())),
        )
    }
}

impl From<&Message> for Message {
    fn from(message: &Message) -> Self {
        message.clone()
    }
}

impl From<Message> for Vec<u8> {
    fn from(message: Message) -> Self {
        message.to_vec()
    }
}

#[cfg(feature = "bytes")]
impl From<bytes::Bytes> for Message {
    fn from(bytes: bytes::Bytes) -> Self {
        if bytes.len() < Self::COPY_BELOW {
            return Self::from(&bytes[..]);
        }
        Self::from_owner(bytes)
    }
}

/// Nothing is copied: the `Bytes` hold the message.
#[cfg(feature = "bytes")]
impl From<Message> for bytes::Bytes {
    fn from(message: Message) -> Self {
        Self::from_owner(message)
    }
}
