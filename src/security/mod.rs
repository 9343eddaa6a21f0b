//! [`Security`]: how the peers of a socket prove who they are, as one value.

mod guard;
mod password;

pub(crate) use guard::Declared;
pub use password::Password;

use std::ffi::c_int;

use ferromq_sys as sys;

use crate::context::lock;
use crate::curve::{self, Keypair, PublicKey};
use crate::error::{Error, ErrorKind, Result};
use crate::kind::{Kind, SocketType};
use crate::library::{Capability, has};
use crate::option::Mechanism;
use crate::raw::{self, Errno};
use crate::socket::Socket;

/// How the peers of a socket prove who they are, and whether others can read what they say:
/// [`Socket::set_security`]. The [guide](crate::guide::security) tells which to choose.
///
/// Those that accept peers say who is let in: a server names a *ZAP domain*, under which the
/// [`Authenticator`](crate::zap::Authenticator) of its context looks for its rules.
///
/// ```
/// use ferromq::{Context, PULL, Security, zap};
///
/// # fn main() -> ferromq::Result<()> {
/// let context = Context::new()?;
/// let users = zap::Domain::new().password("alice", "open sesame");
/// let _authenticator = zap::Authenticator::start(&context, zap::Rules::new().domain("home", users))?;
///
/// let server = context.socket(PULL)?;
/// server.set_security(Security::PlainServer { domain: "home".into() })?;
/// server.bind("tcp://127.0.0.1:*")?;
/// # Ok(()) }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Security {
    /// None: everybody is accepted and nothing is encrypted, as with a new socket.
    Null,
    /// As `Null`, but only from the addresses that the rules of this domain allow.
    NullServer {
        /// The ZAP domain.
        domain: String,
    },
    /// Accepts those whose user name and password the rules of this domain let in. Both travel in
    /// the clear.
    PlainServer {
        /// The ZAP domain.
        domain: String,
    },
    /// Presents a user name and a password to a `PlainServer`, whoever that is.
    PlainClient {
        /// 1 to 255 bytes.
        username: String,
        /// 1 to 255 bytes.
        password: Password,
    },
    /// Proves itself by its secret key, accepts those that the policy lets in, and encrypts.
    CurveServer {
        /// Clients know the public one.
        keys: Keypair,
        /// Who is let in.
        policy: AuthPolicy,
    },
    /// Talks to the server with this key only, proves itself by its own secret key, and encrypts.
    CurveClient {
        /// Its own; [`Keypair::generate`] makes one for a client that needs no name.
        keys: Keypair,
        /// The server's.
        server: PublicKey,
    },
}

/// Who is let in by a [`Security::CurveServer`].
///
/// ```
/// # use ferromq::*;
/// let policy = AuthPolicy::Authenticator { domain: "home".into() };
/// assert_ne!(policy, AuthPolicy::AllowAnyClient);
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AuthPolicy {
    /// Those whose key the rules of a domain let in. Without an
    /// [`Authenticator`](crate::zap::Authenticator) running in the context, binding is an error.
    Authenticator {
        /// The ZAP domain.
        domain: String,
    },
    /// **Everybody** who knows the server's public key, which is no secret: messages are
    /// encrypted, but come from anyone.
    AllowAnyClient,
}

const OPERATION: &str = "set security";

/// The domain of sockets that ask nobody: the authenticator, if there is one for other sockets,
/// lets everybody in. libzmq has no way to take a domain back, or not to ask.
pub(crate) const ANY_CLIENT: &str = "ferromq: any client";

