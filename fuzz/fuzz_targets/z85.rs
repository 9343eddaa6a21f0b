//! Z85, and the keys that are written in it.

#![no_main]

use ferromq::curve::{PublicKey, SecretKey};
use ferromq::z85;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    if let Ok(bytes) = z85::decode(input) {
        assert_eq!(z85::encode(bytes).unwrap().as_bytes(), input);
    }
    match z85::encode(input) {
        Ok(text) => assert_eq!(z85::decode(text).unwrap(), input),
        Err(_) => assert_ne!(input.len() % 4, 0),
    }
    let Ok(text) = std::str::from_utf8(input) else {
        return;
    };
    assert_eq!(
        text.parse::<SecretKey>().is_ok(),
        text.parse::<PublicKey>().is_ok()
    );
    if let Ok(key) = text.parse::<PublicKey>() {
        assert_eq!(key.to_string(), text);
    }
});
