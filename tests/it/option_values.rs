//! The values of each option: its default, and that what is set is read back.

use std::collections::BTreeSet;
use std::net::TcpListener;
use std::os::fd::AsRawFd;
use std::time::Duration;

use ferromq::{
    Capability, ErrorKind, Events, GssapiNameType, Linkage, Mechanism, OPTIONS, OptionInfo,
    ReconnectStop, Result, Socket, SocketType, Version, has, linkage, version,
};

use crate::support::context;

/// A socket that has the option, and what of it was tried.
struct Trial {
    option: &'static OptionInfo,
    socket: Socket,
    tried: BTreeSet<&'static str>,
}

impl Trial {
    fn new(option: &'static OptionInfo) -> Self {
        let kinds = SocketType::ALL.iter();
        // DEALER has most of them.
        let kind = [SocketType::Dealer]
            .iter()
            .chain(kinds)
            .find(|kind| option.applies_to(**kind))
            .unwrap_or_else(|| panic!("no kind of socket has {}", option.name));
        Self {
            option,
            socket: context().socket(*kind).unwrap(),
            tried: BTreeSet::new(),
        }
    }

    fn is_supported(&self) -> bool {
        let mut since = self
            .option
            .since
            .split('.')
            .map(|part| part.parse().unwrap());
        let mut part = || since.next().unwrap_or(0);
        let since = Version {
            major: part(),
            minor: part(),
            patch: part(),
        };
        let needs = self.option.needs;
        let of_draft = self.option.name.ends_with("_BATCH_SIZE");
        since <= version()
            && (needs.is_empty() || needs.iter().any(|need| has(*need)))
            && (!of_draft || linkage() == Linkage::Vendored || has(Capability::Draft))
    }

    /// Whether a call by the method `name` was to succeed, and did.
    fn succeeds<T>(&mut self, name: &'static str, result: Result<T>) -> Option<T> {
        self.tried.insert(name);
        match result {
            Ok(value) => {
                assert!(self.is_supported(), "{}", self.option.name);
                Some(value)
            }
            Err(error) => {
                assert!(!self.is_supported(), "{error}");
                assert_eq!(error.kind(), ErrorKind::NotSupported, "{error}");
                let text = error.to_string();
                assert!(text.contains(self.option.name), "{text}");
                assert!(text.contains("the linked libzmq"), "{text}");
                None
            }
        }
    }
}

macro_rules! reads {
    ($trial:ident, $get:ident, $expected:expr) => {
        let read = $trial.socket.$get();
        if let Some(value) = $trial.succeeds(stringify!($get), read) {
            assert_eq!(value, $expected, "{}", $trial.option.name);
        }
    };
}

macro_rules! accepts {
    ($trial:ident, $set:ident, $($value:expr),+) => {$(
        let set = $trial.socket.$set($value);
        $trial.succeeds(stringify!($set), set);
    )+};
}

macro_rules! round_trip {
    ($trial:ident, $get:ident, $set:ident, $default:expr, $($value:expr => $read:expr),+) => {
        reads!($trial, $get, $default);
        $(
            accepts!($trial, $set, $value);
            reads!($trial, $get, $read);
        )+
    };
}

mod rare;

#[test]
fn every_row_round_trips() {
    for option in OPTIONS {
        let mut trial = Trial::new(option);
        let is_known = general(&mut trial)
            || connection(&mut trial)
            || tcp(&mut trial)
            || patterns(&mut trial)
            || security(&mut trial)
            || rare::multicast(&mut trial)
            || rare::draft(&mut trial);
        assert!(is_known, "{} has a row but no test", option.name);
        let methods = option.getter.into_iter().chain(option.setter).collect();
        assert_eq!(trial.tried, methods, "of {}", option.name);
    }
}

fn secs(number: u64) -> Duration {
    Duration::from_secs(number)
}

fn ms(number: u64) -> Duration {
    Duration::from_millis(number)
}

/// The longest time that libzmq can count in milliseconds.
fn longest() -> Duration {
    ms(i32::MAX as u64)
}

