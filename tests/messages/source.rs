//! What messages are made of.

use std::sync::Arc;

use ferromq::Message;

use crate::watch::{Block, Thread};

/// Shorter than what libzmq sends without copying it once more, longer than what is copied into
/// the message.
const PART: usize = 4_000;

/// Makes messages whose bytes lie in watched blocks; constants are in none.
#[derive(Clone, Copy)]
pub struct Source {
    name: &'static str,
    make: Make,
    block: Option<Block>,
}

type Make = fn(usize) -> Message;

const SOURCES: &[(&str, Make)] = &[
    ("Vec", |size| vec![7; size].into()),
    ("Vec with room for more", |size| with_room(size).into()),
    ("Box", |size| vec![7; size].into_boxed_slice().into()),
    ("Arc", |size| arc(size).into()),
    ("owner", |size| Message::from_owner(vec![7; size])),
    ("part of an owner", |size| {
        Message::from_owner(Part(vec![7; size]))
    }),
    #[cfg(feature = "bytes")]
    ("Bytes", |size| bytes::Bytes::from(vec![7; size]).into()),
    #[cfg(feature = "bytes")]
    ("part of Bytes", |size| {
        bytes::Bytes::from(vec![7; size]).slice(1..PART).into()
    }),
];

fn with_room(size: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(size);
    bytes.resize(PART, 7);
    bytes
}

/// The two counters lie in the same block.
fn arc(size: usize) -> Arc<[u8]> {
    vec![7; size - 2 * size_of::<usize>()].into()
}

struct Part(Vec<u8>);

impl AsRef<[u8]> for Part {
    fn as_ref(&self) -> &[u8] {
        &self.0[1..PART]
    }
}

impl Source {
    #[track_caller]
    pub fn message(self) -> Message {
        let before = self.block.map(Block::allocated);
        let message = match self.block {
            Some(block) => (self.make)(block.size()),
            None => (self.make)(PART),
        };
        assert_eq!(
            self.block.map(Block::allocated),
            before.map(|count| count + 1),
            "{}: made of something else",
            self.name
        );
        message
    }

    /// The bytes of no message were given back so far.
    #[track_caller]
    pub fn assert_held(self) {
        self.assert_freed(0);
    }

    /// The bytes of so many messages were given back so far.
    #[track_caller]
    pub fn assert_freed(self, count: u32) {
        if let Some(block) = self.block {
            assert_eq!(block.freed(), count, "{}", self.name);
        }
    }

    /// Whether all bytes were given back.
    pub fn is_freed(self) -> bool {
        self.block.is_none_or(Block::is_freed)
    }

    /// All bytes were given back, by this thread.
    #[track_caller]
    pub fn assert_freed_here(self) {
        assert!(self.is_freed(), "{}", self.name);
        if let Some(block) = self.block {
            assert_eq!(block.wait_until_freed(), Thread::current(), "{}", self.name);
        }
    }

    /// All bytes are given back soon.
    #[track_caller]
    pub fn wait_until_freed(self) {
        self.block.map(Block::wait_until_freed);
    }

    /// All bytes are given back soon, by one of libzmq's threads.
    #[track_caller]
    pub fn wait_until_freed_elsewhere(self) {
        if let Some(block) = self.block {
            assert_ne!(block.wait_until_freed(), Thread::current(), "{}", self.name);
        }
    }
}

/// Lets each source meet its `fate`, at whose end all messages are to be gone.
#[track_caller]
pub fn each_source(fate: impl Fn(Source)) {
    let constant: (_, Make, _) = ("constant", |_| Message::from_static(&[7; PART]), None);
    let watched = SOURCES
        .iter()
        .map(|&(name, make)| (name, make, Some(Block::new())));
    for (name, make, block) in watched.chain([constant]) {
        let source = Source { name, make, block };
        fate(source);
        if let Some(block) = block {
            assert_ne!(block.allocated(), 0, "{name}: no message was made");
            assert!(block.is_freed(), "{name}: leaked: {block:?}");
        }
    }
}
