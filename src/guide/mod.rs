//! Pages of their own.

/// # All of `zmq.h`
#[doc = include_str!("reference.md")]
pub mod reference {}

/// # Options of sockets
#[doc = include_str!("options.md")]
pub mod options {}

/// # Fork
#[doc = include_str!("fork.md")]
pub mod fork {}

/// # Descriptors
#[doc = include_str!("descriptors.md")]
pub mod descriptors {}

/// # Who binds, who connects, and when subscriptions arrive
#[doc = include_str!("subscriptions.md")]
pub mod subscriptions {}