fn general(trial: &mut Trial) -> bool {
    match trial.option.name {
        "ZMQ_AFFINITY" => {
            round_trip!(trial, affinity, set_affinity, 0, u64::MAX => u64::MAX, 1 => 1);
        }
        "ZMQ_ROUTING_ID" => {
            round_trip!(
                trial, routing_id, set_routing_id, b"",
                "name" => b"name", [7_u8; 255] => [7_u8; 255]
            );
        }
        "ZMQ_RCVMORE" => {
            reads!(trial, rcvmore, false);
        }
        "ZMQ_FD" => {
            trial.tried.insert("fd");
            assert!(trial.socket.fd().unwrap().as_raw_fd() > 2);
        }
        "ZMQ_EVENTS" => {
            reads!(trial, events, Events::empty());
        }
        "ZMQ_TYPE" => {
            reads!(trial, socket_type, SocketType::Dealer);
        }
        "ZMQ_LINGER" => {
            round_trip!(
                trial, linger, set_linger, Some(Duration::ZERO),
                None => None,
                Duration::ZERO => Some(Duration::ZERO),
                Duration::from_micros(1) => Some(ms(1)),
                Some(longest()) => Some(longest())
            );
        }
        "ZMQ_MAXMSGSIZE" => {
            round_trip!(
                trial, max_msg_size, set_max_msg_size, None,
                64 => Some(64), i64::MAX as u64 => Some(i64::MAX as u64), None => None
            );
        }
        "ZMQ_SNDHWM" => {
            round_trip!(
                trial, send_hwm, set_send_hwm, Some(1000),
                1 => Some(1), None => None, Some(i32::MAX as u32) => Some(i32::MAX as u32)
            );
        }
        "ZMQ_RCVHWM" => {
            round_trip!(
                trial, recv_hwm, set_recv_hwm, Some(1000),
                1 => Some(1), None => None, Some(i32::MAX as u32) => Some(i32::MAX as u32)
            );
        }
        "ZMQ_RCVTIMEO" => {
            round_trip!(
                trial, rcvtimeo, set_rcvtimeo, None,
                secs(1) => Some(secs(1)), Duration::ZERO => Some(Duration::ZERO), None => None
            );
        }
        "ZMQ_SNDTIMEO" => {
            round_trip!(
                trial, sndtimeo, set_sndtimeo, None,
                secs(1) => Some(secs(1)), Duration::ZERO => Some(Duration::ZERO), None => None
            );
        }
        "ZMQ_LAST_ENDPOINT" => {
            let error = trial.socket.last_endpoint().unwrap_err();
            let text = error.to_string();
            assert!(text.contains("not bound or connected yet"), "{text}");
            trial.socket.connect("tcp://127.0.0.1:5555").unwrap();
            reads!(
                trial,
                last_endpoint,
                "tcp://127.0.0.1:5555".parse().unwrap()
            );
        }
        "ZMQ_IMMEDIATE" => {
            round_trip!(trial, immediate, set_immediate, false, true => true, false => false);
        }
        "ZMQ_CONFLATE" => {
            round_trip!(trial, conflate, set_conflate, false, true => true, false => false);
        }
        "ZMQ_THREAD_SAFE" => {
            reads!(trial, thread_safe, false);
        }
        "ZMQ_METADATA" => {
            let long = format!("X-{}:v", "k".repeat(253));
            accepts!(trial, set_metadata, "X-a:b", "X-:bc", long.as_str());
        }
        _ => return false,
    }
    true
}

fn connection(trial: &mut Trial) -> bool {
    match trial.option.name {
        "ZMQ_RECONNECT_IVL" => {
            round_trip!(
                trial, reconnect_ivl, set_reconnect_ivl, Some(ms(100)),
                ms(1) => Some(ms(1)), None => None, longest() => Some(longest())
            );
        }
        "ZMQ_BACKLOG" => {
            round_trip!(
                trial, backlog, set_backlog, 100,
                0 => 0, i32::MAX as u32 => i32::MAX as u32
            );
        }
        "ZMQ_RECONNECT_IVL_MAX" => {
            round_trip!(
                trial, reconnect_ivl_max, set_reconnect_ivl_max, None,
                ms(1) => Some(ms(1)), None => None, longest() => Some(longest())
            );
        }
        "ZMQ_HANDSHAKE_IVL" => {
            round_trip!(
                trial, handshake_ivl, set_handshake_ivl, Some(secs(30)),
                ms(1) => Some(ms(1)), None => None, longest() => Some(longest())
            );
        }
        "ZMQ_HEARTBEAT_IVL" => {
            round_trip!(
                trial, heartbeat_ivl, set_heartbeat_ivl, None,
                ms(1) => Some(ms(1)), None => None, longest() => Some(longest())
            );
        }
        "ZMQ_HEARTBEAT_TTL" => {
            round_trip!(
                trial, heartbeat_ttl, set_heartbeat_ttl, None,
                ms(100) => Some(ms(100)), ms(65_500) => Some(ms(65_500)), None => None
            );
        }
        "ZMQ_HEARTBEAT_TIMEOUT" => {
            round_trip!(
                trial, heartbeat_timeout, set_heartbeat_timeout, None,
                Duration::ZERO => Some(Duration::ZERO), longest() => Some(longest())
            );
        }
        "ZMQ_CONNECT_TIMEOUT" => {
            round_trip!(
                trial, connect_timeout, set_connect_timeout, None,
                ms(1) => Some(ms(1)), None => None, longest() => Some(longest())
            );
        }
        "ZMQ_RECONNECT_STOP" => {
            let (none, all) = (ReconnectStop::empty(), ReconnectStop::all());
            round_trip!(trial, reconnect_stop, set_reconnect_stop, none, all => all, none => none);
        }
        _ => return false,
    }
    true
}

