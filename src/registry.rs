//! Which sockets a context has, to name those that keep it from ending.

use std::collections::{HashMap, VecDeque};
use std::fmt;
use std::panic::Location;
use std::time::{Duration, Instant};

use crate::kind::SocketType;

/// How many dropped sockets are remembered by name.
const LINGERING_MAX: usize = 64;

/// A socket that a context waits for.
///
/// ```
/// # use ferromq::*;
/// # use std::time::Duration;
/// # fn main() -> Result<()> {
/// let context = Context::new()?;
/// let push = context.socket(PUSH)?;
/// push.connect("tcp://127.0.0.1:5555")?;
/// let error = context.terminate(Duration::from_millis(1)).unwrap_err();
/// let pending = &error.pending()[0];
/// println!("{pending}");
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
pub struct PendingSocket {
    kind: SocketType,
    endpoints: Vec<String>,
    made_at: &'static Location<'static>,
    lingers_until: Option<LingersUntil>,
}

#[derive(Clone, Copy, Debug)]
enum LingersUntil {
    Ever,
    Time(Instant),
}

impl PendingSocket {
    /// The kind of socket.
    ///
    /// ```
    /// # use ferromq::*;
    /// # use std::time::Duration;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let push = context.socket(PUSH)?;
    /// push.connect("tcp://127.0.0.1:5555")?;
    /// let error = context.terminate(Duration::from_millis(1)).unwrap_err();
    /// let pending = &error.pending()[0];
    /// assert_eq!(pending.kind(), SocketType::Push);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn kind(&self) -> SocketType {
        self.kind
    }

    /// The endpoints that it was bound or connected to.
    ///
    /// ```
    /// # use ferromq::*;
    /// # use std::time::Duration;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let push = context.socket(PUSH)?;
    /// push.connect("tcp://127.0.0.1:5555")?;
    /// let error = context.terminate(Duration::from_millis(1)).unwrap_err();
    /// let pending = &error.pending()[0];
    /// assert_eq!(pending.endpoints(), ["tcp://127.0.0.1:5555"]);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn endpoints(&self) -> &[String] {
        &self.endpoints
    }

    /// Where the program made it.
    ///
    /// ```
    /// # use ferromq::*;
    /// # use std::time::Duration;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let push = context.socket(PUSH)?;
    /// push.connect("tcp://127.0.0.1:5555")?;
    /// let error = context.terminate(Duration::from_millis(1)).unwrap_err();
    /// let pending = &error.pending()[0];
    /// assert!(pending.made_at().line() > 0);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn made_at(&self) -> &'static Location<'static> {
        self.made_at
    }

    /// Whether it is still open; otherwise it was dropped, and lingers.
    ///
    /// ```
    /// # use ferromq::*;
    /// # use std::time::Duration;
    /// # fn main() -> Result<()> {
    /// let context = Context::new()?;
    /// let push = context.socket(PUSH)?;
    /// push.connect("tcp://127.0.0.1:5555")?;
    /// let error = context.terminate(Duration::from_millis(1)).unwrap_err();
    /// let pending = &error.pending()[0];
    /// assert!(pending.is_open());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.lingers_until.is_none()
    }
}

impl fmt::Display for PendingSocket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = if self.is_open() { "open" } else { "lingering" };
        write!(f, "{} socket, {state}, made at {}", self.kind, self.made_at)?;
        for (at, endpoint) in self.endpoints.iter().enumerate() {
            write!(f, "{}{endpoint}", if at == 0 { ", for " } else { " and " })?;
        }
        Ok(())
    }
}

/// Names a socket within its context's [`Registry`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct SocketId(u64);

#[derive(Debug, Default)]
pub(crate) struct Registry {
    made: u64,
    open: HashMap<SocketId, PendingSocket>,
    lingering: VecDeque<PendingSocket>,
    last_drop: Option<Instant>,
}

impl Registry {
    pub(crate) fn opened(
        &mut self,
        kind: SocketType,
        made_at: &'static Location<'static>,
    ) -> SocketId {
        let id = SocketId(self.made);
        self.made += 1;
        let endpoints = Vec::new();
        self.open.insert(
            id,
            PendingSocket {
                kind,
                endpoints,
                made_at,
                lingers_until: None,
            },
        );
        id
    }

    pub(crate) fn attached(&mut self, id: SocketId, endpoint: &str) {
        if let Some(socket) = self.open.get_mut(&id) {
            socket.endpoints.push(endpoint.to_owned());
        }
    }

    pub(crate) fn detached(&mut self, id: SocketId, endpoint: &str) {
        let Some(socket) = self.open.get_mut(&id) else {
            return;
        };
        if let Some(at) = socket.endpoints.iter().position(|e| e == endpoint) {
            socket.endpoints.remove(at);
        }
    }

    pub(crate) fn endpoints(&self, id: SocketId) -> Vec<String> {
        let socket = self.open.get(&id);
        socket.map_or_else(Vec::new, |socket| socket.endpoints.clone())
    }

    /// The socket is about to be closed, and may linger so long; `None` is for ever.
    pub(crate) fn closed(&mut self, id: SocketId, linger: Option<Duration>) {
        let Some(mut socket) = self.open.remove(&id) else {
            return;
        };
        self.last_drop = Some(Instant::now());
        if linger == Some(Duration::ZERO) || socket.endpoints.is_empty() {
            return;
        }
        let until = linger.and_then(|linger| Instant::now().checked_add(linger));
        socket.lingers_until = Some(until.map_or(LingersUntil::Ever, LingersUntil::Time));
        if self.lingering.len() == LINGERING_MAX {
            self.lingering.pop_front();
        }
        self.lingering.push_back(socket);
    }

    /// How many are open.
    pub(crate) fn open(&self) -> usize {
        self.open.len()
    }

    pub(crate) fn has_made_any(&self) -> bool {
        self.made > 0
    }

    pub(crate) fn last_drop(&self) -> Option<Instant> {
        self.last_drop
    }

    /// The open sockets in the order in which they were made, and those that may still linger.
    pub(crate) fn pending(&mut self) -> Vec<PendingSocket> {
        let now = Instant::now();
        self.lingering.retain(|socket| match socket.lingers_until {
            Some(LingersUntil::Time(time)) => time > now,
            _ => true,
        });
        let mut open: Vec<_> = self.open.iter().collect();
        open.sort_unstable_by_key(|(id, _)| id.0);
        open.into_iter()
            .map(|(_, socket)| socket)
            .chain(&self.lingering)
            .cloned()
            .collect()
    }
}
