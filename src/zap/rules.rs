//! Who is let in.

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;

use super::address::{Addresses, Pattern, Standing};
use super::directory::Directory;
use super::request::{Credentials, Request};
use super::verdict::{Verdict, is_property};
use crate::curve::{Certificate, PublicKey};
use crate::error::Result;
use crate::security::{ANY_CLIENT, Password};

/// What an [`Authenticator`](super::Authenticator) goes by: a [`Domain`] for each ZAP domain.
/// Whoever comes to a socket of another domain is refused.
///
/// ```
/// use ferromq::zap::{Domain, Rules};
///
/// # fn main() -> ferromq::Result<()> {
/// let rules = Rules::new()
///     .domain("staff", Domain::new().password("alice", "open sesame"))
///     .domain("sensors", Domain::new().allow("10.1.0.0/16")?.deny("10.1.0.13")?);
/// # Ok(()) }
/// ```
#[derive(Debug, Default)]
pub struct Rules {
    domains: HashMap<String, Domain>,
}

impl Rules {
    /// None: nobody is let in.
    ///
    /// ```
    /// let rules = ferromq::zap::Rules::new();
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds the rules of this domain, or replaces them.
    ///
    /// ```
    /// # use ferromq::zap::*;
    /// let rules = Rules::new().domain("staff", Domain::new().password("alice", "open sesame"));
    /// ```
    #[must_use]
    pub fn domain(mut self, name: impl Into<String>, rules: Domain) -> Self {
        self.domains.insert(name.into(), rules);
        self
    }

    /// Reads what is kept in files.
    pub(super) fn refresh(&self) -> Result<()> {
        let mut directories = self.domains.values().flat_map(|domain| &domain.directories);
        directories.try_for_each(Directory::refresh)
    }

    pub(super) fn decide(&self, request: &Request<'_>) -> Verdict {
        if request.domain == ANY_CLIENT {
            return Verdict::allow("");
        }
        match self.domains.get(request.domain) {
            Some(domain) => domain.decide(request),
            None => Verdict::deny("there are no rules for this domain"),
        }
    }
}

/// Who may connect to the sockets of one ZAP domain.
///
/// An address that is denied, or not among those allowed where some are, is refused. Then whoever
/// has a password or key that is listed is let in, and for the others the check is asked, if there
/// is one. Peers of a [`Security::NullServer`](crate::Security::NullServer) show nothing else, so
/// they are let in by an allowed address.
///
/// ```
/// use ferromq::zap::Domain;
///
/// # fn main() -> ferromq::Result<()> {
/// let domain = Domain::new()
///     .allow("127.0.0.0/8")?
///     .allow("::1")?
///     .password("alice", "open sesame")
///     .password("bob", "open barley");
/// # Ok(()) }
/// ```
#[derive(Default)]
pub struct Domain {
    addresses: Addresses,
    passwords: HashMap<String, Password>,
    keys: HashMap<PublicKey, String>,
    directories: Vec<Directory>,
    check: Option<Box<Check>>,
}

