//! The safe core, by its public interface and within one process: a module per topic.

mod support;

mod context;
mod errors;
mod message;
mod multipart;
mod options;
mod pipeline;
mod pubsub;
mod reqrep;
mod threads;
mod timeouts;
