//! Every constant has the header's value, every type its size, alignment and fields, and every
//! function is in the library: by `ctest`, which calls C for it.
#![allow(clippy::all, non_camel_case_types)]

use std::ffi::c_short;

use ferromq_sys::*;
use header_check::{Extent, declared};

include!(concat!(env!("OUT_DIR"), "/checks.rs"));

#[test]
fn values_and_layouts_are_the_headers() {
    main();
    // One for each constant and function, and several for each of the four types.
    let interface = declared(Extent::Draft);
    let done = NTESTS.load(std::sync::atomic::Ordering::Relaxed);
    let least = interface.constants.len() + interface.functions.len();
    assert!(done > least, "{done} checks for {least} names");
}
