//! Options of the transports, most of them of TCP.

use std::os::fd::{OwnedFd, RawFd};
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::error::Result;
use crate::kind::Kind;
use crate::option::options;
use crate::option::value::*;
use crate::socket::Socket;

options! {
    ZMQ_SNDBUF "ZMQ_SNDBUF" {
        doc "The kernel's buffer for sending, in bytes (`SO_SNDBUF`); `None` leaves it to the \
             system. Linux doubles the number, and has limits of its own.",
        get sndbuf -> Option<u32>,
        set set_sndbuf(impl IntoLimit),
        as SystemNumber { min: 0, max: u32::MAX }, on Kind, unit "bytes", default "as the system does", acts Next, since "2.0",
        example PUSH "socket.set_sndbuf(1 << 20)?;\nassert_eq!(socket.sndbuf()?, Some(1 << 20));"
    }
    ZMQ_RCVBUF "ZMQ_RCVBUF" {
        doc "The kernel's buffer for receiving, in bytes (`SO_RCVBUF`); `None` leaves it to the \
             system. Linux doubles the number, and has limits of its own.",
        get rcvbuf -> Option<u32>,
        set set_rcvbuf(impl IntoLimit),
        as SystemNumber { min: 0, max: u32::MAX }, on Kind, unit "bytes", default "as the system does", acts Next, since "2.0",
        example PULL "socket.set_rcvbuf(1 << 20)?;\nassert_eq!(socket.rcvbuf()?, Some(1 << 20));"
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
             127; `None` leaves it to the system. It acts where \
             [`tcp_keepalive`](Socket::tcp_keepalive) is set.",
        get tcp_keepalive_cnt -> Option<u32>,
        set set_tcp_keepalive_cnt(impl IntoLimit),
        as SystemNumber { min: 1, max: 127 }, on Kind, unit "probes", default "as the system does", acts Next, since "3.2",
        example REQ "socket.set_tcp_keepalive_cnt(5)?;\nassert_eq!(socket.tcp_keepalive_cnt()?, Some(5));"
    }
    ZMQ_TCP_KEEPALIVE_IDLE "ZMQ_TCP_KEEPALIVE_IDLE" {
        doc "How long a connection is silent before it is probed (`TCP_KEEPIDLE`), in whole seconds \
             from 1 to 32767; `None` leaves it to the system. It acts where \
             [`tcp_keepalive`](Socket::tcp_keepalive) is set.",
        get tcp_keepalive_idle -> Option<Duration>,
        set set_tcp_keepalive_idle(impl IntoTimeout),
        as Steps::system_seconds(32_767), on Kind, unit "s", default "as the system does", acts Next, since "3.2",
        example REQ "socket.set_tcp_keepalive_idle(Duration::from_secs(60))?;\nassert_eq!(socket.tcp_keepalive_idle()?, Some(Duration::from_secs(60)));"
    }
    ZMQ_TCP_KEEPALIVE_INTVL "ZMQ_TCP_KEEPALIVE_INTVL" {
        doc "The time between two probes (`TCP_KEEPINTVL`), in whole seconds from 1 to 32767; `None` \
             leaves it to the system. It acts where [`tcp_keepalive`](Socket::tcp_keepalive) is set.",
        get tcp_keepalive_intvl -> Option<Duration>,
        set set_tcp_keepalive_intvl(impl IntoTimeout),
        as Steps::system_seconds(32_767), on Kind, unit "s", default "as the system does", acts Next, since "3.2",
        example REQ "socket.set_tcp_keepalive_intvl(Duration::from_secs(5))?;\nassert_eq!(socket.tcp_keepalive_intvl()?, Some(Duration::from_secs(5)));"
    }
    ZMQ_IPV6 "ZMQ_IPV6" {
        doc "Whether the socket uses IPv6 besides IPv4.",
        get ipv6 -> bool,
        set set_ipv6(bool),
        as Flag, on Kind, default "what the context says, false", acts Next, since "4.0",
        example REQ "socket.set_ipv6(true)?;\nassert!(socket.ipv6()?);"
    }
    ZMQ_TOS "ZMQ_TOS" {
        doc "The type-of-service byte of IP packets (`IP_TOS`), 0 to 255: the DSCP shifted by two \
             bits. The lowest two bits are TCP's own.",
        get tos -> u32,
        set set_tos(u32),
        as Number { min: 0, max: 255 }, on Kind, default "0", acts Next, since "4.1",
        example PUSH "socket.set_tos(0xB8)?; // expedited forwarding\nassert_eq!(socket.tos()?, 0xB8);"
    }
    ZMQ_SOCKS_PROXY "ZMQ_SOCKS_PROXY" {
        doc "The SOCKS5 proxy through which TCP connects, as `host:port` of up to 255 bytes; `None` \
             for none. A system's libzmq 4.3.5 aborts when a socket is closed, or disconnected, while \
             its proxy cannot be reached.",
        get socks_proxy -> Option<String>,
        set set_socks_proxy(impl IntoText),
        as Proxy, on Kind, default "none", acts Next, since "4.1",
        example REQ "socket.set_socks_proxy(\"127.0.0.1:1080\")?;\nassert_eq!(socket.socks_proxy()?.as_deref(), Some(\"127.0.0.1:1080\"));\nsocket.set_socks_proxy(None::<&str>)?;"
    }
    ZMQ_TCP_MAXRT "ZMQ_TCP_MAXRT" {
        doc "How long TCP sends unacknowledged data again before the connection counts as broken \
             (`TCP_USER_TIMEOUT`), in milliseconds from 1 on; `None` leaves it to the system.",
        get tcp_maxrt -> Option<Duration>,
        set set_tcp_maxrt(impl IntoTimeout),
        as SWITCHED, on Kind, unit "ms", default "as the system does", acts Next, since "4.2",
        example PUSH "socket.set_tcp_maxrt(Duration::from_secs(10))?;\nassert_eq!(socket.tcp_maxrt()?, Some(Duration::from_secs(10)));"
    }
    ZMQ_USE_FD "ZMQ_USE_FD" {
        doc "A listening stream socket that the next bind uses instead of making its own, as a \
             service manager passes one: anything that becomes an `OwnedFd`, such as a \
             `TcpListener` for `tcp` and `ws`, or a `UnixListener` for `ipc`. It serves one bind. \
             The getter gives its number as long as it waits for that.",
        get use_fd -> Option<RawFd>,
        set set_use_fd(impl Into<OwnedFd>),
        as Listener, on Kind, default "none", acts Next, since "4.2",
        example REP "let listener = std::net::TcpListener::bind(\"127.0.0.1:0\").unwrap();\nlet address = listener.local_addr().unwrap();\nsocket.set_use_fd(listener)?;\nassert!(socket.use_fd()?.is_some());\nsocket.bind(\"tcp://127.0.0.1:*\")?;\nassert!(socket.last_endpoint()?.as_str().ends_with(&address.to_string()));"
    }
    ZMQ_BINDTODEVICE "ZMQ_BINDTODEVICE" {
        doc "The network interface to use, by its name of up to 15 bytes (`SO_BINDTODEVICE`); \
             `None` for any. It may need a privilege: bind and connect tell.",
        get bind_to_device -> Option<String>,
        set set_bind_to_device(impl IntoText),
        as OptionalText { max: 15 }, on Kind, default "none", acts Next, since "4.3.0",
        example REP "socket.set_bind_to_device(\"lo\")?;\nassert_eq!(socket.bind_to_device()?.as_deref(), Some(\"lo\"));\nsocket.set_bind_to_device(None::<&str>)?;"
    }
    #[cfg(windows)]
    ZMQ_LOOPBACK_FASTPATH "ZMQ_LOOPBACK_FASTPATH" {
        doc "Whether connections within this host take the short cut that Windows has for them.",
        get loopback_fastpath -> bool,
        set set_loopback_fastpath(bool),
        as Flag, on Kind, default "false", acts Next, since "4.2.4" draft,
        example REQ "socket.set_loopback_fastpath(true)?;\nassert!(socket.loopback_fastpath()?);"
    }
    ZMQ_SOCKS_USERNAME "ZMQ_SOCKS_USERNAME" {
        doc "The user name for the SOCKS5 proxy, up to 255 bytes; `None` for none.",
        get socks_username -> Option<String>,
        set set_socks_username(impl IntoText),
        as OptionalText { max: 255 }, on Kind, default "none", acts Next, since "4.3.2" draft,
        example REQ "socket.set_socks_username(\"alice\")?;\nassert_eq!(socket.socks_username()?.as_deref(), Some(\"alice\"));"
    }
    ZMQ_SOCKS_PASSWORD "ZMQ_SOCKS_PASSWORD" {
        doc "The password for the SOCKS5 proxy, up to 255 bytes; `None` for none. It travels in the \
             clear.",
        get socks_password -> Option<String>,
        set set_socks_password(impl IntoText),
        as OptionalText { max: 255 }, on Kind, default "none", acts Next, since "4.3.2" draft,
        example REQ "socket.set_socks_password(\"secret\")?;\nassert_eq!(socket.socks_password()?.as_deref(), Some(\"secret\"));"
    }
    ZMQ_IN_BATCH_SIZE "ZMQ_IN_BATCH_SIZE" {
        doc "How much is read from a connection at once, in bytes up to 16 MiB. The buffer begins \
             with 8 KiB, and grows up to this size while reads fill it; the messages received share \
             it. A STREAM receives at most so much as one message. Less is better where other \
             connections of the same I/O thread must not wait. Needs the vendored libzmq, or one \
             with [`Draft`](crate::Capability::Draft), where each connection has a buffer of this \
             size.",
        get in_batch_size -> u32,
        set set_in_batch_size(u32),
        as Number { min: 1, max: 1 << 24 }, on Kind, unit "bytes",
        default "256 KiB; 8 KiB for STREAM, and of a system's libzmq", acts Next, since "4.3.2" draft,
        example PULL "if linkage() == Linkage::Vendored {\n    socket.set_in_batch_size(65536)?;\n    assert_eq!(socket.in_batch_size()?, 65536);\n}"
    }
    ZMQ_OUT_BATCH_SIZE "ZMQ_OUT_BATCH_SIZE" {
        doc "How much is written to a connection at once, in bytes up to 16 MiB. The buffer begins \
             with 8 KiB, and grows up to this size while messages fill it. What is in it when a \
             connection breaks is lost. Less is better where other connections of the same I/O \
             thread must not wait. Needs the vendored libzmq, or one with \
             [`Draft`](crate::Capability::Draft), where each connection has a buffer of this size.",
        get out_batch_size -> u32,
        set set_out_batch_size(u32),
        as Number { min: 1, max: 1 << 24 }, on Kind, unit "bytes",
        default "256 KiB; 8 KiB of a system's libzmq", acts Next, since "4.3.2" draft,
        example PUSH "if linkage() == Linkage::Vendored {\n    socket.set_out_batch_size(65536)?;\n    assert_eq!(socket.out_batch_size()?, 65536);\n}"
    }
    #[cfg(feature = "draft")]
    ZMQ_PRIORITY "ZMQ_PRIORITY" {
        doc "The priority of packets within this host (`SO_PRIORITY`), 0 to 6: what needs no \
             privilege.",
        get priority -> u32,
        set set_priority(u32),
        as Number { min: 0, max: 6 }, on Kind, default "0", acts Next, since "4.3.4" draft,
        example PUSH "socket.set_priority(5)?;\nassert_eq!(socket.priority()?, 5);"
    }
    #[cfg(feature = "draft")]
    ZMQ_BUSY_POLL "ZMQ_BUSY_POLL" {
        doc "How long the kernel spins for a packet, in microseconds from 1 on (`SO_BUSY_POLL`); \
             `None` leaves it to the system. More than the system's own needs a privilege, without \
             which nothing changes.",
        set set_busy_poll(impl IntoTimeout),
        as Steps {
            step: Duration::from_micros(1),
            max: i32::MAX as u32,
            unit: Duration::from_micros(1),
            none: 0,
        }, on Kind, unit "µs", default "as the system does", acts Next, since "4.3.5" draft,
        example PULL "socket.set_busy_poll(Duration::from_micros(50))?;"
    }
}
