//! Who the peers are. Of NULL, PLAIN and CURVE only `set_security` sets anything: libzmq chooses the
//! mechanism by what was set last, and half of the settings let everybody in.

use std::sync::atomic::AtomicBool;

use crate::curve::PublicKey;
use crate::error::Result;
use crate::kind::Kind;
use crate::option::options;
use crate::option::value::*;
use crate::socket::Socket;

options! {
    ZMQ_MECHANISM "ZMQ_MECHANISM" {
        doc "How the peers of this socket prove who they are. [`set_security`](Socket::set_security) \
             sets it.",
        get mechanism -> Mechanism,
        as Choice::<Mechanism>::new(), on Kind, default "`Null`", acts Never, since "4.0",
        example REP "assert_eq!(socket.mechanism()?, Mechanism::Null);"
    }
    ZMQ_PLAIN_SERVER "ZMQ_PLAIN_SERVER" {
        doc "Whether the socket asks its peers for a user name and a password. \
             [`set_security`](Socket::set_security) sets it.",
        get plain_server -> bool,
        as Flag, on Kind, default "false", acts Never, since "4.0",
        example REP "socket.set_security(Security::PlainServer { domain: \"home\".into() })?;\nassert!(socket.plain_server()?);"
    }
    ZMQ_PLAIN_USERNAME "ZMQ_PLAIN_USERNAME" {
        doc "The user name for PLAIN. [`set_security`](Socket::set_security) sets it.",
        get plain_username -> Option<String>,
        as OptionalText { max: 255 }, on Kind, default "none", acts Never, since "4.0",
        example REQ "assert_eq!(socket.plain_username()?, None);"
    }
    ZMQ_CURVE_SERVER "ZMQ_CURVE_SERVER" {
        doc "Whether the socket is the server of CURVE. [`set_security`](Socket::set_security) sets \
             it.",
        get curve_server -> bool,
        as Flag, on Kind, default "false", acts Never, since "4.0", needs [Curve],
        example REP "assert!(!socket.curve_server()?);"
    }
    ZMQ_CURVE_PUBLICKEY "ZMQ_CURVE_PUBLICKEY" {
        doc "This socket's public key for CURVE. [`set_security`](Socket::set_security) sets it.",
        get curve_publickey -> PublicKey,
        as Key, on Kind, default "zeros", acts Never, since "4.0", needs [Curve],
        example REQ "assert_eq!(socket.curve_publickey()?, [0; 32].into());"
    }
    ZMQ_CURVE_SERVERKEY "ZMQ_CURVE_SERVERKEY" {
        doc "The public key that the server of CURVE must have. \
             [`set_security`](Socket::set_security) sets it.",
        get curve_serverkey -> PublicKey,
        as Key, on Kind, default "zeros", acts Never, since "4.0", needs [Curve],
        example REQ "assert_eq!(socket.curve_serverkey()?, [0; 32].into());"
    }
    ZMQ_ZAP_DOMAIN "ZMQ_ZAP_DOMAIN" {
        doc "The name under which the authenticator looks for the rules of this socket. \
             [`set_security`](Socket::set_security) sets it.",
        get zap_domain -> String,
        as Text { max: 255 }, on Kind, default "empty", acts Never, since "4.0",
        example REP "socket.set_security(Security::NullServer { domain: \"home\".into() })?;\nassert_eq!(socket.zap_domain()?, \"home\");"
    }
    ZMQ_GSSAPI_SERVER "ZMQ_GSSAPI_SERVER" {
        doc "Low level: whether the socket is the server of GSSAPI. `false` makes it a client.",
        get gssapi_server -> bool,
        set set_gssapi_server(bool),
        as Flag, on Kind, default "false", acts Next, since "4.1", needs [Gssapi],
        example REP "socket.set_gssapi_server(true)?;\nassert!(socket.gssapi_server()?);"
    }
    ZMQ_GSSAPI_PRINCIPAL "ZMQ_GSSAPI_PRINCIPAL" {
        doc "Low level: this socket's principal for GSSAPI, 1 to 255 bytes.",
        get gssapi_principal -> String,
        set set_gssapi_principal(impl AsRef<str>),
        as Text { max: 255 }, on Kind, default "empty", acts Next, since "4.1", needs [Gssapi],
        example REQ "socket.set_gssapi_principal(\"alice\")?;\nassert_eq!(socket.gssapi_principal()?, \"alice\");"
    }
    ZMQ_GSSAPI_SERVICE_PRINCIPAL "ZMQ_GSSAPI_SERVICE_PRINCIPAL" {
        doc "Low level: the principal that the server must have, 1 to 255 bytes, which makes the \
             socket a client of GSSAPI.",
        get gssapi_service_principal -> String,
        set set_gssapi_service_principal(impl AsRef<str>),
        as Text { max: 255 }, on Kind, default "empty", acts Next, since "4.1", needs [Gssapi],
        example REQ "socket.set_gssapi_service_principal(\"zmq\")?;\nassert_eq!(socket.gssapi_service_principal()?, \"zmq\");"
    }
    ZMQ_GSSAPI_PLAINTEXT "ZMQ_GSSAPI_PLAINTEXT" {
        doc "Low level: whether messages are left unencrypted after the handshake of GSSAPI.",
        get gssapi_plaintext -> bool,
        set set_gssapi_plaintext(bool),
        as Flag, on Kind, default "false", acts Next, since "4.1", needs [Gssapi],
        example REQ "socket.set_gssapi_plaintext(true)?;\nassert!(socket.gssapi_plaintext()?);"
    }
    ZMQ_GSSAPI_PRINCIPAL_NAMETYPE "ZMQ_GSSAPI_PRINCIPAL_NAMETYPE" {
        doc "Low level: what this socket's GSSAPI principal is the name of.",
        get gssapi_principal_nametype -> GssapiNameType,
        set set_gssapi_principal_nametype(GssapiNameType),
        as Choice::<GssapiNameType>::new(), on Kind, default "`HostBased`", acts Next, since "4.3.0", needs [Gssapi],
        example REQ "socket.set_gssapi_principal_nametype(GssapiNameType::UserName)?;\nassert_eq!(socket.gssapi_principal_nametype()?, GssapiNameType::UserName);"
    }
    ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE "ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE" {
        doc "Low level: what the server's GSSAPI principal is the name of.",
        get gssapi_service_principal_nametype -> GssapiNameType,
        set set_gssapi_service_principal_nametype(GssapiNameType),
        as Choice::<GssapiNameType>::new(), on Kind, default "`HostBased`", acts Next, since "4.3.0", needs [Gssapi],
        example REQ "socket.set_gssapi_service_principal_nametype(GssapiNameType::UserName)?;\nassert_eq!(socket.gssapi_service_principal_nametype()?, GssapiNameType::UserName);"
    }
    ZMQ_ZAP_ENFORCE_DOMAIN "ZMQ_ZAP_ENFORCE_DOMAIN" {
        doc "Whether peers are refused as long as there is no authenticator, instead of being \
             accepted. [`set_security`](Socket::set_security) sets it.",
        get zap_enforce_domain -> bool,
        as Flag, on Kind, default "false", acts Never, since "4.2.3" draft,
        example REP "socket.set_security(Security::NullServer { domain: \"home\".into() })?;\nassert!(socket.zap_enforce_domain()?);"
    }
    #[cfg(feature = "draft")]
    ZMQ_WSS_KEY_PEM "ZMQ_WSS_KEY_PEM" {
        doc "Low level: the private key of a `wss` server, as PEM.",
        set set_wss_key_pem(impl AsRef<str>),
        as Text { max: 1 << 20 }, on Kind, default "none", acts Next, since "4.3.3" draft, needs [Wss],
        example REP "socket.set_wss_key_pem(\"-----BEGIN PRIVATE KEY-----\")?;"
    }
    #[cfg(feature = "draft")]
    ZMQ_WSS_CERT_PEM "ZMQ_WSS_CERT_PEM" {
        doc "Low level: the certificate of a `wss` server, as PEM.",
        set set_wss_cert_pem(impl AsRef<str>),
        as Text { max: 1 << 20 }, on Kind, default "none", acts Next, since "4.3.3" draft, needs [Wss],
        example REP "socket.set_wss_cert_pem(\"-----BEGIN CERTIFICATE-----\")?;"
    }
    #[cfg(feature = "draft")]
    ZMQ_WSS_TRUST_PEM "ZMQ_WSS_TRUST_PEM" {
        doc "Low level: the authorities that a `wss` client trusts, as PEM.",
        set set_wss_trust_pem(impl AsRef<str>),
        as Text { max: 1 << 20 }, on Kind, default "none", acts Next, since "4.3.3" draft, needs [Wss],
        example REQ "socket.set_wss_trust_pem(\"-----BEGIN CERTIFICATE-----\")?;"
    }
    #[cfg(feature = "draft")]
    ZMQ_WSS_HOSTNAME "ZMQ_WSS_HOSTNAME" {
        doc "Low level: the host name that the certificate of a `wss` server must be for, 1 to 255 \
             bytes.",
        set set_wss_hostname(impl AsRef<str>),
        as Text { max: 255 }, on Kind, default "empty", acts Next, since "4.3.3" draft, needs [Wss],
        example REQ "socket.set_wss_hostname(\"example.org\")?;"
    }
    #[cfg(feature = "draft")]
    ZMQ_WSS_TRUST_SYSTEM "ZMQ_WSS_TRUST_SYSTEM" {
        doc "Low level: whether a `wss` client trusts the authorities that the system does.",
        set set_wss_trust_system(bool),
        as Flag, on Kind, default "false", acts Next, since "4.3.3" draft, needs [Wss],
        example REQ "socket.set_wss_trust_system(true)?;"
    }
}
