//! Plain calls from C, with the libzmq that ferromq has.

use std::ffi::{CString, c_char, c_int};
use std::process::ExitCode;

unsafe extern "C" {
    fn ferromq_bench_c(argc: c_int, argv: *const *const c_char) -> c_int;
}

pub fn run(arguments: &[String]) -> ExitCode {
    let arguments: Vec<CString> = arguments
        .iter()
        .map(|argument| CString::new(&**argument).expect("arguments have no NUL"))
        .collect();
    let pointers: Vec<_> = arguments.iter().map(|argument| argument.as_ptr()).collect();
    // SAFETY: worker.c reads so many strings, which outlive the call.
    match unsafe { ferromq_bench_c(pointers.len() as c_int, pointers.as_ptr()) } {
        0 => ExitCode::SUCCESS,
        _ => ExitCode::FAILURE,
    }
}
