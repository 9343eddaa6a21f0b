//! The safe core, by its public interface and within one process: a module per topic.

mod logs;
mod support;

mod context;
mod context_options;
#[cfg(feature = "draft")]
mod draft;
#[cfg(feature = "draft")]
mod draft_options;
mod endings;
mod errors;
mod foreign;
mod many;
mod message;
mod monitor;
mod multipart;
mod option_effects;
mod option_values;
mod options;
mod pattern_options;
mod pipeline;
mod poller;
mod proxy;
mod pubsub;
mod reqrep;
mod threads;
mod timeouts;
