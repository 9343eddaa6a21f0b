//! Constants, but for the options of sockets.

use core::ffi::{c_char, c_int, c_short};

constants! { c_int:
    ZMQ_VERSION_MAJOR = 4, "Major version of the interface that is declared here.";
    ZMQ_VERSION_MINOR = 3, "Minor version of the interface that is declared here.";
    ZMQ_VERSION_PATCH = 5, "Patch level of the interface that is declared here.";
    ZMQ_VERSION = ZMQ_MAKE_VERSION(ZMQ_VERSION_MAJOR, ZMQ_VERSION_MINOR, ZMQ_VERSION_PATCH),
        "The version of the interface that is declared here, as one number.";
}

/// A version as one number that compares as versions do.
#[allow(non_snake_case)]
pub const fn ZMQ_MAKE_VERSION(major: c_int, minor: c_int, patch: c_int) -> c_int {
    major * 10_000 + minor * 100 + patch
}

// Error numbers.
constants! { c_int:
    ZMQ_HAUSNUMERO = 156_384_712, "Where libzmq's own error numbers start.";
    EFSM = ZMQ_HAUSNUMERO + 51, "The socket can't do this in its present state.";
    ENOCOMPATPROTO = ZMQ_HAUSNUMERO + 52, "This kind of socket does not speak that transport.";
    ETERM = ZMQ_HAUSNUMERO + 53, "The context was terminated or shut down.";
    EMTHREAD = ZMQ_HAUSNUMERO + 54, "There is no I/O thread for the job.";
}

// Options of a context.
constants! { c_int:
    ZMQ_IO_THREADS = 1, "Context option: how many I/O threads it runs.";
    ZMQ_MAX_SOCKETS = 2, "Context option: how many sockets it may have.";
    ZMQ_SOCKET_LIMIT = 3, "Context option, get: the largest `ZMQ_MAX_SOCKETS` there can be.";
    ZMQ_THREAD_PRIORITY = 3, "Context option, set: the I/O threads' scheduling priority.";
    ZMQ_THREAD_SCHED_POLICY = 4, "Context option: the I/O threads' scheduling policy.";
    ZMQ_MAX_MSGSZ = 5, "Context option: the largest message in bytes; stored, not enforced.";
    ZMQ_MSG_T_SIZE = 6, "Context option, get: the size of a `zmq_msg_t` in bytes.";
    ZMQ_THREAD_AFFINITY_CPU_ADD = 7, "Context option, set: lets the I/O threads run on this CPU.";
    ZMQ_THREAD_AFFINITY_CPU_REMOVE = 8, "Context option, set: takes back such a CPU.";
    ZMQ_THREAD_NAME_PREFIX = 9, "Context option: what the I/O threads' names start with.";
    ZMQ_IO_THREADS_DFLT = 1, "I/O threads of a new context.";
    ZMQ_MAX_SOCKETS_DFLT = 1023, "Socket limit of a new context.";
    ZMQ_THREAD_PRIORITY_DFLT = -1, "Thread priority of a new context: the system's default.";
    ZMQ_THREAD_SCHED_POLICY_DFLT = -1, "Thread policy of a new context: the system's default.";
}

// A draft option that libzmq honours however it was built.
constants! { c_int:
    ZMQ_ZERO_COPY_RECV = 10, "Context option: received frames may share the receive buffer.";
}

// Kinds of socket.
constants! { c_int:
    ZMQ_PAIR = 0, "Exactly one peer, both ways.";
    ZMQ_PUB = 1, "Publishes to all subscribers.";
    ZMQ_SUB = 2, "Receives what it subscribed to.";
    ZMQ_REQ = 3, "Sends a request, then receives its reply.";
    ZMQ_REP = 4, "Receives a request, then sends its reply.";
    ZMQ_DEALER = 5, "Requests without the strict order: round-robin out, fair queue in.";
    ZMQ_ROUTER = 6, "Replies without the strict order: addresses peers by routing id.";
    ZMQ_PULL = 7, "Takes work from pushing peers.";
    ZMQ_PUSH = 8, "Hands work to pulling peers in turn.";
    ZMQ_XPUB = 9, "Publishes, and receives the subscriptions as messages.";
    ZMQ_XSUB = 10, "Subscribes by sending messages.";
    ZMQ_STREAM = 11, "Talks plain TCP, addressing peers by routing id.";
    ZMQ_XREQ = ZMQ_DEALER, "Old name of `ZMQ_DEALER`.";
    ZMQ_XREP = ZMQ_ROUTER, "Old name of `ZMQ_ROUTER`.";
}

