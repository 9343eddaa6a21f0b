//! What a worker program does for the harness: it is started for one cell, with one library, does the
//! cell's work for a while, checks what arrived, and prints a line of JSON.
//!
//! `work.rs` beside this file is that work. A program includes it once for each of its libraries, in a
//! module that has the library's `Context` and `Socket` under the names that the work uses; so all
//! libraries do the same, blocking or async, with nothing in between. The worker in C and the one in
//! Python are their own transcriptions of it.

mod adapters;
mod cell;
mod payload;
mod sides;
mod signs;
mod statistics;

pub use cell::{Cell, Kind, Pattern, Report};
pub use payload::{END, Meter, Payload, Samples, Topics, answers, check, is, topic};
pub use sides::{Threads, blocking, futures};
pub use signs::Signs;
pub use statistics::{median, quantile, resident};