/// The most that is read or written at once by default.
const BATCH: u32 = match linkage() {
    Linkage::Vendored => 256 << 10,
    _ => 8 << 10,
};

fn tcp(trial: &mut Trial) -> bool {
    match trial.option.name {
        "ZMQ_IN_BATCH_SIZE" => {
            round_trip!(trial, in_batch_size, set_in_batch_size, BATCH, 1 => 1, 1 << 24 => 1 << 24);
        }
        "ZMQ_OUT_BATCH_SIZE" => {
            round_trip!(trial, out_batch_size, set_out_batch_size, BATCH, 1 => 1, 1 << 24 => 1 << 24);
        }
        "ZMQ_SNDBUF" => {
            round_trip!(
                trial, sndbuf, set_sndbuf, None,
                0 => Some(0), i32::MAX as u32 => Some(i32::MAX as u32), None => None
            );
        }
        "ZMQ_RCVBUF" => {
            round_trip!(
                trial, rcvbuf, set_rcvbuf, None,
                0 => Some(0), i32::MAX as u32 => Some(i32::MAX as u32), None => None
            );
        }
        "ZMQ_TCP_KEEPALIVE" => {
            round_trip!(
                trial, tcp_keepalive, set_tcp_keepalive, None,
                true => Some(true), false => Some(false), None => None
            );
        }
        "ZMQ_TCP_KEEPALIVE_CNT" => {
            round_trip!(
                trial, tcp_keepalive_cnt, set_tcp_keepalive_cnt, None,
                1 => Some(1), 127 => Some(127), None => None
            );
        }
        "ZMQ_TCP_KEEPALIVE_IDLE" => {
            round_trip!(
                trial, tcp_keepalive_idle, set_tcp_keepalive_idle, None,
                secs(1) => Some(secs(1)), secs(32_767) => Some(secs(32_767)), None => None
            );
        }
        "ZMQ_TCP_KEEPALIVE_INTVL" => {
            round_trip!(
                trial, tcp_keepalive_intvl, set_tcp_keepalive_intvl, None,
                secs(1) => Some(secs(1)), secs(32_767) => Some(secs(32_767)), None => None
            );
        }
        "ZMQ_IPV6" => {
            round_trip!(trial, ipv6, set_ipv6, false, true => true, false => false);
        }
        "ZMQ_TOS" => {
            round_trip!(trial, tos, set_tos, 0, 255 => 255, 0 => 0);
        }
        "ZMQ_SOCKS_PROXY" => {
            round_trip!(
                trial, socks_proxy, set_socks_proxy, None,
                "[::1]:1" => Some("[::1]:1".into()), None::<&str> => None,
                Some(String::from("proxy:65535")) => Some("proxy:65535".into())
            );
        }
        "ZMQ_TCP_MAXRT" => {
            round_trip!(
                trial, tcp_maxrt, set_tcp_maxrt, None,
                ms(1) => Some(ms(1)), None => None, longest() => Some(longest())
            );
        }
        "ZMQ_USE_FD" => {
            let listener = TcpListener::bind("127.0.0.1:0").unwrap();
            let number = listener.as_raw_fd();
            round_trip!(trial, use_fd, set_use_fd, None, listener => Some(number));
        }
        "ZMQ_BINDTODEVICE" => {
            round_trip!(
                trial, bind_to_device, set_bind_to_device, None,
                "lo" => Some("lo".into()), None::<&str> => None,
                "123456789012345" => Some("123456789012345".into())
            );
        }
        "ZMQ_SOCKS_USERNAME" => {
            let long = "u".repeat(255);
            round_trip!(
                trial, socks_username, set_socks_username, None,
                "alice" => Some("alice".into()), None::<&str> => None, &long => Some(long.clone())
            );
        }
        "ZMQ_SOCKS_PASSWORD" => {
            let long = "p".repeat(255);
            round_trip!(
                trial, socks_password, set_socks_password, None,
                "secret" => Some("secret".into()), None::<&str> => None, &long => Some(long.clone())
            );
        }
        _ => return false,
    }
    true
}

