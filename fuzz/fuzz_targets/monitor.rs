//! Frames of a monitor, in both forms: an event that can be printed, or none.

#![no_main]

use ferromq::fuzzing::monitor_events;
use ferromq_fuzz::pieces;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    for event in monitor_events(&pieces(input)) {
        assert!(!event.to_string().is_empty());
        assert_eq!(event.error().is_some(), event.clone().error().is_some());
    }
});
