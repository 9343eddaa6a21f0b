//! Memory for secrets: overwritten when it is freed.

use core::ffi::c_void;
use core::{ptr, slice};

use zeroize::Zeroize;

/// In front of what is handed out: its size, in a space that keeps `malloc`'s alignment.
const HEADER: usize = 16;

/// Zeroed memory, or null if there is none.
pub fn allocate(size: usize) -> *mut c_void {
    let Some(total) = size.checked_add(HEADER) else {
        return ptr::null_mut();
    };
    // SAFETY: any size can be asked for. What comes holds the header, and `malloc`'s alignment is
    // enough for a number.
    unsafe {
        let start = libc::calloc(1, total);
        if start.is_null() {
            return start;
        }
        start.cast::<usize>().write(size);
        start.byte_add(HEADER)
    }
}

/// # Safety
/// `memory` is null, or comes from [`allocate`] and is not used any more.
pub unsafe fn free(memory: *mut c_void) {
    if memory.is_null() {
        return;
    }
    // SAFETY: the caller vouches that `allocate` made it, with a header in front that tells how
    // many bytes follow, all of them initialised.
    unsafe {
        let start = memory.byte_sub(HEADER);
        let size = start.cast::<usize>().read();
        slice::from_raw_parts_mut(memory.cast::<u8>(), size).zeroize();
        libc::free(start);
    }
}
