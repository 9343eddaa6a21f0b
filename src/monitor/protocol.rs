//! Why a handshake failed, by name.

use std::fmt;

use ferromq_sys as sys;

macro_rules! protocol_errors {
    ($($name:ident $constant:ident $text:literal;)*) => {
        /// What a peer, or an authenticator, did against the protocol
        /// ([`HandshakeFailedProtocol`](crate::MonitorEventKind::HandshakeFailedProtocol)).
        ///
        /// ```
        /// use ferromq::ProtocolError;
        ///
        /// let text = ProtocolError::ZmtpMechanismMismatch.to_string();
        /// assert_eq!(text, "the security mechanisms of the peers differ");
        /// ```
        #[non_exhaustive]
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum ProtocolError {
            $(
                #[doc = concat!("`", stringify!($constant), "`: ", $text, ".")]
                $name,
            )*
            /// One that this crate does not know.
            Unknown(u32),
        }

        impl ProtocolError {
            pub(super) fn of(value: u32) -> Self {
                match i32::try_from(value) {
                    $(Ok(sys::$constant) => Self::$name,)*
                    _ => Self::Unknown(value),
                }
            }
        }

        impl fmt::Display for ProtocolError {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $(Self::$name => f.write_str($text),)*
                    Self::Unknown(value) => write!(f, "protocol error {value:#x}"),
                }
            }
        }
    };
}

protocol_errors! {
    ZmtpUnspecified ZMQ_PROTOCOL_ERROR_ZMTP_UNSPECIFIED
        "the peer broke the protocol";
    ZmtpUnexpectedCommand ZMQ_PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND
        "the peer sent a command that does not belong there";
    ZmtpInvalidSequence ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_SEQUENCE
        "the peer sent an encrypted message out of order";
    ZmtpKeyExchange ZMQ_PROTOCOL_ERROR_ZMTP_KEY_EXCHANGE
        "the peers could not agree on keys";
    ZmtpMalformedCommandUnspecified ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED
        "the peer sent a malformed command";
    ZmtpMalformedCommandMessage ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_MESSAGE
        "the peer sent a malformed MESSAGE command";
    ZmtpMalformedCommandHello ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_HELLO
        "the peer sent a malformed HELLO command";
    ZmtpMalformedCommandInitiate ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_INITIATE
        "the peer sent a malformed INITIATE command";
    ZmtpMalformedCommandError ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_ERROR
        "the peer sent a malformed ERROR command";
    ZmtpMalformedCommandReady ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_READY
        "the peer sent a malformed READY command";
    ZmtpMalformedCommandWelcome ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_WELCOME
        "the peer sent a malformed WELCOME command";
    ZmtpInvalidMetadata ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_METADATA
        "the peer's metadata is malformed, or its kind of socket does not go with this one";
    ZmtpCryptographic ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC
        "the peer's keys do not fit";
    ZmtpMechanismMismatch ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH
        "the security mechanisms of the peers differ";
    ZapUnspecified ZMQ_PROTOCOL_ERROR_ZAP_UNSPECIFIED
        "the authenticator broke its protocol";
    ZapMalformedReply ZMQ_PROTOCOL_ERROR_ZAP_MALFORMED_REPLY
        "the authenticator's reply is malformed";
    ZapBadRequestId ZMQ_PROTOCOL_ERROR_ZAP_BAD_REQUEST_ID
        "the authenticator replied to another request";
    ZapBadVersion ZMQ_PROTOCOL_ERROR_ZAP_BAD_VERSION
        "the authenticator speaks another version of its protocol";
    ZapInvalidStatusCode ZMQ_PROTOCOL_ERROR_ZAP_INVALID_STATUS_CODE
        "the authenticator gave a status that does not exist";
    ZapInvalidMetadata ZMQ_PROTOCOL_ERROR_ZAP_INVALID_METADATA
        "the authenticator's metadata is malformed";
    WsUnspecified ZMQ_PROTOCOL_ERROR_WS_UNSPECIFIED
        "the peer broke the WebSocket protocol";
}

/// What the authenticator answered instead of letting the peer in
/// ([`HandshakeFailedAuth`](crate::MonitorEventKind::HandshakeFailedAuth)).
///
/// ```
/// assert_eq!(ferromq::AuthStatus::Denied.to_string(), "the authenticator denied access (status 400)");
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AuthStatus {
    /// 300: not now; a later try may succeed.
    Temporary,
    /// 400: the credentials were refused.
    Denied,
    /// 500: the authenticator itself failed.
    Failed,
    /// One that the protocol does not have.
    Unknown(u32),
}

impl AuthStatus {
    pub(super) fn of(value: u32) -> Self {
        match value {
            300 => Self::Temporary,
            400 => Self::Denied,
            500 => Self::Failed,
            _ => Self::Unknown(value),
        }
    }
}

impl fmt::Display for AuthStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Temporary => f.write_str("the authenticator cannot answer now (status 300)"),
            Self::Denied => f.write_str("the authenticator denied access (status 400)"),
            Self::Failed => f.write_str("the authenticator failed (status 500)"),
            Self::Unknown(status) => write!(f, "the authenticator answered status {status}"),
        }
    }
}
