//! NaCl's secret box: XSalsa20 encrypts, Poly1305 authenticates.

use poly1305::universal_hash::{KeyInit, UniversalHash};
use poly1305::{Block, Poly1305};
use subtle::ConstantTimeEq;

use super::stream::Stream;
use super::{Key, Nonce, Tag};

/// Encrypts the text into one of the same size, and gives its tag.
pub fn seal(key: &Key, nonce: &Nonce, from: &[u8], to: &mut [u8]) -> Tag {
    let (stream, mac_key) = Stream::new(key, nonce);
    stream.apply_to(from, to);
    tag(&mac_key, to)
}

/// What decrypts the text, if the tag is right.
pub fn check(key: &Key, nonce: &Nonce, claimed: &Tag, text: &[u8]) -> Option<Stream> {
    let (stream, mac_key) = Stream::new(key, nonce);
    let right = tag(&mac_key, text).ct_eq(claimed);
    bool::from(right).then_some(stream)
}

fn tag(mac_key: &Key, text: &[u8]) -> Tag {
    let mut mac = Poly1305::new(mac_key.into());
    // `compute_unpadded` takes blocks one by one, `update` several at a time.
    let (blocks, rest) = Block::slice_as_chunks(text);
    mac.update(blocks);
    mac.compute_unpadded(rest).into()
}
