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

/// # Delivery
#[doc = include_str!("delivery.md")]
pub mod delivery {}

/// # Threads
#[doc = include_str!("threads.md")]
pub mod threads {}

/// # Shutdown
#[doc = include_str!("shutdown.md")]
pub mod shutdown {}

/// # Faults
#[doc = include_str!("faults.md")]
pub mod faults {}

/// # Hazards of libzmq
#[doc = include_str!("hazards.md")]
pub mod hazards {}

/// # Security: who may connect, and who can read along
#[doc = include_str!("security.md")]
pub mod security {}

/// # Performance
#[doc = include_str!("performance.md")]
pub mod performance {}

/// # Async: sockets in an executor
#[cfg(any(feature = "tokio", feature = "async-io"))]
#[doc = include_str!("async.md")]
pub mod asynchronous {}