#[cfg(feature = "draft")]
constants! { c_int:
    ZMQ_SERVER = 12, "Thread-safe: addresses its clients by a number.";
    ZMQ_CLIENT = 13, "Thread-safe: talks to servers in turn.";
    ZMQ_RADIO = 14, "Thread-safe: publishes to groups.";
    ZMQ_DISH = 15, "Thread-safe: receives from the groups it joined.";
    ZMQ_GATHER = 16, "Thread-safe: takes work from scattering peers.";
    ZMQ_SCATTER = 17, "Thread-safe: hands work to gathering peers in turn.";
    ZMQ_DGRAM = 18, "Talks plain UDP, addressing peers by their endpoint.";
    ZMQ_PEER = 19, "Thread-safe: any number of equal peers, addressed by a number.";
    ZMQ_CHANNEL = 20, "Thread-safe: exactly one peer, both ways.";
}

// Messages.
constants! { c_int:
    ZMQ_MORE = 1, "Message property: further frames follow.";
    ZMQ_SRCFD = 2, "Message property, deprecated: the descriptor it came through.";
    ZMQ_SHARED = 3, "Message property: its bytes may be shared with another message.";
    ZMQ_DONTWAIT = 1, "Flag to send and receive: fail with `EAGAIN` rather than wait.";
    ZMQ_SNDMORE = 2, "Flag to send: further frames follow.";
    ZMQ_NOBLOCK = ZMQ_DONTWAIT, "Old name of `ZMQ_DONTWAIT`.";
    ZMQ_GROUP_MAX_LENGTH = 255, "Longest name of a group, in bytes.";
}

// Draft names of the metadata that `zmq_msg_gets` knows however libzmq was built.
constants! { *const c_char:
    ZMQ_MSG_PROPERTY_ROUTING_ID = c"Routing-Id".as_ptr(),
        "Message metadata: the peer's routing id.";
    ZMQ_MSG_PROPERTY_SOCKET_TYPE = c"Socket-Type".as_ptr(), "Message metadata: the peer's kind.";
    ZMQ_MSG_PROPERTY_USER_ID = c"User-Id".as_ptr(), "Message metadata: the authenticated user.";
    ZMQ_MSG_PROPERTY_PEER_ADDRESS = c"Peer-Address".as_ptr(),
        "Message metadata: the peer's address.";
}

// Security.
constants! { c_int:
    ZMQ_NULL = 0, "Security mechanism: none.";
    ZMQ_PLAIN = 1, "Security mechanism: user name and password in the clear.";
    ZMQ_CURVE = 2, "Security mechanism: elliptic curves, encrypting.";
    ZMQ_GSSAPI = 3, "Security mechanism: Kerberos through GSSAPI.";
    ZMQ_GSSAPI_NT_HOSTBASED = 0, "GSSAPI name: of a service on a host.";
    ZMQ_GSSAPI_NT_USER_NAME = 1, "GSSAPI name: of a local user.";
    ZMQ_GSSAPI_NT_KRB5_PRINCIPAL = 2, "GSSAPI name: of a Kerberos principal.";
}

// Events to poll for.
constants! { c_short:
    ZMQ_POLLIN = 1, "Poll event: a message can be received.";
    ZMQ_POLLOUT = 2, "Poll event: a message can be sent.";
    ZMQ_POLLERR = 4, "Poll event, descriptors only: an error is pending.";
    ZMQ_POLLPRI = 8, "Poll event, descriptors only: urgent data can be read.";
}

constants! { c_int:
    ZMQ_POLLITEMS_DFLT = 16, "Up to this many items `zmq_poll` needs no memory from the heap.";
    ZMQ_HAS_CAPABILITIES = 1, "`zmq_has` exists.";
    ZMQ_STREAMER = 1, "Kind of `zmq_device`, which ignores it.";
    ZMQ_FORWARDER = 2, "Kind of `zmq_device`, which ignores it.";
    ZMQ_QUEUE = 3, "Kind of `zmq_device`, which ignores it.";
}

// Events of a socket monitor.
constants! { c_int:
    ZMQ_EVENT_CONNECTED = 0x0001, "Monitor event: connected; the value is the descriptor.";
    ZMQ_EVENT_CONNECT_DELAYED = 0x0002, "Monitor event: the connection is being made.";
    ZMQ_EVENT_CONNECT_RETRIED = 0x0004, "Monitor event: tries again after that many ms.";
    ZMQ_EVENT_LISTENING = 0x0008, "Monitor event: bound; the value is the descriptor.";
    ZMQ_EVENT_BIND_FAILED = 0x0010, "Monitor event: could not bind; the value is the error.";
    ZMQ_EVENT_ACCEPTED = 0x0020, "Monitor event: accepted; the value is the descriptor.";
    ZMQ_EVENT_ACCEPT_FAILED = 0x0040, "Monitor event: could not accept; the value is the error.";
    ZMQ_EVENT_CLOSED = 0x0080, "Monitor event: closed; the value is the descriptor.";
    ZMQ_EVENT_CLOSE_FAILED = 0x0100, "Monitor event: could not close; the value is the error.";
    ZMQ_EVENT_DISCONNECTED = 0x0200, "Monitor event: the connection broke.";
    ZMQ_EVENT_MONITOR_STOPPED = 0x0400, "Monitor event: the last one there is.";
    ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL = 0x0800,
        "Monitor event: the handshake failed; the value is the error.";
    ZMQ_EVENT_HANDSHAKE_SUCCEEDED = 0x1000, "Monitor event: the peers understand each other.";
    ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL = 0x2000,
        "Monitor event: the handshake failed; the value is a `ZMQ_PROTOCOL_ERROR_*`.";
    ZMQ_EVENT_HANDSHAKE_FAILED_AUTH = 0x4000,
        "Monitor event: the handshake failed; the value is the status the authenticator gave.";
    ZMQ_EVENT_ALL = 0xFFFF, "All events of a monitor.";
}

