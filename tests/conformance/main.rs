//! What this project says about the patterns: each statement is the doc comment of its test. The
//! guide's page on delivery names them all, also those whose test was in `tests/it` before.

mod broken;
mod fanout;
mod peer;
mod publish;
mod push;
mod relay;
mod request;
#[path = "../it/support.rs"]
#[allow(dead_code)] // The rest is for the other tests.
mod support;
