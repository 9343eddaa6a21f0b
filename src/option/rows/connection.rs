//! How connections are made, watched and made again.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::error::Result;
use crate::kind::Kind;
use crate::option::options;
use crate::option::value::*;
use crate::socket::Socket;

options! {
    ZMQ_RECONNECT_IVL "ZMQ_RECONNECT_IVL" {
        doc "How long to wait before connecting again, in milliseconds from 1 on, each time \
             prolonged by chance up to twice as long; `None` is never to connect again.",
        get reconnect_ivl -> Option<Duration>,
        set set_reconnect_ivl(impl IntoTimeout),
        as Millis { none: -1, min: 1 }, on Kind, unit "ms", default "100 ms", acts Next, since "2.1",
        example REQ "socket.set_reconnect_ivl(Duration::from_secs(1))?;\nassert_eq!(socket.reconnect_ivl()?, Some(Duration::from_secs(1)));"
    }
    ZMQ_BACKLOG "ZMQ_BACKLOG" {
        doc "How many connections may wait to be accepted (`listen`). The system has a limit of its \
             own, on Linux `net.core.somaxconn`.",
        get backlog -> u32,
        set set_backlog(u32),
        as Number { min: 0, max: u32::MAX }, on Kind, unit "connections", default "100", acts Next, since "2.1",
        example REP "socket.set_backlog(1024)?;\nassert_eq!(socket.backlog()?, 1024);"
    }
    ZMQ_RECONNECT_IVL_MAX "ZMQ_RECONNECT_IVL_MAX" {
        doc "Up to here the wait before connecting again doubles each time, in milliseconds from 1 \
             on; `None` does not double it. Below [`reconnect_ivl`](Socket::reconnect_ivl) it is \
             the wait itself in libzmq 4.3.5, and nothing in those before.",
        get reconnect_ivl_max -> Option<Duration>,
        set set_reconnect_ivl_max(impl IntoTimeout),
        as SWITCHED, on Kind, unit "ms", default "none", acts Next, since "3.0",
        example REQ "socket.set_reconnect_ivl_max(Duration::from_secs(30))?;\nassert_eq!(socket.reconnect_ivl_max()?, Some(Duration::from_secs(30)));"
    }
    ZMQ_HANDSHAKE_IVL "ZMQ_HANDSHAKE_IVL" {
        doc "How long a new connection may take until both sides have said what they are and proved \
             who, in milliseconds from 1 on; then it is closed. `None` is no limit.",
        get handshake_ivl -> Option<Duration>,
        set set_handshake_ivl(impl IntoTimeout),
        as SWITCHED, on Kind, unit "ms", default "30 seconds", acts Next, since "4.1",
        example REP "socket.set_handshake_ivl(Duration::from_secs(5))?;\nassert_eq!(socket.handshake_ivl()?, Some(Duration::from_secs(5)));"
    }
    ZMQ_HEARTBEAT_IVL "ZMQ_HEARTBEAT_IVL" {
        doc "How often to ask a peer for a sign of life, in milliseconds from 1 on; `None` never \
             asks. It finds peers that vanished without closing their connection.",
        get heartbeat_ivl -> Option<Duration>,
        set set_heartbeat_ivl(impl IntoTimeout),
        as SWITCHED, on Kind, unit "ms", default "none", acts Next, since "4.2",
        example DEALER "socket.set_heartbeat_ivl(Duration::from_secs(5))?;\nassert_eq!(socket.heartbeat_ivl()?, Some(Duration::from_secs(5)));"
    }
    ZMQ_HEARTBEAT_TTL "ZMQ_HEARTBEAT_TTL" {
        doc "After how long without a sign of life from here the peer closes the connection: a \
             multiple of 100 ms up to 65.5 seconds, beyond which peers count wrong; `None` is \
             never. It is told by the heartbeats and so needs \
             [`heartbeat_ivl`](Socket::heartbeat_ivl).",
        get heartbeat_ttl -> Option<Duration>,
        set set_heartbeat_ttl(impl IntoTimeout),
        as Steps {
            step: Duration::from_millis(100),
            max: 655,
            unit: Duration::from_millis(1),
            none: 0,
        }, on Kind, unit "ms", default "none", acts Next, since "4.2",
        example DEALER "socket.set_heartbeat_ttl(Duration::from_secs(20))?;\nassert_eq!(socket.heartbeat_ttl()?, Some(Duration::from_secs(20)));"
    }
    ZMQ_HEARTBEAT_TIMEOUT "ZMQ_HEARTBEAT_TIMEOUT" {
        doc "How long to wait for the answer to a heartbeat before the connection is closed, in \
             milliseconds; `Duration::ZERO` waits for ever. Before it is set it is `None`: as long \
             as [`heartbeat_ivl`](Socket::heartbeat_ivl). libzmq cannot be set back to that.",
        get heartbeat_timeout -> Option<Duration>,
        set set_heartbeat_timeout(Duration),
        as TIMEOUT, on Kind, unit "ms", default "as the heartbeat interval", acts Next, since "4.2",
        example DEALER "socket.set_heartbeat_timeout(Duration::from_secs(3))?;\nassert_eq!(socket.heartbeat_timeout()?, Some(Duration::from_secs(3)));"
    }
    ZMQ_CONNECT_TIMEOUT "ZMQ_CONNECT_TIMEOUT" {
        doc "How long TCP tries to connect before the next attempt, in milliseconds from 1 on; \
             `None` leaves it to the system.",
        get connect_timeout -> Option<Duration>,
        set set_connect_timeout(impl IntoTimeout),
        as SWITCHED, on Kind, unit "ms", default "as the system does", acts Next, since "4.2",
        example REQ "socket.set_connect_timeout(Duration::from_secs(2))?;\nassert_eq!(socket.connect_timeout()?, Some(Duration::from_secs(2)));"
    }
    ZMQ_RECONNECT_STOP "ZMQ_RECONNECT_STOP" {
        doc "In which cases not to connect again.",
        get reconnect_stop -> ReconnectStop,
        set set_reconnect_stop(ReconnectStop),
        as Flags::<ReconnectStop>::new(), on Kind, default "none", acts Next, since "4.3.3" draft,
        example REQ "socket.set_reconnect_stop(ReconnectStop::CONN_REFUSED)?;\nassert_eq!(socket.reconnect_stop()?, ReconnectStop::CONN_REFUSED);"
    }
}
