//! [`Poller`]: waiting for several sockets and descriptors.

use std::fmt;
use std::os::fd::AsFd;
use std::thread;

use crate::error::{Error, ErrorKind, Result};
use crate::kind::{Kind, SocketType};
use crate::option::{Events, IntoTimeout};
use crate::raw::{Errno, PollSet, descriptor_limit};
use crate::socket::Socket;

/// Waits until one of several sockets and descriptors is ready (`zmq_poll`).
///
/// Each is added with a key, a value of the caller's that leads back to it: a number, an enum, a
/// reference to the socket. The poller borrows what it waits for, so none of it can be closed or
/// moved meanwhile, and waiting takes the poller by `&mut`, so nothing can be added or removed
/// meanwhile. Sockets of different kinds and contexts go together.
///
/// ```
/// use ferromq::{Context, Events, PULL, PUSH, Poller, SUB};
/// use std::time::Duration;
///
/// # fn main() -> ferromq::Result<()> {
/// # let context = Context::new()?;
/// # let (push, work, news) = (context.socket(PUSH)?, context.socket(PULL)?, context.socket(SUB)?);
/// # work.bind("inproc://work")?;
/// # push.connect("inproc://work")?;
/// let mut poller = Poller::new();
/// poller.add(&work, Events::RECV, "work")?;
/// poller.add(&news, Events::RECV, "news")?;
///
/// push.send("dig")?;
/// for event in poller.wait(Duration::from_secs(1))? {
///     assert_eq!(*event.key, "work");
///     assert_eq!(work.recv()?, "dig");
/// }
/// # Ok(()) }
/// ```
///
/// A socket in a poller stays where it is:
///
/// ```compile_fail,E0505
/// # use ferromq::{Context, Events, PULL, Poller};
/// # use std::time::Duration;
/// # fn main() -> ferromq::Result<()> {
/// let socket = Context::new()?.socket(PULL)?;
/// let mut poller = Poller::new();
/// poller.add(&socket, Events::RECV, ())?;
/// drop(socket);
/// poller.wait(Duration::ZERO)?;
/// # Ok(()) }
/// ```
///
/// And nothing is removed while the result of a wait is looked at:
///
/// ```compile_fail,E0502
/// # use ferromq::{Context, Events, PULL, Poller};
/// # use std::time::Duration;
/// # fn main() -> ferromq::Result<()> {
/// # let socket = Context::new()?.socket(PULL)?;
/// # let mut poller = Poller::new();
/// # poller.add(&socket, Events::RECV, ())?;
/// for event in poller.wait(Duration::ZERO)? {
///     poller.remove(event.id)?;
/// }
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct Poller<'a, T> {
    set: PollSet<'a>,
    /// One for each member of the set, with rising ids.
    entries: Vec<Entry<T>>,
    added: u64,
}

#[derive(Debug)]
struct Entry<T> {
    id: Registration,
    key: T,
    /// Of a socket; a descriptor has none.
    kind: Option<SocketType>,
}

/// A member of a [`Poller`], to change or remove it. It never names another one, even after the
/// member was removed.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let pull = Context::new()?.socket(PULL)?;
/// let mut poller = Poller::new();
/// let id = poller.add(&pull, Events::RECV, "work")?;
/// assert_eq!(poller.remove(id)?, "work");
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Registration(u64);

/// What a [`Poller`] found ready.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let push = Context::new()?.socket(PUSH)?;
/// push.connect("inproc://later")?;
/// let mut poller = Poller::new();
/// let id = poller.add(&push, Events::SEND, "work")?;
/// let event = poller.wait(None)?.next().unwrap();
/// assert_eq!((*event.key, event.id, event.events), ("work", id, Events::SEND));
/// # Ok(()) }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Event<'p, T> {
    /// The key that it was added with.
    pub key: &'p T,
    /// Its number in the poller.
    pub id: Registration,
    /// What it is ready for, of the events that were asked for, and [`Events::ERROR`].
    pub events: Events,
}

