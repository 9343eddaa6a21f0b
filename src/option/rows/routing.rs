//! Options of ROUTER, REQ, STREAM and those that talk to them.

use std::sync::atomic::AtomicBool;

use crate::error::Result;
#[cfg(feature = "draft")]
use crate::kind::{CanGreet, CanHiccup, MissesPeers};
use crate::kind::{CanProbe, CanRequest, CanRoute, CanStream, Kind, NamesPeers};
use crate::option::options;
use crate::option::value::*;
use crate::socket::Socket;

options! {
    ZMQ_ROUTER_MANDATORY "ZMQ_ROUTER_MANDATORY" {
        doc "Whether a message to a peer that is not connected is an error, \
             [`HostUnreachable`](crate::ErrorKind::HostUnreachable), and one to a peer whose queue \
             is full waits, instead of both being dropped.",
        set set_router_mandatory(bool),
        as Flag, on CanRoute, default "false", acts Now, since "3.2",
        example ROUTER "socket.set_router_mandatory(true)?;\nlet error = socket.send_multipart([\"nobody\", \"hello\"]).unwrap_err();\nassert_eq!(Error::from(error).kind(), ErrorKind::HostUnreachable);"
    }
    ZMQ_PROBE_ROUTER "ZMQ_PROBE_ROUTER" {
        doc "Whether each new connection starts with an empty message, from which a ROUTER at the \
             other end learns of this peer and its routing id. Other kinds of peer get it as a \
             message.",
        set set_probe_router(bool),
        as Flag, on CanProbe, default "false", acts Next, since "4.0",
        example DEALER "socket.set_probe_router(true)?;"
    }
    ZMQ_REQ_CORRELATE "ZMQ_REQ_CORRELATE" {
        doc "Whether requests are numbered, so that only the reply to the last one is taken. To be \
             set before the first request; the peers must pass the additional frame on, as REP and \
             ROUTER do.",
        set set_req_correlate(bool),
        as Flag, on CanRequest, default "false", acts Now, since "4.0",
        example REQ "socket.set_req_correlate(true)?;"
    }
    ZMQ_REQ_RELAXED "ZMQ_REQ_RELAXED" {
        doc "Whether a new request may be sent before the reply to the last one came, which is \
             given up then. With [`req_correlate`](Socket::set_req_correlate), or a late reply \
             passes for one to the new request.",
        set set_req_relaxed(bool),
        as Flag, on CanRequest, default "false", acts Now, since "4.0",
        example REQ "socket.set_req_correlate(true)?;\nsocket.set_req_relaxed(true)?;"
    }
    ZMQ_ROUTER_HANDOVER "ZMQ_ROUTER_HANDOVER" {
        doc "Whether a peer that connects with the routing id of another takes its place, instead \
             of being refused: so that one can come back before its old connection is found broken. \
             A socket that only sends finds that out late: it learns of the end of a connection when \
             it receives.",
        set set_router_handover(bool),
        as Flag, on CanRoute, default "false", acts Now, since "4.1",
        example ROUTER "socket.set_router_handover(true)?;"
    }
    ZMQ_CONNECT_ROUTING_ID "ZMQ_CONNECT_ROUTING_ID" {
        doc "The routing id of the peer that the next connect leads to, 1 to 255 bytes that do not \
             start with a zero byte: to send to it before it has sent anything. It serves one \
             connect. No connected peer may have this id yet, not even one of its own choice: the \
             vendored libzmq refuses to connect, \
             [`AddressInUse`](crate::ErrorKind::AddressInUse), and others abort the process. Use \
             names that no peer can guess.",
        set set_connect_routing_id(impl AsRef<[u8]>),
        as PeerName, on NamesPeers, default "none", acts Now, since "4.1",
        example ROUTER "socket.set_connect_routing_id(\"printer\")?;\nsocket.connect(\"inproc://not-yet-bound\")?;\nsocket.send_multipart([\"printer\", \"hello\"])?;"
    }
    ZMQ_STREAM_NOTIFY "ZMQ_STREAM_NOTIFY" {
        doc "Whether an empty message tells of each connection that is made or ends.",
        set set_stream_notify(bool),
        as Flag, on CanStream, default "true", acts Next, since "4.2",
        example STREAM "socket.set_stream_notify(false)?;"
    }
    #[cfg(feature = "draft")]
    ZMQ_ROUTER_NOTIFY "ZMQ_ROUTER_NOTIFY" {
        doc "Of which changes an empty message from the peer tells.",
        get router_notify -> RouterNotify,
        set set_router_notify(RouterNotify),
        as Flags::<RouterNotify>::new(), on CanRoute, default "none", acts Next, since "4.3.0" draft,
        example ROUTER "socket.set_router_notify(RouterNotify::CONNECT)?;\nassert_eq!(socket.router_notify()?, RouterNotify::CONNECT);"
    }
    #[cfg(feature = "draft")]
    ZMQ_HELLO_MSG "ZMQ_HELLO_MSG" {
        doc "The message that every new peer gets first, up to 1 MiB; empty for none.",
        set set_hello_msg(impl AsRef<[u8]>),
        as Greeting, on CanGreet, default "none", acts Next, since "4.3.3" draft,
        example DEALER "socket.set_hello_msg(\"hello\")?;"
    }
    #[cfg(feature = "draft")]
    ZMQ_DISCONNECT_MSG "ZMQ_DISCONNECT_MSG" {
        doc "The message that is received, as if the peer had sent it, when a peer has \
             disconnected; up to 1 MiB, empty for none.",
        set set_disconnect_msg(impl AsRef<[u8]>),
        as Greeting, on MissesPeers, default "none", acts Next, since "4.3.3" draft,
        example ROUTER "socket.set_disconnect_msg(\"gone\")?;"
    }
    #[cfg(feature = "draft")]
    ZMQ_HICCUP_MSG "ZMQ_HICCUP_MSG" {
        doc "The message that is received, as if the peer had sent it, when a connection is lost \
             that will be made again; up to 1 MiB, empty for none.",
        set set_hiccup_msg(impl AsRef<[u8]>),
        as Greeting, on CanHiccup, default "none", acts Next, since "4.3.5" draft,
        example DEALER "socket.set_hiccup_msg(\"interrupted\")?;"
    }
}
