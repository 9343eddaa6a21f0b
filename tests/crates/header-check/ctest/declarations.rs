//! What `ctest` reads: the declarations of `ferromq-sys`, without what that takes from libc, as
//! `ctest` expands macros where no other crate is known.

#[macro_use]
#[path = "../../../../sys/src/macros.rs"]
mod macros;

#[path = "../../../../sys/src/constants.rs"]
mod constants;
#[path = "../../../../sys/src/draft.rs"]
mod draft;
#[path = "../../../../sys/src/functions.rs"]
mod functions;
#[path = "../../../../sys/src/options.rs"]
mod options;
#[path = "../../../../sys/src/types.rs"]
mod types;

use core::ffi::{c_void as iovec, c_void as sigset_t};
use types::*;
