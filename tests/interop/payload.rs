//! Frames as they travel to a peer and back: digits, or for a long one its length.

use serde_json::{Value, json};

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

pub fn to_peer(frame: &[u8]) -> Value {
    if frame.len() <= INLINE {
        return hex(frame).into();
    }
    assert!(
        frame == pattern(frame.len()),
        "a frame of {} bytes must be the pattern",
        frame.len()
    );
    json!({"pattern": frame.len()})
}

#[track_caller]
pub fn from_peer(frame: &Value) -> Vec<u8> {
    if let Some(digits) = frame.as_str() {
        return from_hex(digits);
    }
    let length = frame["pattern"].as_u64();
    let length = length.unwrap_or_else(|| panic!("it got something else: {frame}"));
    pattern(length.try_into().unwrap())
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