#[cfg(feature = "draft")]
constants! { c_int:
    ZMQ_CURRENT_EVENT_VERSION = 1, "The stable form of monitor messages.";
    ZMQ_CURRENT_EVENT_VERSION_DRAFT = 2, "The draft form of monitor messages.";
    ZMQ_EVENT_PIPES_STATS = 0x1_0000, "Monitor event, second form: how full the queues are.";
    ZMQ_EVENT_ALL_V1 = ZMQ_EVENT_ALL, "All events of a monitor in the first form.";
    ZMQ_EVENT_ALL_V2 = ZMQ_EVENT_ALL_V1 | ZMQ_EVENT_PIPES_STATS,
        "All events of a monitor in the second form.";
    ZMQ_NOTIFY_CONNECT = 1, "`ZMQ_ROUTER_NOTIFY`: an empty message when a peer connects.";
    ZMQ_NOTIFY_DISCONNECT = 2, "`ZMQ_ROUTER_NOTIFY`: an empty message when a peer disconnects.";
}

// What was wrong in a handshake.
constants! { c_int:
    ZMQ_PROTOCOL_ERROR_ZMTP_UNSPECIFIED = 0x1000_0000, "ZMTP: not told.";
    ZMQ_PROTOCOL_ERROR_ZMTP_UNEXPECTED_COMMAND = 0x1000_0001, "ZMTP: a command out of turn.";
    ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_SEQUENCE = 0x1000_0002, "ZMTP: commands in a wrong order.";
    ZMQ_PROTOCOL_ERROR_ZMTP_KEY_EXCHANGE = 0x1000_0003, "ZMTP: the keys could not be agreed on.";
    ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_UNSPECIFIED = 0x1000_0011,
        "ZMTP: some malformed command.";
    ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_MESSAGE = 0x1000_0012, "ZMTP: malformed MESSAGE.";
    ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_HELLO = 0x1000_0013, "ZMTP: malformed HELLO.";
    ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_INITIATE = 0x1000_0014, "ZMTP: malformed INITIATE.";
    ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_ERROR = 0x1000_0015, "ZMTP: malformed ERROR.";
    ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_READY = 0x1000_0016, "ZMTP: malformed READY.";
    ZMQ_PROTOCOL_ERROR_ZMTP_MALFORMED_COMMAND_WELCOME = 0x1000_0017, "ZMTP: malformed WELCOME.";
    ZMQ_PROTOCOL_ERROR_ZMTP_INVALID_METADATA = 0x1000_0018, "ZMTP: malformed metadata.";
    ZMQ_PROTOCOL_ERROR_ZMTP_CRYPTOGRAPHIC = 0x1100_0001, "ZMTP: the keys do not fit.";
    ZMQ_PROTOCOL_ERROR_ZMTP_MECHANISM_MISMATCH = 0x1100_0002, "ZMTP: mechanisms differ.";
    ZMQ_PROTOCOL_ERROR_ZAP_UNSPECIFIED = 0x2000_0000, "Authenticator: not told.";
    ZMQ_PROTOCOL_ERROR_ZAP_MALFORMED_REPLY = 0x2000_0001, "Authenticator: malformed reply.";
    ZMQ_PROTOCOL_ERROR_ZAP_BAD_REQUEST_ID = 0x2000_0002, "Authenticator: reply to another request.";
    ZMQ_PROTOCOL_ERROR_ZAP_BAD_VERSION = 0x2000_0003, "Authenticator: another protocol version.";
    ZMQ_PROTOCOL_ERROR_ZAP_INVALID_STATUS_CODE = 0x2000_0004, "Authenticator: no such status.";
    ZMQ_PROTOCOL_ERROR_ZAP_INVALID_METADATA = 0x2000_0005, "Authenticator: malformed metadata.";
    ZMQ_PROTOCOL_ERROR_WS_UNSPECIFIED = 0x3000_0000, "WebSocket: not told.";
}
