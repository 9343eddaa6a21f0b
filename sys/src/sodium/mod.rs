//! The functions of libsodium that libzmq calls for CURVE, made of crates in Rust:
//! `vendor/sodium/sodium.h` declares them, and says what they give.
//!
//! None of them can panic, and a panic would end the process instead of crossing into libzmq.

extern crate std;

mod memory;
mod secretbox;
mod stream;
#[cfg(test)]
mod tests;

use core::ffi::{c_int, c_void};
use core::{ptr, slice};

use salsa20::cipher::consts::U10;
use salsa20::hsalsa;
use subtle::ConstantTimeEq;
use x25519_dalek::{X25519_BASEPOINT_BYTES, x25519};
use zeroize::Zeroizing;

type Key = [u8; 32];
type Nonce = [u8; 24];
type Tag = [u8; 16];

const OK: c_int = 0;
const FAILED: c_int = -1;

/// The size of [`Tag`], and of the zero bytes in front of a box in NaCl's form.
const TAG: usize = 16;

#[unsafe(export_name = "ferromq_sodium_init")]
extern "C" fn sodium_init() -> c_int {
    OK
}

#[unsafe(export_name = "ferromq_sodium_allocarray")]
extern "C" fn sodium_allocarray(count: usize, size: usize) -> *mut c_void {
    count
        .checked_mul(size)
        .map_or(ptr::null_mut(), memory::allocate)
}

/// # Safety
/// `memory` is null, or comes from `sodium_allocarray` and is not used any more.
#[unsafe(export_name = "ferromq_sodium_free")]
unsafe extern "C" fn sodium_free(memory: *mut c_void) {
    // SAFETY: the caller vouches for it.
    unsafe { memory::free(memory) }
}

/// Ends the process if the system has no random bytes: there is no way to report it, and going on
/// would send what anybody can decrypt.
///
/// # Safety
/// `buffer` is valid for writes of `size` bytes.
#[unsafe(export_name = "ferromq_randombytes")]
unsafe extern "C" fn randombytes(buffer: *mut u8, size: usize) {
    if size == 0 {
        return;
    }
    // SAFETY: the caller vouches for it; zeros initialise the bytes.
    let buffer = unsafe {
        ptr::write_bytes(buffer, 0, size);
        slice::from_raw_parts_mut(buffer, size)
    };
    if let Err(error) = getrandom::fill(buffer) {
        std::eprintln!("ferromq: the system gives no random bytes: {error}");
        std::process::abort();
    }
}

/// # Safety
/// Both keys are valid for writes of 32 bytes.
#[unsafe(export_name = "ferromq_crypto_box_keypair")]
unsafe extern "C" fn crypto_box_keypair(public_key: *mut u8, secret_key: *mut u8) -> c_int {
    let mut secret = Zeroizing::new([0; 32]);
    let filled = getrandom::fill(&mut *secret);
    let public = match filled {
        Ok(()) => x25519(*secret, X25519_BASEPOINT_BYTES),
        // libzmq shows its caller what is here, whatever the code.
        Err(_) => [0; 32],
    };
    // SAFETY: the caller vouches for it.
    unsafe {
        write(public_key, &public);
        write(secret_key, &secret);
    }
    if filled.is_ok() { OK } else { FAILED }
}

/// # Safety
/// The public key is valid for writes, the secret one for reads of 32 bytes.
#[unsafe(export_name = "ferromq_crypto_scalarmult_base")]
unsafe extern "C" fn crypto_scalarmult_base(public_key: *mut u8, secret_key: *const u8) -> c_int {
    // SAFETY: the caller vouches for it.
    unsafe {
        let secret = read_secret(secret_key);
        write(public_key, &x25519(*secret, X25519_BASEPOINT_BYTES));
    }
    OK
}

