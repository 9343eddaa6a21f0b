use std::ffi::CStr;

use ferromq_sys as sys;

use super::Errno;

/// A key as libzmq writes it: 40 characters of Z85 and a NUL.
pub(crate) type KeyText = [u8; 41];

/// A new pair: the public key, then the secret one.
pub(crate) fn keypair() -> Result<(KeyText, KeyText), Errno> {
    let (mut public, mut secret) = ([0; 41], [0; 41]);
    // SAFETY: both pointers are valid for writes of 41 bytes, which is what libzmq writes.
    Errno::check(unsafe {
        sys::zmq_curve_keypair(public.as_mut_ptr().cast(), secret.as_mut_ptr().cast())
    })?;
    Ok((public, secret))
}

/// The public key of a secret one.
pub(crate) fn public_key(secret: &KeyText) -> Result<KeyText, Errno> {
    let mut public = [0; 41];
    // libzmq overflows its stack on longer texts.
    let Ok(secret) = CStr::from_bytes_with_nul(secret) else {
        return Err(Errno(libc::EINVAL));
    };
    // SAFETY: `secret` is NUL-terminated after 40 characters; `public` is valid for writes of 41
    // bytes.
    Errno::check(unsafe { sys::zmq_curve_public(public.as_mut_ptr().cast(), secret.as_ptr()) })?;
    Ok(public)
}