impl<'a, T> Poller<'a, T> {
    /// A poller with nothing to wait for yet.
    ///
    /// ```
    /// # use ferromq::*;
    /// assert!(Poller::<()>::new().is_empty());
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {
            set: PollSet::new(),
            entries: Vec::new(),
            added: 0,
        }
    }

    /// Adds a socket; with [`Events::empty`] it is kept and not waited for, until
    /// [`modify`](Poller::modify).
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for events that this kind of socket never has,
    /// [`TooManyOpen`](ErrorKind::TooManyOpen) with more members than the process may have
    /// descriptors, [`Forked`](ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, ErrorKind, Events, PUSH, Poller};
    /// # fn main() -> ferromq::Result<()> {
    /// let push = Context::new()?.socket(PUSH)?;
    /// let mut poller = Poller::new();
    /// poller.add(&push, Events::SEND, 1)?;
    /// let error = poller.add(&push, Events::RECV, 2).unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::InvalidInput);
    /// # Ok(()) }
    /// ```
    pub fn add<K: Kind>(
        &mut self,
        socket: &'a Socket<K>,
        events: Events,
        key: T,
    ) -> Result<Registration> {
        const OPERATION: &str = "add to poller";
        check_events(OPERATION, socket.kind(), events)?;
        self.check_room(OPERATION)?;
        self.set
            .push_socket(socket.raw(), events)
            .map_err(|errno| Error::new(errno, OPERATION).on(socket.kind()))?;
        Ok(self.push(key, Some(socket.kind())))
    }

    /// Adds a descriptor: a network connection, a pipe, a terminal. It counts as ready to
    /// [receive](Events::RECV) when a read would not wait, also at the end of the stream.
    ///
    /// # Errors
    /// [`TooManyOpen`](ErrorKind::TooManyOpen) with more members than the process may have
    /// descriptors.
    ///
    /// ```
    /// # use ferromq::{Context, Events, PULL, Poller};
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use std::io::Write;
    /// use std::os::unix::net::UnixStream;
    ///
    /// let (reader, mut writer) = UnixStream::pair()?;
    /// let socket = Context::new()?.socket(PULL)?;
    /// let mut poller = Poller::new();
    /// poller.add(&socket, Events::RECV, "messages")?;
    /// poller.add_fd(&reader, Events::RECV, "bytes")?;
    /// writer.write_all(b"x")?;
    /// let event = poller.wait(None)?.next().unwrap();
    /// assert_eq!(*event.key, "bytes");
    /// # Ok(()) }
    /// ```
    pub fn add_fd<F: AsFd + ?Sized>(
        &mut self,
        fd: &'a F,
        events: Events,
        key: T,
    ) -> Result<Registration> {
        self.check_room("add to poller")?;
        self.set.push_fd(fd.as_fd(), events);
        Ok(self.push(key, None))
    }

    fn push(&mut self, key: T, kind: Option<SocketType>) -> Registration {
        self.added += 1;
        let id = Registration(self.added);
        self.entries.push(Entry { id, key, kind });
        id
    }

    /// Changes what a member is waited for.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if it was removed,
    /// [`InvalidInput`](ErrorKind::InvalidInput) as for [`add`](Poller::add).
    ///
    /// ```
    /// # use ferromq::{Context, DEALER, Events, Poller};
    /// # fn main() -> ferromq::Result<()> {
    /// # let dealer = Context::new()?.socket(DEALER)?;
    /// let mut poller = Poller::new();
    /// let id = poller.add(&dealer, Events::RECV, ())?;
    /// poller.modify(id, Events::RECV | Events::SEND)?;
    /// # Ok(()) }
    /// ```
    pub fn modify(&mut self, id: Registration, events: Events) -> Result<()> {
        const OPERATION: &str = "modify in poller";
        let at = self.position(id, OPERATION)?;
        if let Some(kind) = self.entries[at].kind {
            check_events(OPERATION, kind, events)?;
        }
        self.set.set_events(at, events);
        Ok(())
    }

    /// Removes a member and gives its key back.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound) if it was removed before.
    ///
    /// ```
    /// # use ferromq::{Context, ErrorKind, Events, PULL, Poller};
    /// # fn main() -> ferromq::Result<()> {
    /// # let socket = Context::new()?.socket(PULL)?;
    /// let mut poller = Poller::new();
    /// let id = poller.add(&socket, Events::RECV, "key")?;
    /// assert_eq!(poller.remove(id)?, "key");
    /// assert_eq!(poller.remove(id).unwrap_err().kind(), ErrorKind::NotFound);
    /// # Ok(()) }
    /// ```
    pub fn remove(&mut self, id: Registration) -> Result<T> {
        let at = self.position(id, "remove from poller")?;
        self.set.remove(at);
        Ok(self.entries.remove(at).key)
    }

    fn position(&self, id: Registration, operation: &'static str) -> Result<usize> {
        self.entries
            .binary_search_by_key(&id, |entry| entry.id)
            .map_err(|_| {
                let detail = "it is not in this poller, or no longer";
                Error::explained(ErrorKind::NotFound, libc::ENOENT, operation, detail)
            })
    }

    fn check_room(&self, operation: &'static str) -> Result<()> {
        match self.set.len() < descriptor_limit() {
            true => Ok(()),
            false => Err(beyond_limit(operation, self.set.len() + 1)),
        }
    }

    /// How many members there are.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let pull = Context::new()?.socket(PULL)?;
    /// let mut poller = Poller::new();
    /// let id = poller.add(&pull, Events::RECV, "work")?;
    /// assert_eq!(poller.len(), 1);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn len(&self) -> usize {
        self.set.len()
    }

    /// Whether there is nothing to wait for.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let pull = Context::new()?.socket(PULL)?;
    /// let mut poller = Poller::new();
    /// let id = poller.add(&pull, Events::RECV, "work")?;
    /// assert!(!poller.is_empty());
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Waits until a member is ready, at most so long, and gives those that are, in the order in
    /// which they were added; none if the time has passed. `None` waits for ever,
    /// `Duration::ZERO` only looks. Signals do not stretch or end the time, which is exact to the
    /// millisecond and never shorter than asked for. Nothing is allocated.
    ///
    /// A poller without members waits out its time.
    ///
    /// # Errors
    /// [`Terminated`](ErrorKind::Terminated) if the context of one of the sockets was shut down,
    /// [`InvalidInput`](ErrorKind::InvalidInput) for a wait for nothing for ever,
    /// [`TooManyOpen`](ErrorKind::TooManyOpen) with more members than the process may have
    /// descriptors by now, [`Forked`](ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, Events, PULL, Poller};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// # let socket = Context::new()?.socket(PULL)?;
    /// let mut poller = Poller::new();
    /// poller.add(&socket, Events::RECV, ())?;
    /// assert!(poller.wait(Duration::from_millis(5))?.next().is_none());
    /// # Ok(()) }
    /// ```
    pub fn wait(&mut self, timeout: impl IntoTimeout) -> Result<Ready<'_, T>> {
        let timeout = timeout.into_timeout();
        let any = match (self.is_empty(), timeout) {
            (false, _) => self
                .set
                .wait(timeout)
                .map_err(|errno| wait_error(errno, self.set.len()))?,
            (true, Some(time)) => {
                thread::sleep(time);
                false
            }
            (true, None) => return Err(Error::invalid("poll", "nothing to wait for, for ever")),
        };
        Ok(Ready {
            set: &self.set,
            entries: if any { &self.entries } else { &[] },
            at: 0,
        })
    }
}

