//! Who the peers are: the settings of the security mechanisms, one by one. libzmq chooses the
//! mechanism by what was set last.

use std::sync::atomic::AtomicBool;

use crate::error::Result;
use crate::kind::Kind;
use crate::option::options;
use crate::option::value::*;
use crate::socket::Socket;

options! {
    ZMQ_MECHANISM "ZMQ_MECHANISM" {
        doc "How the peers of this socket prove who they are, as it follows from the other options.",
        get mechanism -> Mechanism,
        as Choice::<Mechanism>::new(), on Kind, default "`Null`", acts Never, since "4.0",
        example REP "assert_eq!(socket.mechanism()?, Mechanism::Null);"
    }
    ZMQ_PLAIN_SERVER "ZMQ_PLAIN_SERVER" {
        doc "Low level: whether the socket asks its peers for a user name and a password. `false` \
             switches every mechanism off. Without an authenticator all peers are refused.",
        get plain_server -> bool,
        set set_plain_server(bool),
        as Flag, on Kind, default "false", acts Next, since "4.0",
        example REP "socket.set_plain_server(true)?;\nassert!(socket.plain_server()?);\nassert_eq!(socket.mechanism()?, Mechanism::Plain);"
    }
    ZMQ_PLAIN_USERNAME "ZMQ_PLAIN_USERNAME" {
        doc "Low level: the user name for PLAIN, up to 255 bytes, which makes the socket a client; \
             `None` switches every mechanism off, and leaves the name.",
        get plain_username -> Option<String>,
        set set_plain_username(impl IntoText),
        as OptionalText { max: 255 }, on Kind, default "none", acts Next, since "4.0",
        example REQ "socket.set_plain_username(\"alice\")?;\nassert_eq!(socket.plain_username()?.as_deref(), Some(\"alice\"));\nassert_eq!(socket.mechanism()?, Mechanism::Plain);"
    }
    ZMQ_PLAIN_PASSWORD "ZMQ_PLAIN_PASSWORD" {
        doc "Low level: the password for PLAIN, up to 255 bytes, which makes the socket a client; \
             `None` switches every mechanism off, and leaves the password. It travels in the clear.",
        get plain_password -> Option<String>,
        set set_plain_password(impl IntoText),
        as OptionalText { max: 255 }, on Kind, default "none", acts Next, since "4.0",
        example REQ "socket.set_plain_password(\"secret\")?;\nassert_eq!(socket.plain_password()?.as_deref(), Some(\"secret\"));"
    }
    ZMQ_CURVE_SERVER "ZMQ_CURVE_SERVER" {
        doc "Low level: whether the socket is the server of CURVE. `false` switches every mechanism \
             off. Without an authenticator every client is accepted that knows the server's key.",
        get curve_server -> bool,
        set set_curve_server(bool),
        as Flag, on Kind, default "false", acts Next, since "4.0", needs [Curve],
        example REP "socket.set_curve_server(true)?;\nassert!(socket.curve_server()?);"
    }
    ZMQ_CURVE_PUBLICKEY "ZMQ_CURVE_PUBLICKEY" {
        doc "Low level: this socket's public key for CURVE, as 32 bytes or as 40 characters of Z85.",
        get curve_publickey -> [u8; 32],
        set set_curve_publickey(impl AsRef<[u8]>),
        as Key, on Kind, default "zeros", acts Next, since "4.0", needs [Curve],
        example REQ "socket.set_curve_publickey([7; 32])?;\nassert_eq!(socket.curve_publickey()?, [7; 32]);"
    }
    ZMQ_CURVE_SECRETKEY "ZMQ_CURVE_SECRETKEY" {
        doc "Low level: this socket's secret key for CURVE, as 32 bytes or as 40 characters of Z85.",
        get curve_secretkey -> [u8; 32],
        set set_curve_secretkey(impl AsRef<[u8]>),
        as Key, on Kind, default "zeros", acts Next, since "4.0", needs [Curve],
        example REQ "socket.set_curve_secretkey([7; 32])?;\nassert_eq!(socket.curve_secretkey()?, [7; 32]);"
    }
    ZMQ_CURVE_SERVERKEY "ZMQ_CURVE_SERVERKEY" {
        doc "Low level: the public key that the server must have, as 32 bytes or as 40 characters \
             of Z85, which makes the socket a client of CURVE.",
        get curve_serverkey -> [u8; 32],
        set set_curve_serverkey(impl AsRef<[u8]>),
        as Key, on Kind, default "zeros", acts Next, since "4.0", needs [Curve],
        example REQ "socket.set_curve_serverkey([7; 32])?;\nassert_eq!(socket.curve_serverkey()?, [7; 32]);"
    }
    ZMQ_ZAP_DOMAIN "ZMQ_ZAP_DOMAIN" {
        doc "The name under which the authenticator looks for the rules of this socket, 1 to 255 \
             bytes. It has connections without a mechanism authenticated as well. Once set it \
             cannot be cleared.",
        get zap_domain -> String,
        set set_zap_domain(impl AsRef<str>),
        as Text { max: 255 }, on Kind, default "empty", acts Next, since "4.0",
        example REP "socket.set_zap_domain(\"global\")?;\nassert_eq!(socket.zap_domain()?, \"global\");"
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
             accepted. It needs a [`zap_domain`](Socket::set_zap_domain) set before.",
        get zap_enforce_domain -> bool,
        set set_zap_enforce_domain(bool),
        as EnforceDomain, on Kind, default "false", acts Next, since "4.2.3" draft,
        example REP "socket.set_zap_domain(\"global\")?;\nsocket.set_zap_enforce_domain(true)?;\nassert!(socket.zap_enforce_domain()?);"
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
