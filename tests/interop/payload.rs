//! Frames as they travel to a peer and back: digits, or for a long one its length.

/// The longest frame that travels as digits, which is the longest piece that a STREAM gets; longer ones
/// are `pattern(length)`.
const INLINE: usize = 8192;

/// Bytes that both sides can make: byte `i` is `i % 251`.
pub fn pattern(length: usize) -> Vec<u8> {
    let period: Vec<u8> = (0..251).collect();
    let mut bytes = period.repeat(length.div_ceil(period.len()));
    bytes.truncate(length);
    bytes
}

/// Whether a frame travels as digits.
#[track_caller]
pub fn is_inline(frame: &[u8]) -> bool {
    assert!(
        frame.len() <= INLINE || frame == pattern(frame.len()),
        "a frame of {} bytes must be the pattern",
        frame.len()
    );
    frame.len() <= INLINE
}

pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub fn from_hex(digits: &str) -> Vec<u8> {
    (0..digits.len())
        .step_by(2)
        .map(|i| u8::from_str_radix(&digits[i..i + 2], 16).unwrap())
        .collect()
}