impl<T> Default for Poller<'_, T> {
    fn default() -> Self {
        Self::new()
    }
}

/// The events that one [`Poller::wait`] found.
///
/// ```
/// # use ferromq::*;
/// # use std::time::Duration;
/// # fn main() -> Result<()> {
/// let pull = Context::new()?.socket(PULL)?;
/// let mut poller = Poller::new();
/// let id = poller.add(&pull, Events::RECV, "work")?;
/// assert_eq!(poller.wait(Duration::ZERO)?.count(), 0);
/// # Ok(()) }
/// ```
pub struct Ready<'p, T> {
    set: &'p PollSet<'p>,
    entries: &'p [Entry<T>],
    at: usize,
}

impl<'p, T> Iterator for Ready<'p, T> {
    type Item = Event<'p, T>;

    fn next(&mut self) -> Option<Event<'p, T>> {
        while let Some(entry) = self.entries.get(self.at) {
            let events = self.set.found(self.at);
            self.at += 1;
            if !events.is_empty() {
                return Some(Event {
                    key: &entry.key,
                    id: entry.id,
                    events,
                });
            }
        }
        None
    }
}

impl<T> Clone for Ready<'_, T> {
    fn clone(&self) -> Self {
        Self { ..*self }
    }
}

impl<T: fmt::Debug> fmt::Debug for Ready<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}

