//! What this project says about the patterns: each statement is the doc comment of its test. The
//! guide's page on delivery names them.
//!
//! These statements have had their tests before, in `tests/it`:
//!
//! - REQ and REP take turns: `out_of_turn_is_an_error_that_gives_the_message_back`.
//! - A PUSH that binds waits for a worker: `a_bound_push_queues_nothing_for_nobody`.
//! - A PUSH that connects queues up to its high-water mark, and a later worker gets exactly that:
//!   `a_late_worker_gets_the_thousand_that_were_queued` and its neighbour.
//! - Workers share the messages, each goes to one: `workers_share_the_tasks_and_lose_none`.
//! - A producer that binds serves consumers in many threads: `one_producer_for_many_consumers`.
//! - A PUB that must not drop waits: `a_publisher_that_does_not_drop_waits`.

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
