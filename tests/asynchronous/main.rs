//! Async sockets: a module per topic.

#[path = "../process/child.rs"]
mod child;
#[path = "../interop/python.rs"]
mod python;
mod support;

mod asyncio;
mod authenticator;
mod cancel;
#[cfg(feature = "draft")]
mod draft;
mod endings;
mod executors;
mod forks;
mod halves;
mod many;
mod monitor;
mod names;
mod proxy;
mod verbs;
