//! Binds and connects that would be less secure than was asked for.

use ferromq_sys as sys;

use crate::context::lock;
use crate::endpoint::{Endpoint, Transport};
use crate::error::{Error, ErrorKind, Result};
use crate::kind::Kind;
use crate::option::Mechanism;
use crate::socket::Socket;

/// What [`Socket::set_security`] has made of a socket.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) enum Declared {
    #[default]
    Nothing,
    /// It has failed, and perhaps half-way.
    Failed,
    Done {
        mechanism: Mechanism,
        /// Whether an authenticator decides.
        asks: bool,
    },
}

impl<K: Kind> Socket<K> {
    /// Refuses what would let in others than `set_security` said.
    pub(crate) fn may_attach(&self, endpoint: &Endpoint, operation: &'static str) -> Result<()> {
        let wrong_state = |detail: String| {
            Err(Error::explained(ErrorKind::WrongState, sys::EFSM, operation, detail).on(endpoint))
        };
        let (mechanism, asks) = match *lock(self.declared()) {
            Declared::Nothing => return Ok(()),
            Declared::Failed => {
                return wrong_state("`set_security` has failed before; repeat it".into());
            }
            Declared::Done { mechanism, asks } => (mechanism, asks),
        };
        let is_open = mechanism == Mechanism::Null && !asks;
        if let (false, Some(detail)) = (is_open, insecure(endpoint.transport(), mechanism)) {
            let (kind, errno) = (ErrorKind::IncompatibleTransport, sys::ENOCOMPATPROTO);
            return Err(Error::explained(kind, errno, operation, detail).on(endpoint));
        }
        // Options of GSSAPI, or options by their numbers, may have come after.
        let actual = self.mechanism().map_err(|error| error.during(operation))?;
        if actual != mechanism {
            return wrong_state(format!(
                "the mechanism was set to {mechanism:?}, and other options have made it {actual:?}"
            ));
        }
        if asks && !self.context().has_authenticator() {
            return wrong_state(
                "who may connect is up to an authenticator, and none runs in this context: start \
                 a `zap::Authenticator` first, and keep it"
                    .into(),
            );
        }
        Ok(())
    }
}

/// Why there is no security on this transport.
fn insecure(transport: &Transport, mechanism: Mechanism) -> Option<&'static str> {
    match transport {
        // libzmq lets peers choose a protocol in which nobody is asked.
        Transport::Ws | Transport::Wss if mechanism == Mechanism::Null => Some(
            "over WebSocket peers can get around an authenticator that goes by addresses: use tcp, \
             PLAIN or CURVE",
        ),
        Transport::Udp => Some("datagrams have no security"),
        Transport::Other(name) if ["pgm", "epgm", "norm"].contains(&name.as_str()) => {
            Some("multicast has no security")
        }
        _ => None,
    }
}