/// # Safety
/// `key` is valid for writes, the other two for reads of 32 bytes.
#[unsafe(export_name = "ferromq_crypto_box_beforenm")]
unsafe extern "C" fn crypto_box_beforenm(
    key: *mut u8,
    public_key: *const u8,
    secret_key: *const u8,
) -> c_int {
    // SAFETY: the caller vouches for it.
    unsafe {
        match shared_key(read(public_key), &read_secret(secret_key)) {
            Some(shared) => {
                write(key, &shared);
                OK
            }
            None => FAILED,
        }
    }
}

/// # Safety
/// As [`crypto_secretbox`] with the key for these two.
#[unsafe(export_name = "ferromq_crypto_box")]
unsafe extern "C" fn crypto_box(
    sealed: *mut u8,
    plain: *const u8,
    size: usize,
    nonce: *const u8,
    public_key: *const u8,
    secret_key: *const u8,
) -> c_int {
    // SAFETY: the caller vouches for it.
    unsafe {
        match shared_key(read(public_key), &read_secret(secret_key)) {
            Some(key) => crypto_secretbox(sealed, plain, size, nonce, key.as_ptr()),
            None => FAILED,
        }
    }
}

/// # Safety
/// As [`crypto_secretbox_open`] with the key for these two.
#[unsafe(export_name = "ferromq_crypto_box_open")]
unsafe extern "C" fn crypto_box_open(
    plain: *mut u8,
    sealed: *const u8,
    size: usize,
    nonce: *const u8,
    public_key: *const u8,
    secret_key: *const u8,
) -> c_int {
    // SAFETY: the caller vouches for it.
    unsafe {
        match shared_key(read(public_key), &read_secret(secret_key)) {
            Some(key) => crypto_secretbox_open(plain, sealed, size, nonce, key.as_ptr()),
            None => FAILED,
        }
    }
}

/// # Safety
/// As [`crypto_secretbox`].
#[unsafe(export_name = "ferromq_crypto_box_afternm")]
unsafe extern "C" fn crypto_box_afternm(
    sealed: *mut u8,
    plain: *const u8,
    size: usize,
    nonce: *const u8,
    key: *const u8,
) -> c_int {
    // SAFETY: the caller vouches for it.
    unsafe { crypto_secretbox(sealed, plain, size, nonce, key) }
}

/// # Safety
/// As [`crypto_secretbox_open`].
#[unsafe(export_name = "ferromq_crypto_box_open_afternm")]
unsafe extern "C" fn crypto_box_open_afternm(
    plain: *mut u8,
    sealed: *const u8,
    size: usize,
    nonce: *const u8,
    key: *const u8,
) -> c_int {
    // SAFETY: the caller vouches for it.
    unsafe { crypto_secretbox_open(plain, sealed, size, nonce, key) }
}

/// # Safety
/// `sealed` is valid for writes and `plain` for reads of `size` bytes, and they are apart; `nonce`
/// is valid for reads of 24 bytes, `key` of 32.
#[unsafe(export_name = "ferromq_crypto_secretbox")]
unsafe extern "C" fn crypto_secretbox(
    sealed: *mut u8,
    plain: *const u8,
    size: usize,
    nonce: *const u8,
    key: *const u8,
) -> c_int {
    let Some(text) = size.checked_sub(2 * TAG) else {
        return FAILED;
    };
    // SAFETY: the caller vouches for it: both have `text` bytes behind the zero bytes, and the
    // plaintext's zero bytes have the place of a box's zero bytes and its tag.
    unsafe {
        let code = crypto_box_easy_afternm(sealed.add(TAG), plain.add(2 * TAG), text, nonce, key);
        write(sealed, &[0; TAG]);
        code
    }
}

