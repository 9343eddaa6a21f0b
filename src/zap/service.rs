//! The socket at which libzmq asks, and the loop that answers.

use std::ffi::CStr;
use std::os::unix::net::UnixStream;
use std::panic::{AssertUnwindSafe, Location, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use super::OPERATION;
use super::handle::RulesHandle;
use super::mark::Mark;
use super::request::{Malformed, Request};
use super::verdict::Verdict;
use crate::context::Shared;
use crate::error::{Error, ErrorKind, Result};
use crate::kind::{Rep, SocketType};
use crate::message::Message;
use crate::multipart::Multipart;
use crate::option::Events;
use crate::poller::Poller;
use crate::socket::Socket;

/// Where libzmq asks.
pub(crate) const ENDPOINT: &str = "inproc://zeromq.zap.01";
const ENDPOINT_C: &CStr = c"inproc://zeromq.zap.01";

/// What answers, whoever waits for the requests. As long as it exists its context has an
/// authenticator.
pub(crate) struct Service {
    socket: Socket<Rep>,
    rules: RulesHandle,
    mark: &'static Mark,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.socket.context().set_authenticator(false);
        // By closing, the address is given back some time later. It fails only in a context that
        // was shut down.
        let _ = self.socket.raw().unbind(ENDPOINT_C);
    }
}

impl Service {
    pub(crate) fn open(
        context: &Arc<Shared>,
        rules: RulesHandle,
        made_at: &'static Location<'static>,
    ) -> Result<Self> {
        let mark = Mark::make()?;
        let failed = |errno| Error::new(errno, OPERATION);
        let kind = SocketType::Rep;
        let raw = context
            .with_raw(|context| context.socket(kind.to_raw()))
            .map_err(failed)?;
        // Without what the context says for new sockets.
        let socket = Socket::<Rep>::assemble(raw, kind, Arc::clone(context), made_at);
        socket.set_linger(Duration::ZERO)?;
        // Other code cannot: `bind` refuses it.
        socket
            .raw()
            .bind(ENDPOINT_C)
            .map_err(|errno| match failed(errno) {
                error if error.kind() == ErrorKind::AddressInUse => Error::explained(
                    ErrorKind::AddressInUse,
                    error.errno(),
                    OPERATION,
                    "the context has an authenticator already; drop that one first, or give it \
                     other rules",
                ),
                error => error,
            })?;
        socket.attach(ENDPOINT);
        context.set_authenticator(true);
        Ok(Self {
            socket,
            rules,
            mark,
        })
    }

    #[cfg(any(feature = "tokio", feature = "async-io"))]
    pub(crate) fn socket(&self) -> &Socket<Rep> {
        &self.socket
    }

    /// Answers until the other side of `end` closes, or the context is shut down.
    pub(super) fn run(self, end: &UnixStream) -> Result<()> {
        ended(self.answer_all(end))
    }

    fn answer_all(&self, end: &UnixStream) -> Result<()> {
        let mut poller = Poller::new();
        poller.add(&self.socket, Events::RECV, false)?;
        poller.add_fd(end, Events::RECV, true)?;
        loop {
            if poller.wait(None)?.any(|event| *event.key) {
                return Ok(());
            }
            self.answer_one()?;
        }
    }

    /// Answers a request; `None` if there is none.
    pub(crate) fn answer_one(&self) -> Result<Option<()>> {
        let Some(request) = self.socket.try_recv_multipart()? else {
            return Ok(None);
        };
        let reply = self.reply(&request);
        Ok(Some(self.socket.send_multipart(reply)?))
    }

    /// The reply to a request, whatever it is and whatever a check does.
    fn reply(&self, request: &[Message]) -> Multipart {
        let id = request.get(1).map_or(&b""[..], |id| id);
        let verdict = catch_unwind(AssertUnwindSafe(|| self.decide(request)));
        let verdict = verdict.unwrap_or_else(|panic| {
            // Dropped with care: what a check has panicked with may do so again.
            let _ = catch_unwind(AssertUnwindSafe(|| {
                log::error!("the check of an authenticator has panicked");
                drop(panic);
            }))
            .map_err(std::mem::forget);
            Verdict::fail("the check has panicked")
        });
        verdict.encode(id, self.mark)
    }

    fn decide(&self, request: &[Message]) -> Verdict {
        let request = match Request::decode(request) {
            Ok(request) => request,
            Err(Malformed(why)) => {
                log::warn!("an authenticator was asked what is no request: {why}");
                return Verdict::fail(why);
            }
        };
        // Not under the lock: a check may set other rules.
        let verdict = self.rules.current().decide(&request).checked();
        log::debug!(
            "{} peer at {:?} {} domain {:?}: {}",
            request.credentials.mechanism(),
            request.address,
            if verdict.is_allowed() {
                "enters"
            } else {
                "is kept out of"
            },
            request.domain,
            verdict.reason(),
        );
        verdict
    }
}

/// What an authenticator ends with: the shutdown of its context is no failure.
pub(crate) fn ended(result: Result<()>) -> Result<()> {
    match result {
        Err(error) if error.kind() == ErrorKind::Terminated => Ok(()),
        result => result.inspect_err(|error| log::error!("an authenticator ends: {error}")),
    }
}