impl<K: Kind> Socket<K> {
    /// Decides how peers prove who they are: the mechanism, keys, domain and policy in one, before
    /// the first bind or connect (`ZMQ_CURVE_SERVER`, `ZMQ_PLAIN_USERNAME`, `ZMQ_ZAP_DOMAIN`, ...).
    ///
    /// A new value replaces all of the old one. After a call that has failed, the socket binds and
    /// connects no more until one succeeds. `inproc` connections stay within the process and have
    /// no security, whatever is set.
    ///
    /// # Errors
    /// [`InvalidInput`](ErrorKind::InvalidInput) for names and passwords that libzmq cannot
    /// carry, and for a public key that is not that of the secret one;
    /// [`NotSupported`](ErrorKind::NotSupported) if the linked libzmq has no CURVE, for a STREAM
    /// or DGRAM, which have no handshake, and for servers before libzmq 4.2.3;
    /// [`WrongState`](ErrorKind::WrongState) after the first bind or connect;
    /// [`Terminated`](ErrorKind::Terminated), [`Forked`](ErrorKind::Forked). Binding and
    /// connecting fail with [`WrongState`](ErrorKind::WrongState) while no authenticator runs for
    /// a server's domain, and after a call of this that has failed.
    ///
    /// ```
    /// use ferromq::{AuthPolicy, Capability, Context, PULL, PUSH, Security, curve::Keypair, has};
    ///
    /// # fn main() -> ferromq::Result<()> {
    /// # if !has(Capability::Curve) { return Ok(()) }
    /// # let context = Context::new()?;
    /// let keys = Keypair::generate()?;
    /// let server = keys.public;
    ///
    /// let pull = context.socket(PULL)?;
    /// let policy = AuthPolicy::AllowAnyClient;
    /// pull.set_security(Security::CurveServer { keys, policy })?;
    /// pull.bind("tcp://127.0.0.1:*")?;
    ///
    /// let push = context.socket(PUSH)?;
    /// push.set_security(Security::CurveClient { keys: Keypair::generate()?, server })?;
    /// push.connect(pull.last_endpoint()?)?;
    /// push.send("nobody else can read this")?;
    /// assert_eq!(pull.recv()?, "nobody else can read this");
    /// # Ok(()) }
    /// ```
    #[doc(alias = "ZMQ_PLAIN_SERVER")]
    #[doc(alias = "ZMQ_PLAIN_USERNAME")]
    #[doc(alias = "ZMQ_PLAIN_PASSWORD")]
    #[doc(alias = "ZMQ_CURVE_SERVER")]
    #[doc(alias = "ZMQ_CURVE_PUBLICKEY")]
    #[doc(alias = "ZMQ_CURVE_SECRETKEY")]
    #[doc(alias = "ZMQ_CURVE_SERVERKEY")]
    #[doc(alias = "ZMQ_ZAP_DOMAIN")]
    #[doc(alias = "ZMQ_ZAP_ENFORCE_DOMAIN")]
    pub fn set_security(&self, security: Security) -> Result<()> {
        let attached = self
            .attached()
            .map_err(|errno| Error::new(errno, OPERATION).on(self.kind()))?;
        if *attached {
            return Err(Error::explained(
                ErrorKind::WrongState,
                libc::EINVAL,
                OPERATION,
                "the socket is already bound or connected; set it before",
            )
            .on(self.kind()));
        }
        let mut declared = lock(self.declared());
        // Whoever does not look at the error shall not get a socket that is open.
        *declared = Declared::Failed;
        security
            .check(self.kind())
            .map_err(|error| error.during(OPERATION).on(self.kind()))?;
        security
            .apply(self.raw())
            .map_err(|errno| Error::new(errno, OPERATION).on(self.kind()))?;
        *declared = security.declared();
        Ok(())
    }
}

impl Security {
    fn mechanism(&self) -> Mechanism {
        match self {
            Self::Null | Self::NullServer { .. } => Mechanism::Null,
            Self::PlainServer { .. } | Self::PlainClient { .. } => Mechanism::Plain,
            Self::CurveServer { .. } | Self::CurveClient { .. } => Mechanism::Curve,
        }
    }

    /// The domain whose rules decide.
    fn domain(&self) -> Option<&str> {
        match self {
            Self::NullServer { domain }
            | Self::PlainServer { domain }
            | Self::CurveServer {
                policy: AuthPolicy::Authenticator { domain },
                ..
            } => Some(domain),
            _ => None,
        }
    }

    fn declared(&self) -> Declared {
        Declared::Done {
            mechanism: self.mechanism(),
            asks: self.domain().is_some(),
        }
    }

