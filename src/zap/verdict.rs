//! What an authenticator answers: the reply of ZAP.

use std::borrow::Cow;

use super::mark::Mark;
use super::request::VERSION;
use crate::message::Message;
use crate::monitor::AuthStatus;
use crate::multipart::Multipart;

/// Whether a peer is let in, and who it is.
///
/// ```
/// use ferromq::zap::Verdict;
///
/// let verdict = Verdict::allow("alice").property("X-Role", "admin");
/// assert!(verdict.is_allowed());
/// assert!(!Verdict::deny("not today").is_allowed());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// What to refuse with.
    refusal: Option<AuthStatus>,
    reason: Cow<'static, str>,
    user_id: String,
    properties: Vec<(String, String)>,
}

impl Verdict {
    /// Lets it in as this user, which [`Message::user_id`] tells of its messages; empty for
    /// nobody in particular.
    ///
    /// ```
    /// # use ferromq::zap::*;
    /// assert!(Verdict::allow("alice").is_allowed());
    /// ```
    pub fn allow(user_id: impl Into<String>) -> Self {
        Self {
            refusal: None,
            reason: "OK".into(),
            user_id: user_id.into(),
            properties: Vec::new(),
        }
    }

    /// Refuses it (status 400). The reason is for the log of this process; the peer gets only
    /// the status.
    ///
    /// ```
    /// # use ferromq::zap::*;
    /// assert!(!Verdict::deny("unknown user").is_allowed());
    /// ```
    pub fn deny(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::refuse(AuthStatus::Denied, reason)
    }

    /// Refuses it for now (status 300), as when a data base does not answer. The peer is not told:
    /// it tries again by itself when its
    /// [`handshake_ivl`](crate::Socket::set_handshake_ivl) is over.
    ///
    /// ```
    /// # use ferromq::zap::*;
    /// assert!(!Verdict::try_later("the data base is down").is_allowed());
    /// ```
    pub fn try_later(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::refuse(AuthStatus::Temporary, reason)
    }

    pub(super) fn fail(reason: impl Into<Cow<'static, str>>) -> Self {
        Self::refuse(AuthStatus::Failed, reason)
    }

    fn refuse(status: AuthStatus, reason: impl Into<Cow<'static, str>>) -> Self {
        Self {
            refusal: Some(status),
            reason: reason.into(),
            user_id: String::new(),
            properties: Vec::new(),
        }
    }

    /// Something more to know of the peer: [`Message::verified_property`] tells it of its
    /// messages. A name is 1 to 200 of the characters `A-Z a-z 0-9 - _ . +`, and none of those
    /// that ZeroMQ uses itself; a value is up to 65,536 bytes without NUL. With others the peer
    /// is refused (status 500), and an error is logged.
    ///
    /// ```
    /// # use ferromq::zap::*;
    /// let verdict = Verdict::allow("alice").property("X-Role", "admin");
    /// ```
    #[must_use]
    pub fn property(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.properties.push((name.into(), value.into()));
        self
    }

    /// Whether it lets the peer in.
    ///
    /// ```
    /// # use ferromq::zap::*;
    /// assert!(Verdict::allow("").is_allowed());
    /// ```
    #[must_use]
    pub fn is_allowed(&self) -> bool {
        self.refusal.is_none()
    }

    pub(super) fn reason(&self) -> &str {
        &self.reason
    }

    /// What libzmq would not take, or would take for something else.
    fn invalid(&self) -> Option<String> {
        if self.user_id.len() > 255 || self.user_id.contains('\0') {
            return Some("a user id is up to 255 bytes long, without NUL".into());
        }
        let (name, _) = self
            .properties
            .iter()
            .find(|(name, value)| !is_property(name, value))?;
        Some(format!("{name:?} and its value are no property"))
    }

    /// This verdict, or a refusal where it cannot be told to libzmq.
    pub(super) fn checked(self) -> Self {
        match self.invalid() {
            Some(detail) => {
                log::error!("an authenticator's verdict cannot be told: {detail}");
                Self::fail("the verdict cannot be told")
            }
            None => self,
        }
    }

    /// The frames of the reply to the request of this number.
    pub(super) fn encode(&self, id: &[u8], mark: &Mark) -> Multipart {
        let status = match self.refusal {
            None => "200",
            Some(AuthStatus::Temporary) => "300",
            Some(AuthStatus::Denied) => "400",
            Some(_) => "500",
        };
        let mut properties = Vec::new();
        if self.is_allowed() {
            for (name, value) in &self.properties {
                push(&mut properties, name, value);
                push(&mut properties, &mark.marked(name), value);
            }
            if !self.user_id.is_empty() {
                push(&mut properties, &mark.marked("User-Id"), &self.user_id);
            }
        }
        [
            Message::from(VERSION),
            Message::from(id),
            Message::from(status),
            Message::from(&*self.reason),
            Message::from(&*self.user_id),
            Message::from(properties),
        ]
        .into()
    }
}

/// Names that peers send themselves, or that libzmq gives a meaning.
const TAKEN: [&str; 6] = [
    "Socket-Type",
    "Identity",
    "Resource",
    "User-Id",
    "Peer-Address",
    "__fd",
];

pub(super) fn is_property(name: &str, value: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.+".contains(&byte);
    (1..=200).contains(&name.len())
        && name.bytes().all(allowed)
        && !TAKEN.iter().any(|taken| taken.eq_ignore_ascii_case(name))
        && value.len() <= 1 << 16
        && !value.contains('\0')
}

/// As ZMTP writes properties: the length of the name in one byte, that of the value in four.
fn push(properties: &mut Vec<u8>, name: &str, value: &str) {
    properties.push(name.len() as u8);
    properties.extend(name.as_bytes());
    properties.extend((value.len() as u32).to_be_bytes());
    properties.extend(value.as_bytes());
}
