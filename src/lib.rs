#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

mod context;
mod endpoint;
mod error;
mod frame;
mod kind;
mod library;
mod message;
mod multipart;
mod option;
#[allow(unsafe_code)]
mod raw;
mod registry;
mod socket;

pub use context::{Context, ContextBuilder, TerminateError};
pub use endpoint::{Endpoint, Transport};
pub use error::{Error, ErrorKind, Result};
pub use frame::{Buffer, Frame, Received, SendError, TrySendError};
pub use kind::*;
pub use library::{Capability, Linkage, Version, has, linkage, version};
pub use message::{Message, PeerAddress};
pub use multipart::Multipart;
pub use option::{Acts, Events, IntoLimit, IntoTimeout, OPTIONS, OptionInfo};
pub use raw::SocketRef;
pub use registry::PendingSocket;
pub use socket::Socket;