impl<K: Kind> Socket<K> {
    /// Waits until this socket is ready for one of `events`, at most so long, and says for which;
    /// for none if the time has passed (`zmq_poll`). Time counts as in [`Poller::wait`].
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for events that this kind of socket never has,
    /// and for none for ever; [`Terminated`](ErrorKind::Terminated),
    /// [`Forked`](ErrorKind::Forked).
    ///
    /// ```
    /// # use ferromq::{Context, Events, PAIR};
    /// # use std::time::Duration;
    /// # fn main() -> ferromq::Result<()> {
    /// # let context = Context::new()?;
    /// # let (a, b) = (context.socket(PAIR)?, context.socket(PAIR)?);
    /// # a.bind("inproc://x")?;
    /// # b.connect("inproc://x")?;
    /// assert_eq!(a.poll(Events::RECV, Duration::ZERO)?, Events::empty());
    /// b.send("hello")?;
    /// assert_eq!(a.poll(Events::RECV | Events::SEND, None)?, Events::RECV | Events::SEND);
    /// # Ok(()) }
    /// ```
    pub fn poll(&self, events: Events, timeout: impl IntoTimeout) -> Result<Events> {
        let timeout = timeout.into_timeout();
        check_events("poll", self.kind(), events)?;
        if events.is_empty() && timeout.is_none() {
            return Err(Error::invalid("poll", "no events to wait for, for ever"));
        }
        self.raw()
            .poll(events, timeout)
            .map_err(|errno| wait_error(errno, 1).on(self.described()))
    }
}

/// Refuses to wait for what cannot happen.
fn check_events(operation: &'static str, kind: SocketType, events: Events) -> Result<()> {
    let never = |what: &str| {
        Err(Error::invalid(
            operation,
            format!("a {kind} socket {what}, so it would never be ready"),
        ))
    };
    if events.contains(Events::RECV) && !kind.has("CanRecv") {
        return never("cannot receive");
    }
    if events.contains(Events::SEND) && !kind.has("CanSend") {
        return never("cannot send");
    }
    if events.intersects(Events::ERROR | Events::PRIORITY) {
        return never("has no events besides RECV and SEND, which are for descriptors");
    }
    Ok(())
}

#[cold]
fn wait_error(errno: Errno, members: usize) -> Error {
    match errno {
        Errno(libc::EMFILE) => beyond_limit("poll", members),
        errno => Error::new(errno, "poll"),
    }
}

#[cold]
fn beyond_limit(operation: &'static str, members: usize) -> Error {
    let limit = descriptor_limit();
    Error::explained(
        ErrorKind::TooManyOpen,
        libc::EMFILE,
        operation,
        format!(
            "{members} members, and the limit of descriptors (`ulimit -n`) is {limit}: raise it"
        ),
    )
}
