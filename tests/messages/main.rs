//! What a message takes over it gives back exactly once, whatever becomes of it.
//!
//! Each fate awaits a message of every [source](source), whose bytes lie in a block of memory that
//! the [allocator](watch) of this program watches. `./test.sh sanitize` runs the same under
//! AddressSanitizer, which sees the other blocks too.

mod discarded;
mod owner;
mod received;
mod refused;
mod source;
#[path = "../it/support.rs"]
#[allow(dead_code)] // The rest is for the other tests.
mod support;
mod watch;

use ferromq::{Context, PULL, PUSH, Pull, Push, Socket};

fn pipe(context: &Context) -> (Socket<Push>, Socket<Pull>) {
    (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap())
}
