//! Async sockets: a module per topic.

mod support;

mod cancel;
mod endings;
mod executors;
mod halves;
mod monitor;
mod proxy;
mod verbs;