    fn check(&self, kind: SocketType) -> Result<()> {
        if self == &Self::Null {
            return Ok(());
        }
        if !kind.has_handshake() {
            return Err(not_supported(
                "its connections have no handshake, in which peers could prove anything",
            ));
        }
        if let Some(domain) = self.domain() {
            check_text("the domain", domain)?;
            if domain == ANY_CLIENT {
                return Err(Error::invalid(OPERATION, "this domain is for internal use"));
            }
            if crate::version() < ENFORCING {
                return Err(not_supported(
                    "before 4.2.3 libzmq lets everybody in while there is no authenticator",
                ));
            }
        }
        match self {
            Self::PlainClient { username, password } => {
                check_text("the user name", username)?;
                check_text("the password", password.as_str())
            }
            Self::CurveServer { keys, .. } => check_keys(keys),
            Self::CurveClient { keys, server } => {
                if server.as_bytes() == &[0; 32] {
                    return Err(Error::invalid(OPERATION, "the server's key is all zeros"));
                }
                check_keys(keys)
            }
            _ => Ok(()),
        }
    }

    /// Sets the options of libzmq, in an order in which no later one undoes an earlier one: what
    /// decides on the mechanism comes last. Of the old value nothing stays that acts.
    fn apply(&self, socket: &raw::Socket) -> Result<(), Errno> {
        let flag = |option, value: bool| socket.set(option, &c_int::from(value).to_ne_bytes());
        // The mechanism NULL, and not a server.
        flag(sys::ZMQ_PLAIN_SERVER, false)?;
        let asks = self.domain();
        // Once it was set there is always one; and a CURVE server without one would ask an
        // authenticator for the rules of no domain.
        let had_domain = socket.get(sys::ZMQ_ZAP_DOMAIN, &mut [0; 256])? > 1;
        let asks_nobody = matches!(self, Self::CurveServer { .. }) || had_domain;
        if let Some(domain) = asks.or(asks_nobody.then_some(ANY_CLIENT)) {
            socket.set(sys::ZMQ_ZAP_DOMAIN, domain.as_bytes())?;
        }
        if asks.is_some() || crate::version() >= ENFORCING {
            flag(sys::ZMQ_ZAP_ENFORCE_DOMAIN, asks.is_some())?;
        }
        match self {
            Self::Null | Self::NullServer { .. } => Ok(()),
            Self::PlainServer { .. } => flag(sys::ZMQ_PLAIN_SERVER, true),
            Self::PlainClient { username, password } => {
                socket.set(sys::ZMQ_PLAIN_USERNAME, username.as_bytes())?;
                socket.set(sys::ZMQ_PLAIN_PASSWORD, password.as_str().as_bytes())
            }
            Self::CurveServer { keys, .. } => {
                set_keys(socket, keys)?;
                flag(sys::ZMQ_CURVE_SERVER, true)
            }
            Self::CurveClient { keys, server } => {
                set_keys(socket, keys)?;
                socket.set(sys::ZMQ_CURVE_SERVERKEY, server.as_bytes())
            }
        }
    }
}

/// The first that refuses peers while there is no authenticator, if told so.
const ENFORCING: crate::Version = crate::Version {
    major: 4,
    minor: 2,
    patch: 3,
};

fn set_keys(socket: &raw::Socket, keys: &Keypair) -> Result<(), Errno> {
    socket.set(sys::ZMQ_CURVE_PUBLICKEY, keys.public.as_bytes())?;
    socket.set(sys::ZMQ_CURVE_SECRETKEY, keys.secret.as_bytes())
}

fn check_keys(keys: &Keypair) -> Result<()> {
    if !has(Capability::Curve) {
        return Err(curve::not_linked(OPERATION));
    }
    if keys.secret.public_key()? != keys.public {
        return Err(Error::invalid(
            OPERATION,
            "the public key does not belong to the secret one",
        ));
    }
    Ok(())
}

/// libzmq passes such texts on as C does, up to a NUL. What is wrong may be a password: it is not
/// repeated.
fn check_text(what: &str, text: &str) -> Result<()> {
    if (1..=password::MAX).contains(&text.len()) && !text.contains('\0') {
        return Ok(());
    }
    Err(Error::invalid(
        OPERATION,
        format!(
            "{what} is from 1 to {} bytes long, without NUL; {} bytes given",
            password::MAX,
            text.len()
        ),
    ))
}

fn not_supported(detail: &'static str) -> Error {
    Error::explained(ErrorKind::NotSupported, sys::ENOTSUP, OPERATION, detail)
}
