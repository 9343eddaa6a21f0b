//! Both libraries' functions for CURVE, in one process.

use std::ffi::{c_int, c_ulonglong};

// Defines what is declared as `ferromq_` below.
use ferromq_sys as _;

pub type Nonce = [u8; 24];
pub type Key = [u8; 32];

/// One library's functions, as safe ones.
pub trait Library {
    fn public_key(secret: &Key) -> Key;
    fn shared_key(public: &Key, secret: &Key) -> Option<Key>;
    /// In NaCl's form, with the zero bytes in front.
    fn seal(padded: &[u8], nonce: &Nonce, public: &Key, secret: &Key) -> Option<Vec<u8>>;
    fn open(padded: &[u8], nonce: &Nonce, public: &Key, secret: &Key) -> Option<Vec<u8>>;
    fn seal_secret(padded: &[u8], nonce: &Nonce, key: &Key) -> Option<Vec<u8>>;
    fn open_secret(padded: &[u8], nonce: &Nonce, key: &Key) -> Option<Vec<u8>>;
    /// Without zero bytes.
    fn seal_easy(plain: &[u8], nonce: &Nonce, key: &Key) -> Option<Vec<u8>>;
    fn open_easy(sealed: &[u8], nonce: &Nonce, key: &Key) -> Option<Vec<u8>>;
}

macro_rules! library {
    (
        $(#[$doc:meta])* $name:ident, size: $size:ty, $base:ident, $before:ident, $seal:ident, $open:ident,
        $seal_secret:ident, $open_secret:ident, $seal_easy:ident, $open_easy:ident
    ) => {
        unsafe extern "C" {
            fn $base(public: *mut u8, secret: *const u8) -> c_int;
            fn $before(key: *mut u8, public: *const u8, secret: *const u8) -> c_int;
            fn $seal(to: *mut u8, from: *const u8, size: $size, nonce: *const u8, public: *const u8, secret: *const u8) -> c_int;
            fn $open(to: *mut u8, from: *const u8, size: $size, nonce: *const u8, public: *const u8, secret: *const u8) -> c_int;
            fn $seal_secret(to: *mut u8, from: *const u8, size: $size, nonce: *const u8, key: *const u8) -> c_int;
            fn $open_secret(to: *mut u8, from: *const u8, size: $size, nonce: *const u8, key: *const u8) -> c_int;
            fn $seal_easy(to: *mut u8, from: *const u8, size: $size, nonce: *const u8, key: *const u8) -> c_int;
            fn $open_easy(to: *mut u8, from: *const u8, size: $size, nonce: *const u8, key: *const u8) -> c_int;
        }

        $(#[$doc])*
        pub struct $name;

        // Each function below gives buffers of the sizes that the function in C expects.
        impl Library for $name {
            fn public_key(secret: &Key) -> Key {
                let mut public = [0; 32];
                // SAFETY: see above.
                assert_eq!(unsafe { $base(public.as_mut_ptr(), secret.as_ptr()) }, 0);
                public
            }

            fn shared_key(public: &Key, secret: &Key) -> Option<Key> {
                let mut key = [0; 32];
                // SAFETY: see above.
                let code = unsafe { $before(key.as_mut_ptr(), public.as_ptr(), secret.as_ptr()) };
                (code == 0).then_some(key)
            }

            fn seal(padded: &[u8], nonce: &Nonce, public: &Key, secret: &Key) -> Option<Vec<u8>> {
                // SAFETY: see above.
                written(padded.len(), |to| unsafe {
                    $seal(to, padded.as_ptr(), padded.len() as _, nonce.as_ptr(), public.as_ptr(), secret.as_ptr())
                })
            }

            fn open(padded: &[u8], nonce: &Nonce, public: &Key, secret: &Key) -> Option<Vec<u8>> {
                // SAFETY: see above.
                written(padded.len(), |to| unsafe {
                    $open(to, padded.as_ptr(), padded.len() as _, nonce.as_ptr(), public.as_ptr(), secret.as_ptr())
                })
            }

            fn seal_secret(padded: &[u8], nonce: &Nonce, key: &Key) -> Option<Vec<u8>> {
                // SAFETY: see above.
                written(padded.len(), |to| unsafe {
                    $seal_secret(to, padded.as_ptr(), padded.len() as _, nonce.as_ptr(), key.as_ptr())
                })
            }

            fn open_secret(padded: &[u8], nonce: &Nonce, key: &Key) -> Option<Vec<u8>> {
                // SAFETY: see above.
                written(padded.len(), |to| unsafe {
                    $open_secret(to, padded.as_ptr(), padded.len() as _, nonce.as_ptr(), key.as_ptr())
                })
            }

            fn seal_easy(plain: &[u8], nonce: &Nonce, key: &Key) -> Option<Vec<u8>> {
                // SAFETY: see above.
                written(plain.len() + 16, |to| unsafe {
                    $seal_easy(to, plain.as_ptr(), plain.len() as _, nonce.as_ptr(), key.as_ptr())
                })
            }

            fn open_easy(sealed: &[u8], nonce: &Nonce, key: &Key) -> Option<Vec<u8>> {
                // SAFETY: see above.
                written(sealed.len().saturating_sub(16), |to| unsafe {
                    $open_easy(to, sealed.as_ptr(), sealed.len() as _, nonce.as_ptr(), key.as_ptr())
                })
            }
        }
    };
}

fn written(size: usize, write: impl FnOnce(*mut u8) -> c_int) -> Option<Vec<u8>> {
    let mut bytes = vec![0; size];
    (write(bytes.as_mut_ptr()) == 0).then_some(bytes)
}

library! {
    /// What libzmq calls with the feature `curve`.
    Ours, size: usize,
    ferromq_crypto_scalarmult_base, ferromq_crypto_box_beforenm, ferromq_crypto_box,
    ferromq_crypto_box_open, ferromq_crypto_secretbox, ferromq_crypto_secretbox_open,
    ferromq_crypto_box_easy_afternm, ferromq_crypto_box_open_easy_afternm
}

library! {
    /// The system's.
    Libsodium, size: c_ulonglong,
    crypto_scalarmult_base, crypto_box_beforenm, crypto_box, crypto_box_open, crypto_secretbox,
    crypto_secretbox_open, crypto_box_easy_afternm, crypto_box_open_easy_afternm
}

unsafe extern "C" {
    fn sodium_init() -> c_int;
    fn randombytes_buf_deterministic(buffer: *mut u8, size: usize, seed: *const u8);
}

/// Bytes that look random, the same in each run.
pub fn bytes(seed: u32, size: usize) -> Vec<u8> {
    let mut long_seed = [0; 32];
    long_seed[..4].copy_from_slice(&seed.to_le_bytes());
    let mut bytes = vec![0; size];
    // SAFETY: the buffer has the size, the seed 32 bytes.
    unsafe {
        assert!(sodium_init() >= 0);
        randombytes_buf_deterministic(bytes.as_mut_ptr(), size, long_seed.as_ptr());
    }
    bytes
}
