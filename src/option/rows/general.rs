//! Options of every socket: its state, its queues, its waiting.

use std::os::fd::BorrowedFd;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::endpoint::Endpoint;
use crate::error::Result;
use crate::kind::{CanConflate, Kind, SocketType};
use crate::option::options;
use crate::option::value::*;
use crate::raw::Direction;
use crate::socket::Socket;

options! {
    ZMQ_AFFINITY "ZMQ_AFFINITY" {
        doc "Which of the context's I/O threads serve the connections: bit n stands for thread n, 0 \
             for all of them. Without any thread of the bits set, bind and connect answer \
             [`NoIoThread`](crate::ErrorKind::NoIoThread).",
        get affinity -> u64,
        set set_affinity(u64),
        as Bits64, on Kind, unit "bitmap", default "0, all threads", acts Next, since "2.0",
        example PULL "socket.set_affinity(0b1)?;\nassert_eq!(socket.affinity()?, 0b1);"
    }
    ZMQ_ROUTING_ID "ZMQ_ROUTING_ID" {
        doc "The name by which a ROUTER knows this socket, 1 to 255 bytes. Names that start with a \
             zero byte are libzmq's own. Once set it cannot be cleared.",
        get routing_id -> Vec<u8>,
        set set_routing_id(impl AsRef<[u8]>),
        as Bytes, on Kind, default "empty: the ROUTER makes one up", acts Next, since "2.0",
        example DEALER "socket.set_routing_id(\"worker-1\")?;\nassert_eq!(socket.routing_id()?, b\"worker-1\");"
    }
    ZMQ_RCVMORE "ZMQ_RCVMORE" {
        doc "Whether more frames follow the one received last. The frame itself tells as well: \
             [`Message::more`](crate::Message::more).",
        get rcvmore -> bool,
        as Flag, on Kind, default "false", acts Never, since "2.0",
        example PULL "assert!(!socket.rcvmore()?);"
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
        as Flags::<Events>::new(), on Kind, default "nothing", acts Never, since "2.1",
        example PULL "assert_eq!(socket.events()?, Events::empty());"
    }
    ZMQ_TYPE "ZMQ_TYPE" {
        doc "The kind of the socket.",
        get socket_type -> SocketType,
        as Choice::<SocketType>::new(), on Kind, default "as opened", acts Never, since "2.1",
        example SUB "assert_eq!(socket.socket_type()?, SocketType::Sub);"
    }
    ZMQ_LINGER "ZMQ_LINGER" {
        doc "How long undelivered messages are kept after the socket was dropped or disconnected, \
             in milliseconds; `None` is for ever, `Duration::ZERO` drops them at once. The end of \
             the context waits as long.",
        get linger -> Option<Duration>,
        set set_linger(impl IntoTimeout),
        as TIMEOUT, on Kind, unit "ms",
        default "what the context says, 30 seconds; 0 for SUB and XSUB; libzmq's own is for ever",
        acts Now, since "2.0",
        example PUSH "socket.set_linger(Duration::from_secs(1))?;\nassert_eq!(socket.linger()?, Some(Duration::from_secs(1)));"
    }
    ZMQ_MAXMSGSIZE "ZMQ_MAXMSGSIZE" {
        doc "The largest frame that is accepted from a peer, in bytes from 64 on: one that sends more \
             is disconnected. `None` is no limit. The commands of the handshake count as well, in \
             which CURVE, PLAIN, long routing ids and properties take up to some kilobytes. Peers \
             over `inproc` are not limited.",
        get max_msg_size -> Option<u64>,
        set set_max_msg_size(impl Into<Option<u64>>),
        as MessageSize, on Kind, unit "bytes", default "no limit", acts Next, since "3.0",
        example PULL "socket.set_max_msg_size(1 << 20)?;\nassert_eq!(socket.max_msg_size()?, Some(1 << 20));"
    }
    ZMQ_SNDHWM "ZMQ_SNDHWM" {
        doc "The high-water mark for sending: how many messages are queued for each peer before \
             [`send`](Socket::send) waits or drops, as the kind of socket does; `None` is no limit. \
             Besides these, the peer's own [`recv_hwm`](Socket::recv_hwm) and the buffers of the \
             transport hold messages.",
        get send_hwm -> Option<u32>,
        set set_send_hwm(impl IntoLimit),
        as HighWaterMark, on Kind, unit "messages", default "1000 messages", acts First, since "3.0",
        example PUSH "socket.set_send_hwm(10)?;\nassert_eq!(socket.send_hwm()?, Some(10));"
    }
    ZMQ_RCVHWM "ZMQ_RCVHWM" {
        doc "The high-water mark for receiving: how many messages from each peer are queued here \
             before no more are taken off the wire; `None` is no limit.",
        get recv_hwm -> Option<u32>,
        set set_recv_hwm(impl IntoLimit),
        as HighWaterMark, on Kind, unit "messages", default "1000 messages", acts First, since "3.0",
        example PULL "socket.set_recv_hwm(None)?;\nassert_eq!(socket.recv_hwm()?, None);"
    }
    ZMQ_RCVTIMEO "ZMQ_RCVTIMEO" {
        doc "How long [`recv`](Socket::recv) waits before it answers \
             [`WouldBlock`](crate::ErrorKind::WouldBlock), in milliseconds; `None` is for ever. \
             For one call there is [`recv_timeout`](Socket::recv_timeout).",
        get rcvtimeo -> Option<Duration>,
        set set_rcvtimeo(impl IntoTimeout),
        as WaitTimeout(Direction::Recv), on Kind, unit "ms", default "for ever", acts Now, since "2.2",
        example PULL "socket.set_rcvtimeo(Duration::from_millis(1))?;\nassert_eq!(socket.recv().unwrap_err().kind(), ErrorKind::WouldBlock);\nassert_eq!(socket.rcvtimeo()?, Some(Duration::from_millis(1)));"
    }
    ZMQ_SNDTIMEO "ZMQ_SNDTIMEO" {
        doc "How long [`send`](Socket::send) waits before it answers \
             [`WouldBlock`](crate::ErrorKind::WouldBlock), in milliseconds; `None` is for ever. \
             For one call there is [`send_timeout`](Socket::send_timeout).",
        get sndtimeo -> Option<Duration>,
        set set_sndtimeo(impl IntoTimeout),
        as WaitTimeout(Direction::Send), on Kind, unit "ms", default "for ever", acts Now, since "2.2",
        example PUSH "socket.set_sndtimeo(Duration::from_millis(1))?;\nassert_eq!(socket.sndtimeo()?, Some(Duration::from_millis(1)));"
    }
    ZMQ_LAST_ENDPOINT "ZMQ_LAST_ENDPOINT" {
        doc "The endpoint last bound or connected to, with wildcards resolved: what peers connect \
             to. An error before the first.",
        get last_endpoint -> Endpoint,
        as LastEndpoint, on Kind, default "none", acts Never, since "3.2",
        example PULL "socket.bind(\"tcp://127.0.0.1:*\")?;\nassert!(!socket.last_endpoint()?.as_str().contains('*'));"
    }
    ZMQ_IMMEDIATE "ZMQ_IMMEDIATE" {
        doc "Whether messages are queued for finished connections only. Without it a socket that \
             connects queues up to its high-water mark while nobody is there yet; with it \
             [`send`](Socket::send) waits, and what was queued is lost when the connection breaks.",
        get immediate -> bool,
        set set_immediate(bool),
        as Flag, on Kind, default "false", acts Next, since "3.2",
        example PUSH "socket.set_immediate(true)?;\nassert!(socket.immediate()?);"
    }
    ZMQ_CONFLATE "ZMQ_CONFLATE" {
        doc "Whether only the newest message is kept, instead of a queue. For single frames: of a \
             multipart message it keeps one frame. High-water marks no longer count.",
        get conflate -> bool,
        set set_conflate(bool),
        as Flag, on CanConflate, default "false", acts Next, since "4.0",
        example SUB "socket.set_conflate(true)?;\nassert!(socket.conflate()?);"
    }
    ZMQ_THREAD_SAFE "ZMQ_THREAD_SAFE" {
        doc "Whether libzmq itself lets several threads use the socket at once: those of the draft \
             kinds CLIENT, SERVER, RADIO, DISH, SCATTER, GATHER, PEER and CHANNEL.",
        get thread_safe -> bool,
        as Flag, on Kind, default "as the kind is", acts Never, since "4.2",
        example PULL "assert!(!socket.thread_safe()?);"
    }
    ZMQ_METADATA "ZMQ_METADATA" {
        doc "A property that the peers find on each message from here, as `X-name:value`; each call \
             adds one, and the first value of a name stays.",
        set set_metadata(impl AsRef<str>),
        as Metadata, on Kind, default "none", acts Next, since "4.2.4" draft,
        example PUSH "socket.set_metadata(\"X-Region:eu\")?;"
    }
}
