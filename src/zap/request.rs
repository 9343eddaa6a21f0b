//! What libzmq asks: the request of ZAP (ZeroMQ RFC 27).

use std::fmt;

use crate::curve::PublicKey;
use crate::message::{Message, PeerAddress};
use crate::security::Password;

/// The version that libzmq speaks.
pub(super) const VERSION: &str = "1.0";

/// A peer that wants to come in: what a [check](super::Domain::check) decides on.
///
/// ```
/// use ferromq::zap::{Credentials, Domain, Verdict};
///
/// let domain = Domain::new().check(|request| match &request.credentials {
///     Credentials::Curve(key) if key.as_bytes()[0] == 7 => Verdict::allow("seven"),
///     _ => Verdict::deny("no seven"),
/// });
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub struct Request<'a> {
    /// Which of the sockets asks, by its ZAP domain.
    pub domain: &'a str,
    /// Where the peer is, if libzmq could tell.
    pub address: Option<PeerAddress>,
    /// The routing id of the socket that asks.
    pub routing_id: &'a [u8],
    /// What the peer shows.
    pub credentials: Credentials<'a>,
}

/// What a peer shows of itself: [`Request::credentials`].
///
/// ```
/// # use ferromq::zap::*;
/// fn is_alice(request: &Request) -> bool {
///     match &request.credentials {
///         Credentials::Plain { username, password } => {
///             *username == "alice" && password.is(&"open sesame".into())
///         }
///         _ => false,
///     }
/// }
/// # let _ = Domain::new().check(|r| if is_alice(r) { Verdict::allow("a") } else { Verdict::deny("b") });
/// ```
#[non_exhaustive]
#[derive(Debug)]
pub enum Credentials<'a> {
    /// Nothing.
    Null,
    /// A user name and a password.
    Plain {
        /// Its user name.
        username: &'a str,
        /// Its password.
        password: GivenPassword<'a>,
    },
    /// The public key whose secret one it has.
    Curve(PublicKey),
    /// Its principal, which Kerberos vouches for.
    Gssapi {
        /// The name of the principal.
        principal: &'a str,
    },
}

impl Credentials<'_> {
    pub(super) fn mechanism(&self) -> &'static str {
        match self {
            Self::Null => "NULL",
            Self::Plain { .. } => "PLAIN",
            Self::Curve(_) => "CURVE",
            Self::Gssapi { .. } => "GSSAPI",
        }
    }
}

/// The password that a peer has sent; not shown by `Debug`.
///
/// ```
/// # use ferromq::zap::*;
/// fn shown(password: &GivenPassword) {
///     assert_eq!(format!("{password:?}"), "GivenPassword(..)");
/// }
/// ```
pub struct GivenPassword<'a>(&'a [u8]);

impl GivenPassword<'_> {
    /// Whether it is this one, compared in constant time.
    ///
    /// ```
    /// # use ferromq::{Password, zap::*};
    /// fn fits(given: &GivenPassword, stored: &Password) -> bool {
    ///     given.is(stored)
    /// }
    /// ```
    #[must_use]
    pub fn is(&self, password: &Password) -> bool {
        password.is(self.0)
    }

    /// The bytes, for a check that has them hashed.
    ///
    /// ```
    /// # use ferromq::zap::*;
    /// fn len(given: &GivenPassword) -> usize {
    ///     given.as_bytes().len()
    /// }
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0
    }
}

impl fmt::Debug for GivenPassword<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GivenPassword(..)")
    }
}

/// Why frames are no request.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed(pub(super) &'static str);

impl<'a> Request<'a> {
    /// Reads the frames after the envelope.
    pub(super) fn decode(frames: &'a [Message]) -> Result<Self, Malformed> {
        let [
            version,
            _id,
            domain,
            address,
            routing_id,
            mechanism,
            credentials @ ..,
        ] = frames
        else {
            return Err(Malformed("frames are missing"));
        };
        if version != VERSION {
            return Err(Malformed("the version is not 1.0"));
        }
        let text = |frame: &'a Message, why| frame.to_str().map_err(|_| Malformed(why));
        let credentials = match (mechanism.as_bytes(), credentials) {
            (b"NULL", []) => Credentials::Null,
            (b"PLAIN", [username, password]) => Credentials::Plain {
                username: text(username, "the user name is not UTF-8")?,
                password: GivenPassword(password),
            },
            (b"CURVE", [key]) => {
                let key: [u8; 32] = key[..]
                    .try_into()
                    .map_err(|_| Malformed("the key has not 32 bytes"))?;
                Credentials::Curve(key.into())
            }
            (b"GSSAPI", [principal]) => Credentials::Gssapi {
                principal: text(principal, "the principal is not UTF-8")?,
            },
            _ => {
                return Err(Malformed(
                    "the credentials are not those of a known mechanism",
                ));
            }
        };
        Ok(Self {
            domain: text(domain, "the domain is not UTF-8")?,
            address: address.to_str().ok().and_then(PeerAddress::parse),
            routing_id,
            credentials,
        })
    }
}
