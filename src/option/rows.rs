//! The options, ordered by their numbers in `zmq.h`.

use std::os::fd::BorrowedFd;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use ferromq_sys as sys;

use super::options;
use super::value::*;
use super::{Acts, OptionInfo};
use crate::endpoint::Endpoint;
use crate::error::Result;
use crate::kind::{Kind, SocketType};
use crate::raw::Direction;
use crate::socket::Socket;

options! {
    ZMQ_ROUTING_ID "ZMQ_ROUTING_ID" {
        doc "The name by which a ROUTER knows this socket, 1 to 255 bytes. Names that start with a \
             zero byte are libzmq's own. Once set it cannot be cleared.",
        get routing_id -> Vec<u8>,
        set set_routing_id(impl AsRef<[u8]>),
        as Bytes, on Kind, default "empty: the ROUTER makes one up", acts Next, since "2.0",
        example DEALER "socket.set_routing_id(\"worker-1\")?;\nassert_eq!(socket.routing_id()?, b\"worker-1\");"
    }
    ZMQ_FD "ZMQ_FD" {
        doc "The descriptor that becomes readable when the state of the socket may have changed. \
             It is an edge, not a level: after each wake-up, and before waiting, read \
             [`events`](Socket::events) until nothing is left to do. Never read from it or close it.",
        get fd -> BorrowedFd<'_>,
        as Descriptor, on Kind, default "made with the socket", acts Never, since "2.1",
        example PULL "use std::os::fd::AsRawFd;\nassert!(socket.fd()?.as_raw_fd() >= 0);"
    }
    ZMQ_EVENTS "ZMQ_EVENTS" {
        doc "What the socket is ready for. Asking costs as much as several messages: try to send \
             or receive first.",
        get events -> Events,
        as EventFlags, on Kind, default "nothing", acts Never, since "2.1",
        example PULL "assert_eq!(socket.events()?, Events::empty());"
    }
    ZMQ_TYPE "ZMQ_TYPE" {
        doc "The kind of the socket.",
        get socket_type -> SocketType,
        as Type, on Kind, default "as opened", acts Never, since "2.1",
        example SUB "assert_eq!(socket.socket_type()?, SocketType::Sub);"
    }
    ZMQ_LINGER "ZMQ_LINGER" {
        doc "How long undelivered messages are kept after the socket was dropped or disconnected, \
             in milliseconds; `None` is for ever, `Duration::ZERO` drops them at once. The end of \
             the context waits as long.",
        get linger -> Option<Duration>,
        set set_linger(impl IntoTimeout),
        as Timeout, on Kind,
        default "what the context says, 30 seconds; 0 for SUB and XSUB; libzmq's own is for ever",
        acts Now, since "2.0",
        example PUSH "socket.set_linger(Duration::from_secs(1))?;\nassert_eq!(socket.linger()?, Some(Duration::from_secs(1)));"
    }
    ZMQ_SNDHWM "ZMQ_SNDHWM" {
        doc "The high-water mark for sending: how many messages are queued for each peer before \
             [`send`](Socket::send) waits or drops, as the kind of socket does; `None` is no limit. \
             Besides these, the peer's own [`recv_hwm`](Socket::recv_hwm) and the buffers of the \
             transport hold messages.",
        get send_hwm -> Option<u32>,
        set set_send_hwm(impl IntoLimit),
        as HighWaterMark, on Kind, default "1000 messages", acts First, since "3.0",
        example PUSH "socket.set_send_hwm(10)?;\nassert_eq!(socket.send_hwm()?, Some(10));"
    }
    ZMQ_RCVHWM "ZMQ_RCVHWM" {
        doc "The high-water mark for receiving: how many messages from each peer are queued here \
             before no more are taken off the wire; `None` is no limit.",
        get recv_hwm -> Option<u32>,
        set set_recv_hwm(impl IntoLimit),
        as HighWaterMark, on Kind, default "1000 messages", acts First, since "3.0",
        example PULL "socket.set_recv_hwm(None)?;\nassert_eq!(socket.recv_hwm()?, None);"
    }
    ZMQ_RCVTIMEO "ZMQ_RCVTIMEO" {
        doc "How long [`recv`](Socket::recv) waits before it answers \
             [`WouldBlock`](crate::ErrorKind::WouldBlock), in milliseconds; `None` is for ever. \
             For one call there is [`recv_timeout`](Socket::recv_timeout).",
        get rcvtimeo -> Option<Duration>,
        set set_rcvtimeo(impl IntoTimeout),
        as WaitTimeout(Direction::Recv), on Kind, default "for ever", acts Now, since "2.2",
        example PULL "socket.set_rcvtimeo(Duration::from_millis(1))?;\nassert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::WouldBlock);\nassert_eq!(socket.rcvtimeo()?, Some(Duration::from_millis(1)));"
    }
    ZMQ_SNDTIMEO "ZMQ_SNDTIMEO" {
        doc "How long [`send`](Socket::send) waits before it answers \
             [`WouldBlock`](crate::ErrorKind::WouldBlock), in milliseconds; `None` is for ever. \
             For one call there is [`send_timeout`](Socket::send_timeout).",
        get sndtimeo -> Option<Duration>,
        set set_sndtimeo(impl IntoTimeout),
        as WaitTimeout(Direction::Send), on Kind, default "for ever", acts Now, since "2.2",
        example PUSH "socket.set_sndtimeo(Duration::from_millis(1))?;\nassert_eq!(socket.sndtimeo()?, Some(Duration::from_millis(1)));"
    }
    ZMQ_LAST_ENDPOINT "ZMQ_LAST_ENDPOINT" {
        doc "The endpoint last bound or connected to, with wildcards resolved: what peers connect \
             to. An error before the first.",
        get last_endpoint -> Endpoint,
        as LastEndpoint, on Kind, default "none", acts Never, since "3.2",
        example PULL "socket.bind(\"tcp://127.0.0.1:*\")?;\nassert!(!socket.last_endpoint()?.as_str().contains('*'));"
    }
    ZMQ_TCP_KEEPALIVE "ZMQ_TCP_KEEPALIVE" {
        doc "Whether TCP probes silent connections (`SO_KEEPALIVE`); `None` leaves it to the system.",
        get tcp_keepalive -> Option<bool>,
        set set_tcp_keepalive(impl Into<Option<bool>>),
        as SystemFlag, on Kind, default "as the system does", acts Next, since "3.2",
        example REQ "socket.set_tcp_keepalive(true)?;\nassert_eq!(socket.tcp_keepalive()?, Some(true));"
    }
    ZMQ_TCP_KEEPALIVE_CNT "ZMQ_TCP_KEEPALIVE_CNT" {
        doc "After how many unanswered probes the connection counts as broken (`TCP_KEEPCNT`), 1 to \
             127; `None` leaves it to the system.",
        get tcp_keepalive_cnt -> Option<u32>,
        set set_tcp_keepalive_cnt(impl IntoLimit),
        as SystemNumber { min: 1, max: 127 }, on Kind, default "as the system does", acts Next, since "3.2",
        example REQ "socket.set_tcp_keepalive_cnt(5)?;\nassert_eq!(socket.tcp_keepalive_cnt()?, Some(5));"
    }
    ZMQ_TCP_KEEPALIVE_IDLE "ZMQ_TCP_KEEPALIVE_IDLE" {
        doc "How long a connection is silent before it is probed (`TCP_KEEPIDLE`), in whole seconds \
             from 1 to 32767; `None` leaves it to the system.",
        get tcp_keepalive_idle -> Option<Duration>,
        set set_tcp_keepalive_idle(impl IntoTimeout),
        as SystemSeconds { max: 32_767 }, on Kind, default "as the system does", acts Next, since "3.2",
        example REQ "socket.set_tcp_keepalive_idle(Duration::from_secs(60))?;\nassert_eq!(socket.tcp_keepalive_idle()?, Some(Duration::from_secs(60)));"
    }
    ZMQ_TCP_KEEPALIVE_INTVL "ZMQ_TCP_KEEPALIVE_INTVL" {
        doc "The time between two probes (`TCP_KEEPINTVL`), in whole seconds from 1 to 32767; `None` \
             leaves it to the system.",
        get tcp_keepalive_intvl -> Option<Duration>,
        set set_tcp_keepalive_intvl(impl IntoTimeout),
        as SystemSeconds { max: 32_767 }, on Kind, default "as the system does", acts Next, since "3.2",
        example REQ "socket.set_tcp_keepalive_intvl(Duration::from_secs(5))?;\nassert_eq!(socket.tcp_keepalive_intvl()?, Some(Duration::from_secs(5)));"
    }
    ZMQ_IMMEDIATE "ZMQ_IMMEDIATE" {
        doc "Whether messages are queued for finished connections only. Without it a socket that \
             connects queues up to its high-water mark while nobody is there yet; with it \
             [`send`](Socket::send) waits, and what was queued is lost when the connection breaks.",
        get immediate -> bool,
        set set_immediate(bool),
        as Flag, on Kind, default "false", acts Next, since "3.2",
        example PUSH "socket.set_immediate(true)?;\nassert_eq!(socket.immediate()?, true);"
    }
    ZMQ_IPV6 "ZMQ_IPV6" {
        doc "Whether the socket uses IPv6 besides IPv4.",
        get ipv6 -> bool,
        set set_ipv6(bool),
        as Flag, on Kind, default "what the context says, false", acts Next, since "4.0",
        example REQ "socket.set_ipv6(true)?;\nassert_eq!(socket.ipv6()?, true);"
    }
    ZMQ_CONFLATE "ZMQ_CONFLATE" {
        doc "Whether only the newest message is kept, instead of a queue. For single frames: of a \
             multipart message it keeps one frame. It acts on PULL, PUSH, SUB, PUB and DEALER.",
        get conflate -> bool,
        set set_conflate(bool),
        as Flag, on Kind, default "false", acts Next, since "4.0",
        example SUB "socket.set_conflate(true)?;\nassert_eq!(socket.conflate()?, true);"
    }
}