/// # Safety
/// `plain` is valid for writes and `sealed` for reads of `size` bytes, and they are apart; `nonce`
/// is valid for reads of 24 bytes, `key` of 32.
#[unsafe(export_name = "ferromq_crypto_secretbox_open")]
unsafe extern "C" fn crypto_secretbox_open(
    plain: *mut u8,
    sealed: *const u8,
    size: usize,
    nonce: *const u8,
    key: *const u8,
) -> c_int {
    let Some(text) = size.checked_sub(2 * TAG) else {
        return FAILED;
    };
    // SAFETY: the caller vouches for it: the box follows on its zero bytes, the plaintext on twice
    // as many, and is shorter by as much.
    unsafe {
        let (to, from) = (plain.add(2 * TAG), sealed.add(TAG));
        let code = crypto_box_open_easy_afternm(to, from, text + TAG, nonce, key);
        if code == OK {
            write(plain, &[0; 2 * TAG]);
        }
        code
    }
}

/// # Safety
/// `sealed` is valid for writes of `size + 16` bytes and `plain` for reads of `size` bytes, and they
/// are apart; `nonce` is valid for reads of 24 bytes, `key` of 32.
#[unsafe(export_name = "ferromq_crypto_box_easy_afternm")]
unsafe extern "C" fn crypto_box_easy_afternm(
    sealed: *mut u8,
    plain: *const u8,
    size: usize,
    nonce: *const u8,
    key: *const u8,
) -> c_int {
    // SAFETY: the caller vouches for it.
    unsafe {
        let tag = secretbox::seal(
            &read_secret(key),
            &read(nonce),
            slice::from_raw_parts(plain, size),
            slice::from_raw_parts_mut(sealed.add(TAG), size),
        );
        write(sealed, &tag);
    }
    OK
}

/// # Safety
/// `plain` is valid for writes of `size - 16` bytes and `sealed` for reads of `size` bytes; `nonce`
/// is valid for reads of 24 bytes, `key` of 32.
#[unsafe(export_name = "ferromq_crypto_box_open_easy_afternm")]
unsafe extern "C" fn crypto_box_open_easy_afternm(
    plain: *mut u8,
    sealed: *const u8,
    size: usize,
    nonce: *const u8,
    key: *const u8,
) -> c_int {
    let Some(text) = size.checked_sub(TAG) else {
        return FAILED;
    };
    // SAFETY: the caller vouches for it. Slices of the two, which may overlap, do not exist at the
    // same time.
    unsafe {
        let tag: Tag = read(sealed);
        let sealed = sealed.add(TAG);
        let opened = secretbox::check(
            &read_secret(key),
            &read(nonce),
            &tag,
            slice::from_raw_parts(sealed, text),
        );
        let Some(stream) = opened else {
            return FAILED;
        };
        let mut from = sealed;
        if (plain.cast_const() > sealed) && (plain.cast_const() < sealed.add(text)) {
            ptr::copy(sealed, plain, text);
            from = plain;
        }
        stream.apply_over(from, plain, text);
    }
    OK
}

/// What the peers of a connection share; none if the public key is a point of small order, which
/// makes it a number that everybody knows.
fn shared_key(public: [u8; 32], secret: &[u8; 32]) -> Option<Zeroizing<Key>> {
    let shared = Zeroizing::new(x25519(*secret, public));
    if bool::from(shared.ct_eq(&[0; 32])) {
        return None;
    }
    Some(Zeroizing::new(
        hsalsa::<U10>((&*shared).into(), &[0; 16].into()).into(),
    ))
}

/// # Safety
/// `from` is valid for reads of `N` bytes.
unsafe fn read<const N: usize>(from: *const u8) -> [u8; N] {
    // SAFETY: the caller vouches for it; an array of bytes has no alignment.
    unsafe { from.cast::<[u8; N]>().read() }
}

/// # Safety
/// `from` is valid for reads of 32 bytes.
unsafe fn read_secret(from: *const u8) -> Zeroizing<[u8; 32]> {
    // SAFETY: the caller vouches for it.
    Zeroizing::new(unsafe { read(from) })
}

/// # Safety
/// `to` is valid for writes of `N` bytes.
unsafe fn write<const N: usize>(to: *mut u8, bytes: &[u8; N]) {
    // SAFETY: the caller vouches for it; an array of bytes has no alignment.
    unsafe { to.cast::<[u8; N]>().write(*bytes) }
}