type Check = dyn Fn(&Request<'_>) -> Verdict + Send + Sync;

impl Domain {
    /// No rules: nobody is let in.
    ///
    /// ```
    /// let domain = ferromq::zap::Domain::new();
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Lets only those addresses in that an `allow` names: `192.168.0.7`, `10.0.0.0/8`, `fe80::/10`,
    /// `ipc` for peers over that transport, `*` for all.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for another text.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// let domain = ferromq::zap::Domain::new().allow("10.0.0.0/8")?.allow("ipc")?;
    /// # Ok(()) }
    /// ```
    pub fn allow(mut self, addresses: &str) -> Result<Self> {
        self.addresses.allowed.push(Pattern::parse(addresses)?);
        Ok(self)
    }

    /// Refuses these addresses, in the form that [`allow`](Domain::allow) takes, also where an
    /// `allow` names them.
    ///
    /// # Errors
    /// [`InvalidInput`](crate::ErrorKind::InvalidInput) for another text.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// let domain = ferromq::zap::Domain::new().allow("*")?.deny("192.168.0.0/16")?;
    /// # Ok(()) }
    /// ```
    pub fn deny(mut self, addresses: &str) -> Result<Self> {
        self.addresses.denied.push(Pattern::parse(addresses)?);
        Ok(self)
    }

    /// Lets this user of PLAIN in by this password. The user name is the user id.
    ///
    /// ```
    /// let domain = ferromq::zap::Domain::new().password("alice", "open sesame");
    /// ```
    #[must_use]
    pub fn password(mut self, username: impl Into<String>, password: impl Into<Password>) -> Self {
        self.passwords.insert(username.into(), password.into());
        self
    }

    /// Lets the owner of this key of CURVE in, as this user.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// let key: ferromq::curve::PublicKey = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID".parse()?;
    /// let domain = ferromq::zap::Domain::new().key(key, "alice");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn key(mut self, key: PublicKey, user_id: impl Into<String>) -> Self {
        self.keys.insert(key, user_id.into());
        self
    }

    /// Lets those in whose [certificate](crate::curve::Certificate) lies in this directory. Files
    /// that begin with a dot or end in `_secret`, and directories in it, are left out. A file that
    /// was added, changed or removed counts from the next peer on.
    ///
    /// The user id is the key in Z85; what else the certificate says are
    /// [verified properties](crate::Message::verified_property).
    ///
    /// ```
    /// let domain = ferromq::zap::Domain::new().keys_in("/etc/my-server/clients");
    /// ```
    #[must_use]
    pub fn keys_in(mut self, directory: impl Into<PathBuf>) -> Self {
        self.directories.push(Directory::new(directory.into()));
        self
    }

    /// Asks this function about those whom nothing else here lets in. It runs in the thread of
    /// the authenticator, or in its task, whose executor it must not block; as long as it does,
    /// all that connect wait. If it panics, the peer is refused (status 500).
    ///
    /// ```
    /// use ferromq::zap::{Credentials, Domain, Verdict};
    ///
    /// let domain = Domain::new().check(|request| match &request.credentials {
    ///     Credentials::Plain { username, password } if password.as_bytes().len() > 20 => {
    ///         Verdict::allow(*username)
    ///     }
    ///     _ => Verdict::deny("the password is too short"),
    /// });
    /// ```
    #[must_use]
    pub fn check(
        mut self,
        check: impl Fn(&Request<'_>) -> Verdict + Send + Sync + 'static,
    ) -> Self {
        self.check = Some(Box::new(check));
        self
    }

    fn decide(&self, request: &Request<'_>) -> Verdict {
        let standing = self.addresses.standing(request.address.as_ref());
        if standing == Standing::Denied {
            return Verdict::deny("the address is not allowed");
        }
        match (self.listed(request, standing), &self.check) {
            (Some(verdict), _) => verdict,
            (None, Some(check)) => check(request),
            (None, None) => Verdict::deny("nothing lets it in"),
        }
    }

    fn listed(&self, request: &Request<'_>, standing: Standing) -> Option<Verdict> {
        match &request.credentials {
            Credentials::Null => (standing == Standing::Allowed).then(|| Verdict::allow("")),
            Credentials::Plain { username, password } => {
                let stored = self.passwords.get(*username);
                // Compared also where there is none, so that names take as long as passwords.
                let known = stored.is_some();
                let fits = password.is(stored.unwrap_or(&Password::from("")));
                (known & fits).then(|| Verdict::allow(*username))
            }
            Credentials::Curve(key) => match self.keys.get(key) {
                Some(user_id) => Some(Verdict::allow(user_id)),
                None => self.directories.iter().find_map(|directory| {
                    let certificate = directory.find(key)?;
                    Some(of_certificate(&certificate))
                }),
            },
            Credentials::Gssapi { .. } => None,
        }
    }
}

fn of_certificate(certificate: &Certificate) -> Verdict {
    let usable = certificate
        .metadata
        .iter()
        .filter(|(name, value)| is_property(name, value));
    usable.fold(
        Verdict::allow(certificate.public.to_string()),
        |verdict, (name, value)| verdict.property(name, value),
    )
}

/// How many there are of what.
impl fmt::Debug for Domain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Domain")
            .field("addresses", &self.addresses)
            .field("passwords", &self.passwords.len())
            .field("keys", &self.keys.len())
            .field("directories", &self.directories.len())
            .field("check", &self.check.is_some())
            .finish()
    }
}
