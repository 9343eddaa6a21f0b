//! From where peers may come, as rules say it.

#![no_main]

use ferromq::zap::Domain;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (allowed, denied) = (Domain::new().allow(text), Domain::new().deny(text));
    assert_eq!(allowed.is_ok(), denied.is_ok());
    if let Err(error) = allowed {
        assert!(error.to_string().contains("10.0.0.0/8"));
    }
});
