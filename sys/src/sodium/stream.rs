//! The key stream of XSalsa20: by the crate for short texts, by `vendor/sodium/salsa20.cpp` for
//! long ones.

use core::{array, ptr, slice};

use salsa20::cipher::consts::U10;
use salsa20::cipher::{KeyIvInit, StreamCipher, StreamCipherSeek};
use salsa20::{XSalsa20, hsalsa};
use zeroize::Zeroizing;

use super::{Key, Nonce, std};

const BLOCK: usize = 64;

/// What the authenticator's key leaves of the first block.
const REST: usize = BLOCK - size_of::<Key>();

unsafe extern "C" {
    /// Does whole groups of blocks, and counts them in the state; gives how many bytes that were.
    ///
    /// # Safety
    /// `from` is valid for reads and `to` for writes of `size` bytes, and they are the same or
    /// apart, or `to` begins before. The processor has the lanes.
    pub fn ferromq_salsa20_xor(
        state: *mut [u32; 16],
        from: *const u8,
        to: *mut u8,
        size: usize,
        lanes: usize,
    ) -> usize;
}

/// The key stream behind the authenticator's key.
pub struct Stream {
    key: Zeroizing<Key>,
    nonce: Nonce,
    blocks: XSalsa20,
}

impl Stream {
    /// Gives the authenticator's key as well, which the key stream begins with.
    pub fn new(key: &Key, nonce: &Nonce) -> (Self, Zeroizing<Key>) {
        let mut stream = Self {
            key: Zeroizing::new(*key),
            nonce: *nonce,
            blocks: XSalsa20::new(key.into(), nonce.into()),
        };
        let mut mac_key = Zeroizing::new([0; 32]);
        stream.blocks.apply_keystream(&mut *mac_key);
        (stream, mac_key)
    }

    /// Encrypts or decrypts the text of `size` bytes into a place that is the same, or begins before
    /// it, or is apart.
    ///
    /// # Safety
    /// `from` is valid for reads and `to` for writes of `size` bytes; `to` does not begin within the
    /// text behind its first byte.
    pub unsafe fn apply_over(mut self, from: *const u8, to: *mut u8, size: usize) {
        let start = size.min(REST);
        // SAFETY: the caller vouches for the buffers, and each piece of the text is read before
        // anything is written behind its beginning.
        unsafe {
            ptr::copy(from, to, start);
            self.blocks
                .apply_keystream(slice::from_raw_parts_mut(to, start));
            let done = self.apply_groups(from.add(start), to.add(start), size - start);
            let (at, rest) = (start + done, size - start - done);
            ptr::copy(from.add(at), to.add(at), rest);
            self.blocks
                .apply_keystream(slice::from_raw_parts_mut(to.add(at), rest));
        }
    }

    /// Encrypts or decrypts what `from` begins with into the whole of `to`.
    pub fn apply_to(self, from: &[u8], to: &mut [u8]) {
        let from = &from[..to.len()];
        // SAFETY: two slices of the same length, which are apart.
        unsafe { self.apply_over(from.as_ptr(), to.as_mut_ptr(), from.len()) }
    }

    /// Does the whole groups of blocks behind the first block; gives how many bytes that were.
    ///
    /// # Safety
    /// `from` is valid for reads and `to` for writes of `size` bytes, and they are the same or
    /// apart, or `to` begins before.
    unsafe fn apply_groups(&mut self, from: *const u8, to: *mut u8, size: usize) -> usize {
        // Four blocks are the least that goes faster together.
        if size < 4 * BLOCK {
            return 0;
        }
        let mut state = state(&self.key, &self.nonce, 1);
        // SAFETY: the caller vouches for the buffers, and `lanes` asks the processor.
        let done = unsafe { ferromq_salsa20_xor(&mut *state, from, to, size, lanes()) };
        self.blocks.seek((BLOCK + done) as u64);
        done
    }
}

/// The most 32-bit words that the processor handles as one.
pub fn lanes() -> usize {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    {
        if std::is_x86_feature_detected!("avx512f") {
            return 16;
        }
        if std::is_x86_feature_detected!("avx2") {
            return 8;
        }
    }
    4
}

/// What Salsa20 makes a block of: its constants on the diagonal, the key around the nonce and the
/// block's number.
pub fn state(key: &Key, nonce: &Nonce, block: u64) -> Zeroizing<[u32; 16]> {
    let prefix: [u8; 16] = array::from_fn(|i| nonce[i]);
    let subkey = Zeroizing::new(hsalsa::<U10>(key.into(), (&prefix).into()));
    let [k0, k1, k2, k3, k4, k5, k6, k7] = words(&subkey);
    let [c0, c1, c2, c3] = words(b"expand 32-byte k");
    let [n0, n1] = words(&nonce[16..]);
    let [b0, b1] = words(&block.to_le_bytes());
    #[rustfmt::skip]
    let state = [
        c0, k0, k1, k2,
        k3, c1, n0, n1,
        b0, b1, c2, k4,
        k5, k6, k7, c3,
    ];
    Zeroizing::new(state)
}

fn words<const N: usize>(bytes: &[u8]) -> [u32; N] {
    array::from_fn(|i| array::from_fn(|j| bytes[4 * i + j])).map(u32::from_le_bytes)
}
