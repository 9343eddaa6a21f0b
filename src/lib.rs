#![doc = include_str!("../README.md")]
#![deny(unsafe_code)]

#[cfg(any(feature = "tokio", feature = "async-io"))]
pub mod asynchronous;
mod context;
pub mod curve;
mod endpoint;
mod error;
mod frame;
#[cfg(fuzzing)]
#[doc(hidden)]
pub mod fuzzing;
pub mod guide;
mod kind;
mod library;
mod message;
mod monitor;
mod multipart;
mod option;
mod poller;
mod proxy;
#[allow(unsafe_code)]
mod raw;
mod registry;
mod security;
mod socket;
#[cfg(feature = "async-io")]
pub mod with_async_io;
#[cfg(feature = "tokio")]
pub mod with_tokio;
pub mod z85;
pub mod zap;

pub use context::{Context, ContextBuilder, SchedPolicy, TerminateError};
pub use endpoint::{Endpoint, Transport};
pub use error::{Error, ErrorKind, Result};
pub use frame::{Buffer, Frame, Received, SendError, TrySendError};
pub use kind::*;
pub use library::{Capability, Linkage, Version, has, linkage, version};
pub use message::{Message, PeerAddress};
pub use monitor::{
    AuthStatus, Monitor, MonitorEvent, MonitorEventKind, MonitorEvents, ProtocolError,
};
pub use multipart::Multipart;
pub use option::{
    Acts, Events, GssapiNameType, IntoLimit, IntoText, IntoTimeout, Mechanism, NOT_OFFERED,
    OPTIONS, OptionInfo, ReconnectStop,
};
#[cfg(feature = "draft")]
pub use option::{NormMode, RouterNotify};
pub use poller::{Event, Poller, Ready, Registration};
pub use proxy::{
    Proxy, ProxyController, ProxyHandle, ProxyParts, ProxySocket, ProxyStatistics, SideStatistics,
    Traffic, proxy,
};
pub use raw::SocketRef;
pub use registry::PendingSocket;
pub use security::{AuthPolicy, Password, Security};
pub use socket::{SendAllError, SendAllResult, Socket};
