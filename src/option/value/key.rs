//! CURVE keys.

use std::ffi::c_int;

use super::{Get, Refusal, Set};
use crate::raw::Socket;

/// A key of 32 bytes, written as such or as 40 characters of Z85.
pub(in crate::option) struct Key;

impl Get for Key {
    type Value<'s> = [u8; 32];
    fn get(self, socket: &Socket, option: c_int) -> Result<[u8; 32], Refusal> {
        let mut key = [0; 32];
        socket.get(option, &mut key)?;
        Ok(key)
    }
}

impl<V: AsRef<[u8]>> Set<V> for Key {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let value = value.as_ref();
        let key = <[u8; 32]>::try_from(value).ok().or_else(|| decoded(value));
        // The key itself must not get into a log.
        let key = key.ok_or_else(|| {
            Refusal::Invalid(format!(
                "a key is 32 bytes, or 40 characters of Z85; {} bytes given",
                value.len()
            ))
        })?;
        Ok(socket.set(option, &key)?)
    }
}

/// The digits of Z85 (ZeroMQ RFC 32), by their value.
const DIGITS: &[u8; 85] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// Decodes Z85: five digits are four bytes, the first ones the most significant.
fn decoded(text: &[u8]) -> Option<[u8; 32]> {
    if text.len() != 40 {
        return None;
    }
    let mut key = [0; 32];
    for (digits, bytes) in text.chunks(5).zip(key.chunks_mut(4)) {
        let mut number = 0_u32;
        for digit in digits {
            let value = DIGITS.iter().position(|known| known == digit)?;
            number = number.checked_mul(85)?.checked_add(value as u32)?;
        }
        bytes.copy_from_slice(&number.to_be_bytes());
    }
    Some(key)
}

#[cfg(test)]
mod tests {
    use super::decoded;

    #[test]
    fn z85_is_decoded_or_refused() {
        // The example of RFC 32, "HelloWorld" for 86 4F D2 6F B5 59 F7 5B, four times.
        let key = decoded("HelloWorld".repeat(4).as_bytes()).expect("it is Z85");
        let part = [0x86, 0x4F, 0xD2, 0x6F, 0xB5, 0x59, 0xF7, 0x5B];
        assert_eq!(key, part.repeat(4)[..]);
        for text in [
            "",
            "HelloWorld",
            &"#".repeat(40),
            &"Hello World".repeat(4)[..40],
        ] {
            assert_eq!(decoded(text.as_bytes()), None, "{text}");
        }
    }
}
