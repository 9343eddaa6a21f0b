//! The safe core, by its public interface and within one process: a module per topic.

mod logs;
mod support;

mod context;
#[cfg(feature = "draft")]
mod draft;
mod errors;
mod message;
mod monitor;
mod multipart;
mod option_values;
mod options;
mod pipeline;
mod poller;
mod proxy;
mod pubsub;
mod reqrep;
mod threads;
mod timeouts;