fn patterns(trial: &mut Trial) -> bool {
    match trial.option.name {
        "ZMQ_XPUB_VERBOSE" => {
            accepts!(trial, set_xpub_verbose, true, false);
        }
        "ZMQ_XPUB_NODROP" => {
            accepts!(trial, set_xpub_nodrop, true, false);
        }
        "ZMQ_XPUB_MANUAL" => {
            accepts!(trial, set_xpub_manual, true, false);
        }
        "ZMQ_XPUB_WELCOME_MSG" => {
            accepts!(trial, set_xpub_welcome_msg, "hello", vec![0; 1 << 20], "");
        }
        "ZMQ_INVERT_MATCHING" => {
            round_trip!(
                trial, invert_matching, set_invert_matching, false,
                true => true, false => false
            );
        }
        "ZMQ_XPUB_VERBOSER" => {
            accepts!(trial, set_xpub_verboser, true, false);
        }
        "ZMQ_XPUB_MANUAL_LAST_VALUE" => {
            accepts!(trial, set_xpub_manual_last_value, true, false);
        }
        "ZMQ_ONLY_FIRST_SUBSCRIBE" => {
            accepts!(trial, set_only_first_subscribe, true, false);
        }
        "ZMQ_TOPICS_COUNT" => {
            reads!(trial, topics_count, 0);
        }
        "ZMQ_ROUTER_MANDATORY" => {
            accepts!(trial, set_router_mandatory, true, false);
        }
        "ZMQ_PROBE_ROUTER" => {
            accepts!(trial, set_probe_router, true, false);
        }
        "ZMQ_REQ_CORRELATE" => {
            accepts!(trial, set_req_correlate, true, false);
        }
        "ZMQ_REQ_RELAXED" => {
            accepts!(trial, set_req_relaxed, true, false);
        }
        "ZMQ_ROUTER_HANDOVER" => {
            accepts!(trial, set_router_handover, true, false);
        }
        "ZMQ_CONNECT_ROUTING_ID" => {
            accepts!(trial, set_connect_routing_id, "peer", [7_u8; 255]);
        }
        "ZMQ_STREAM_NOTIFY" => {
            accepts!(trial, set_stream_notify, false, true);
        }
        _ => return false,
    }
    true
}

/// What only `set_security` sets is tested with it.
fn security(trial: &mut Trial) -> bool {
    match trial.option.name {
        "ZMQ_MECHANISM" => {
            reads!(trial, mechanism, Mechanism::Null);
        }
        "ZMQ_PLAIN_SERVER" => {
            reads!(trial, plain_server, false);
        }
        "ZMQ_PLAIN_USERNAME" => {
            reads!(trial, plain_username, None);
        }
        "ZMQ_CURVE_SERVER" => {
            reads!(trial, curve_server, false);
        }
        "ZMQ_CURVE_PUBLICKEY" => {
            reads!(trial, curve_publickey, [0; 32].into());
        }
        "ZMQ_CURVE_SERVERKEY" => {
            reads!(trial, curve_serverkey, [0; 32].into());
        }
        "ZMQ_ZAP_DOMAIN" => {
            reads!(trial, zap_domain, "");
        }
        "ZMQ_GSSAPI_SERVER" => {
            round_trip!(
                trial, gssapi_server, set_gssapi_server, false,
                true => true, false => false
            );
        }
        "ZMQ_GSSAPI_PRINCIPAL" => {
            round_trip!(trial, gssapi_principal, set_gssapi_principal, "", "a" => "a");
        }
        "ZMQ_GSSAPI_SERVICE_PRINCIPAL" => {
            round_trip!(
                trial, gssapi_service_principal, set_gssapi_service_principal, "",
                "s" => "s"
            );
        }
        "ZMQ_GSSAPI_PLAINTEXT" => {
            round_trip!(trial, gssapi_plaintext, set_gssapi_plaintext, false, true => true);
        }
        "ZMQ_GSSAPI_PRINCIPAL_NAMETYPE" => {
            use GssapiNameType::{HostBased, Krb5Principal};
            round_trip!(
                trial, gssapi_principal_nametype, set_gssapi_principal_nametype, HostBased,
                Krb5Principal => Krb5Principal
            );
        }
        "ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE" => {
            use GssapiNameType::{HostBased, UserName};
            round_trip!(
                trial, gssapi_service_principal_nametype, set_gssapi_service_principal_nametype,
                HostBased, UserName => UserName
            );
        }
        "ZMQ_ZAP_ENFORCE_DOMAIN" => {
            reads!(trial, zap_enforce_domain, false);
        }
        _ => return false,
    }
    true
}
