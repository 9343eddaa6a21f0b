//! Options of sockets, in the terms of every language.

use std::time::Duration;

use ferromq::curve::{Keypair, PublicKey};
use ferromq::{Any, AuthPolicy, Security, Socket};
use serde_json::{Value, json};

use crate::payload::hex;

#[derive(Clone, Copy, Debug)]
pub enum Setting<'a> {
    Conflate,
    ConnectRoutingId(&'a [u8]),
    HandshakeIvl(Duration),
    HeartbeatIvl(Duration),
    Immediate,
    InvertMatching,
    Ipv6,
    MaxMsgSize(u64),
    ProbeRouter,
    RecvHwm(u32),
    RouterHandover,
    RouterMandatory,
    RoutingId(&'a [u8]),
    Security(Mechanism<'a>),
    SendHwm(u32),
    XpubManual,
    XpubNodrop,
    XpubVerbose,
    XpubVerboser,
    XpubWelcome(&'a str),
}

impl Setting<'_> {
    /// Names and values as libzmq has them; bytes as digits.
    pub fn in_libzmq(self) -> Vec<(&'static str, Value)> {
        let option = match self {
            Self::Security(mechanism) => return mechanism.in_libzmq(),
            Self::Conflate => ("CONFLATE", json!(1)),
            Self::ConnectRoutingId(id) => ("CONNECT_ROUTING_ID", bytes(id)),
            Self::HandshakeIvl(time) => ("HANDSHAKE_IVL", json!(time.as_millis())),
            Self::HeartbeatIvl(time) => ("HEARTBEAT_IVL", json!(time.as_millis())),
            Self::Immediate => ("IMMEDIATE", json!(1)),
            Self::InvertMatching => ("INVERT_MATCHING", json!(1)),
            Self::Ipv6 => ("IPV6", json!(1)),
            Self::MaxMsgSize(size) => ("MAXMSGSIZE", json!(size)),
            Self::ProbeRouter => ("PROBE_ROUTER", json!(1)),
            Self::RecvHwm(messages) => ("RCVHWM", json!(messages)),
            Self::RouterHandover => ("ROUTER_HANDOVER", json!(1)),
            Self::RouterMandatory => ("ROUTER_MANDATORY", json!(1)),
            Self::RoutingId(id) => ("ROUTING_ID", bytes(id)),
            Self::SendHwm(messages) => ("SNDHWM", json!(messages)),
            Self::XpubManual => ("XPUB_MANUAL", json!(1)),
            Self::XpubNodrop => ("XPUB_NODROP", json!(1)),
            Self::XpubVerbose => ("XPUB_VERBOSE", json!(1)),
            Self::XpubVerboser => ("XPUB_VERBOSER", json!(1)),
            Self::XpubWelcome(text) => ("XPUB_WELCOME_MSG", bytes(text.as_bytes())),
        };
        vec![option]
    }

    pub fn in_rust(self, socket: &Socket<Any>) -> ferromq::Result<()> {
        match self {
            Self::Conflate => socket.set_conflate(true),
            Self::ConnectRoutingId(id) => socket.set_connect_routing_id(id),
            Self::HandshakeIvl(time) => socket.set_handshake_ivl(time),
            Self::HeartbeatIvl(time) => socket.set_heartbeat_ivl(time),
            Self::Immediate => socket.set_immediate(true),
            Self::InvertMatching => socket.set_invert_matching(true),
            Self::Ipv6 => socket.set_ipv6(true),
            Self::MaxMsgSize(size) => socket.set_max_msg_size(size),
            Self::ProbeRouter => socket.set_probe_router(true),
            Self::RecvHwm(messages) => socket.set_recv_hwm(messages),
            Self::RouterHandover => socket.set_router_handover(true),
            Self::RouterMandatory => socket.set_router_mandatory(true),
            Self::RoutingId(id) => socket.set_routing_id(id),
            Self::Security(mechanism) => socket.set_security(mechanism.in_rust()),
            Self::SendHwm(messages) => socket.set_send_hwm(messages),
            Self::XpubManual => socket.set_xpub_manual(true),
            Self::XpubNodrop => socket.set_xpub_nodrop(true),
            Self::XpubVerbose => socket.set_xpub_verbose(true),
            Self::XpubVerboser => socket.set_xpub_verboser(true),
            Self::XpubWelcome(text) => socket.set_xpub_welcome_msg(text),
        }
    }
}

/// How a side proves who it is, and whom it lets in; servers ask in [`DOMAIN`].
#[derive(Clone, Copy, Debug)]
pub enum Mechanism<'a> {
    Null,
    NullServer,
    PlainServer,
    PlainClient(&'a str, &'a str),
    CurveServer(&'a Keypair),
    /// Lets everybody in.
    #[allow(dead_code)] // In a build without CURVE.
    CurveOpen(&'a Keypair),
    CurveClient(&'a Keypair, PublicKey),
}

pub const DOMAIN: &str = "home";

fn bytes(bytes: &[u8]) -> Value {
    hex(bytes).into()
}

impl Mechanism<'_> {
    fn in_rust(self) -> Security {
        let domain = DOMAIN.to_owned();
        match self {
            Self::Null => Security::Null,
            Self::NullServer => Security::NullServer { domain },
            Self::PlainServer => Security::PlainServer { domain },
            Self::PlainClient(username, password) => Security::PlainClient {
                username: username.into(),
                password: password.into(),
            },
            Self::CurveServer(keys) => Security::CurveServer {
                keys: keys.clone(),
                policy: AuthPolicy::Authenticator { domain },
            },
            Self::CurveOpen(keys) => Security::CurveServer {
                keys: keys.clone(),
                policy: AuthPolicy::AllowAnyClient,
            },
            Self::CurveClient(keys, server) => Security::CurveClient {
                keys: keys.clone(),
                server,
            },
        }
    }

    fn in_libzmq(self) -> Vec<(&'static str, Value)> {
        let domain = ("ZAP_DOMAIN", bytes(DOMAIN.as_bytes()));
        let own = |keys: &Keypair| {
            [
                ("CURVE_PUBLICKEY", bytes(keys.public.as_bytes())),
                ("CURVE_SECRETKEY", bytes(keys.secret.as_bytes())),
            ]
        };
        match self {
            Self::Null => vec![],
            Self::NullServer => vec![domain],
            Self::PlainServer => vec![domain, ("PLAIN_SERVER", json!(1))],
            Self::PlainClient(username, password) => vec![
                ("PLAIN_USERNAME", bytes(username.as_bytes())),
                ("PLAIN_PASSWORD", bytes(password.as_bytes())),
            ],
            Self::CurveServer(keys) => {
                let [public, secret] = own(keys);
                vec![domain, public, secret, ("CURVE_SERVER", json!(1))]
            }
            Self::CurveOpen(keys) => {
                let [public, secret] = own(keys);
                vec![public, secret, ("CURVE_SERVER", json!(1))]
            }
            Self::CurveClient(keys, server) => {
                let [public, secret] = own(keys);
                let server = ("CURVE_SERVERKEY", bytes(server.as_bytes()));
                vec![public, secret, server]
            }
        }
    }
}
