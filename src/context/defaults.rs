//! What new sockets get from their context.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::error::{ErrorKind, Result};
use crate::kind::Any;
use crate::socket::Socket;

/// Settings of new sockets, in the order in which they were given.
#[derive(Clone, Debug, Default)]
pub(super) struct SocketDefaults(Vec<SocketDefault>);

type Setter = dyn Fn(&Socket<Any>) -> Result<()> + Send + Sync;

#[derive(Clone)]
struct SocketDefault {
    set: Arc<Setter>,
    /// A bit for each kind of socket that it was reported not to apply to.
    reported: Arc<AtomicU64>,
}

impl SocketDefaults {
    pub(super) fn push(
        &mut self,
        set: impl Fn(&Socket<Any>) -> Result<()> + Send + Sync + 'static,
    ) {
        self.0.push(SocketDefault {
            set: Arc::new(set),
            reported: Arc::default(),
        });
    }

    pub(super) fn apply(&self, socket: &Socket<Any>) -> Result<()> {
        self.0.iter().try_for_each(|default| default.apply(socket))
    }
}

impl SocketDefault {
    fn apply(&self, socket: &Socket<Any>) -> Result<()> {
        match (self.set)(socket) {
            Err(error) if error.kind() == ErrorKind::NotSupported => {
                let bit = 1 << socket.kind().to_raw();
                if self.reported.fetch_or(bit, Ordering::Relaxed) & bit == 0 {
                    log::warn!(
                        "a default of the context does not apply to {} sockets: {error}",
                        socket.kind()
                    );
                }
                Ok(())
            }
            result => result,
        }
    }
}

impl fmt::Debug for SocketDefault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SocketDefault").finish_non_exhaustive()
    }
}
