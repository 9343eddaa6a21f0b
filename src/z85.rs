//! Z85, the text form of binary keys: five printable characters for four bytes (ZeroMQ RFC 32).

use crate::error::{Error, Result};

/// The digits by their value.
const DIGITS: &[u8; 85] =
    b"0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ.-:+=^!/*?&<>()[]{}@%$#";

/// Encodes bytes, whose number must be a multiple of four (`zmq_z85_encode`).
///
/// # Errors
/// [`InvalidInput`](crate::ErrorKind::InvalidInput) if it is not.
///
/// ```
/// use ferromq::z85;
///
/// # fn main() -> ferromq::Result<()> {
/// assert_eq!(z85::encode([0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b])?, "HelloWorld");
/// # Ok(()) }
/// ```
pub fn encode(bytes: impl AsRef<[u8]>) -> Result<String> {
    let bytes = bytes.as_ref();
    if bytes.len() % 4 != 0 {
        let detail = format!("{} bytes given, it takes a multiple of 4", bytes.len());
        return Err(Error::invalid("encode Z85", detail));
    }
    let mut text = String::with_capacity(bytes.len() / 4 * 5);
    for chunk in bytes.chunks_exact(4) {
        let number = chunk
            .iter()
            .fold(0, |number, &byte| number << 8 | u32::from(byte));
        for place in [85_u32.pow(4), 85_u32.pow(3), 85_u32.pow(2), 85, 1] {
            text.push(char::from(DIGITS[(number / place % 85) as usize]));
        }
    }
    Ok(text)
}

/// Decodes text, whose length must be a multiple of five (`zmq_z85_decode`).
///
/// # Errors
/// [`InvalidInput`](crate::ErrorKind::InvalidInput) if it is not, for a character that is not of
/// Z85, and for five characters that stand for more than four bytes hold. The text, which may be
/// secret, is not repeated.
///
/// ```
/// use ferromq::z85;
///
/// # fn main() -> ferromq::Result<()> {
/// assert_eq!(z85::decode("HelloWorld")?, [0x86, 0x4f, 0xd2, 0x6f, 0xb5, 0x59, 0xf7, 0x5b]);
/// assert!(z85::decode("Hello World").is_err());
/// # Ok(()) }
/// ```
pub fn decode(text: impl AsRef<[u8]>) -> Result<Vec<u8>> {
    let text = text.as_ref();
    let invalid = |detail| Error::invalid("decode Z85", detail);
    if text.len() % 5 != 0 {
        let detail = format!("{} characters given, it takes a multiple of 5", text.len());
        return Err(invalid(detail));
    }
    let mut bytes = Vec::with_capacity(text.len() / 5 * 4);
    for (at, chunk) in text.chunks_exact(5).enumerate() {
        let mut number = 0_u64;
        for (digit, character) in chunk.iter().enumerate() {
            let value = DIGITS.iter().position(|known| known == character);
            let value = value.ok_or_else(|| {
                invalid(format!("character {} is not of Z85", at * 5 + digit + 1))
            })?;
            number = number * 85 + value as u64;
        }
        let number = u32::try_from(number).map_err(|_| {
            invalid(format!(
                "the group from character {} is too large",
                at * 5 + 1
            ))
        })?;
        bytes.extend_from_slice(&number.to_be_bytes());
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_come_back() {
        let bytes: Vec<u8> = (0..=255).chain([0xff; 4]).chain([0; 4]).collect();
        let text = encode(&bytes).unwrap();
        assert_eq!(text.len(), bytes.len() / 4 * 5);
        assert_eq!(decode(text).unwrap(), bytes);
        assert_eq!(encode([]).unwrap(), "");
        assert_eq!(decode("").unwrap(), []);
    }

    #[test]
    fn what_cannot_be_is_refused_without_being_repeated() {
        for (text, reason) in [
            ("abcd", "4 characters"),
            ("abcdefghijk", "11 characters"),
            ("abcd\"", "character 5 "),
            ("00000a b c", "character 7 "),
            ("#####", "group from character 1 "),
            ("00000%nSc1", "group from character 6 "),
        ] {
            let error = decode(text).unwrap_err().to_string();
            assert!(error.contains(reason), "{error}");
            assert!(!error.contains(text), "{error}");
        }
        assert_eq!(decode("%nSc0").unwrap(), [0xff; 4]);
        assert!(encode([1, 2, 3]).is_err());
    }
}
