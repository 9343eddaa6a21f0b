//! Options of sockets: C type and unit, whether they can be read (get) and written (set), meaning.

use core::ffi::c_int;

constants! { c_int:
    ZMQ_AFFINITY = 4,
        "`uint64_t`, get and set: which I/O threads serve connections; bit n is thread n.";
    ZMQ_ROUTING_ID = 5, "Bytes, get and set: the name by which a ROUTER addresses this socket.";
    ZMQ_SUBSCRIBE = 6, "Bytes, set: receive messages that start so.";
    ZMQ_UNSUBSCRIBE = 7, "Bytes, set: undoes one `ZMQ_SUBSCRIBE`.";
    ZMQ_RATE = 8, "`int` kbit/s, get and set: how fast multicast sends.";
    ZMQ_RECOVERY_IVL = 9, "`int` ms, get and set: how long multicast can recover what was lost.";
    ZMQ_SNDBUF = 11, "`int` bytes, get and set: the kernel's send buffer; -1 is its default.";
    ZMQ_RCVBUF = 12, "`int` bytes, get and set: the kernel's receive buffer; -1 is its default.";
    ZMQ_RCVMORE = 13, "`int`, get: 1 if frames follow the one received last.";
    ZMQ_FD = 14, "`zmq_fd_t`, get: readable when `ZMQ_EVENTS` should be looked at; edge-triggered.";
    ZMQ_EVENTS = 15, "`int`, get: what the socket can do now, `ZMQ_POLLIN` and `ZMQ_POLLOUT`.";
    ZMQ_TYPE = 16, "`int`, get: the kind of socket.";
    ZMQ_LINGER = 17,
        "`int` ms, get and set: how long unsent messages outlive the socket; -1 for ever.";
    ZMQ_RECONNECT_IVL = 18, "`int` ms, get and set: the wait before connecting again; -1 is never.";
    ZMQ_BACKLOG = 19, "`int`, get and set: how many connections may wait to be accepted.";
    ZMQ_RECONNECT_IVL_MAX = 21,
        "`int` ms, get and set: up to here that wait doubles; 0 is not at all.";
    ZMQ_MAXMSGSIZE = 22,
        "`int64_t` bytes, get and set: peers that send more are cut off; -1 is no limit.";
    ZMQ_SNDHWM = 23,
        "`int` messages, get and set: how many wait to be sent to a peer; 0 is no limit.";
    ZMQ_RCVHWM = 24, "`int` messages, get and set: how many wait to be received; 0 is no limit.";
    ZMQ_MULTICAST_HOPS = 25, "`int`, get and set: how many routers multicast passes.";
    ZMQ_RCVTIMEO = 27, "`int` ms, get and set: how long a receive waits; -1 is for ever.";
    ZMQ_SNDTIMEO = 28, "`int` ms, get and set: how long a send waits; -1 is for ever.";
    ZMQ_LAST_ENDPOINT = 32, "String with NUL, get: the endpoint bound or connected last.";
    ZMQ_ROUTER_MANDATORY = 33, "`int`, set: 1 fails sends to unknown peers rather than dropping.";
    ZMQ_TCP_KEEPALIVE = 34, "`int`, get and set: TCP keep-alive; -1 is the system's default.";
    ZMQ_TCP_KEEPALIVE_CNT = 35, "`int`, get and set: probes before giving up; -1 is the default.";
    ZMQ_TCP_KEEPALIVE_IDLE = 36, "`int` s, get and set: silence before probing; -1 is the default.";
    ZMQ_TCP_KEEPALIVE_INTVL = 37,
        "`int` s, get and set: the time between probes; -1 is the default.";
    ZMQ_IMMEDIATE = 39, "`int`, get and set: 1 queues messages only for connections that exist.";
    ZMQ_XPUB_VERBOSE = 40, "`int`, set: 1 passes on every subscription, also repeated ones.";
    ZMQ_ROUTER_RAW = 41, "`int`, set: 1 talks to peers that are not ZeroMQ; use a STREAM.";
    ZMQ_IPV6 = 42, "`int`, get and set: 1 uses IPv6 too. Also a context option, for new sockets.";
    ZMQ_MECHANISM = 43, "`int`, get: the security mechanism.";
    ZMQ_PLAIN_SERVER = 44, "`int`, get and set: 1 is the server of PLAIN.";
    ZMQ_PLAIN_USERNAME = 45, "String, get and set: the user name for PLAIN.";
    ZMQ_PLAIN_PASSWORD = 46, "String, get and set: the password for PLAIN.";
    ZMQ_CURVE_SERVER = 47, "`int`, get and set: 1 is the server of CURVE.";
    ZMQ_CURVE_PUBLICKEY = 48, "Key (32 bytes, or Z85 text), get and set: our public key.";
    ZMQ_CURVE_SECRETKEY = 49, "Key (32 bytes, or Z85 text), get and set: our secret key.";
    ZMQ_CURVE_SERVERKEY = 50, "Key (32 bytes, or Z85 text), get and set: the server's public key.";
    ZMQ_PROBE_ROUTER = 51, "`int`, set: 1 sends an empty message to every new peer.";
    ZMQ_REQ_CORRELATE = 52, "`int`, set: 1 numbers requests and drops replies to others.";
    ZMQ_REQ_RELAXED = 53, "`int`, set: 1 lets a REQ send again before the reply came.";
    ZMQ_CONFLATE = 54, "`int`, get and set: 1 keeps only the last message.";
    ZMQ_ZAP_DOMAIN = 55, "String, get and set: the domain told to the authenticator.";
    ZMQ_ROUTER_HANDOVER = 56, "`int`, set: 1 gives a routing id to the peer that claims it last.";
    ZMQ_TOS = 57, "`int`, get and set: the type-of-service byte of IP packets.";
    ZMQ_CONNECT_ROUTING_ID = 61, "Bytes, set: the routing id of the peer connected to next.";
    ZMQ_GSSAPI_SERVER = 62, "`int`, get and set: 1 is the server of GSSAPI.";
    ZMQ_GSSAPI_PRINCIPAL = 63, "String, get and set: our principal for GSSAPI.";
    ZMQ_GSSAPI_SERVICE_PRINCIPAL = 64, "String, get and set: the server's principal for GSSAPI.";
    ZMQ_GSSAPI_PLAINTEXT = 65, "`int`, get and set: 1 does not encrypt after the GSSAPI handshake.";
    ZMQ_HANDSHAKE_IVL = 66, "`int` ms, get and set: how long a handshake may take; 0 is no limit.";
    ZMQ_SOCKS_PROXY = 68, "String, get and set: the SOCKS5 proxy to connect through.";
    ZMQ_XPUB_NODROP = 69, "`int`, set: 1 blocks rather than drops at the high-water mark.";
    ZMQ_BLOCKY = 70, "`int`, context option: 0 gives new sockets a linger of 0.";
    ZMQ_XPUB_MANUAL = 71, "`int`, set: 1 leaves it to the program to act on subscriptions.";
    ZMQ_XPUB_WELCOME_MSG = 72, "Bytes, set: the message every new subscriber gets.";
    ZMQ_STREAM_NOTIFY = 73, "`int`, set: 1 tells of connects and disconnects by empty messages.";
    ZMQ_INVERT_MATCHING = 74, "`int`, get and set: 1 delivers what does not match a subscription.";
    ZMQ_HEARTBEAT_IVL = 75, "`int` ms, get and set: the time between heartbeats; 0 is none.";
    ZMQ_HEARTBEAT_TTL = 76, "`int` ms, get and set: when the peer gives us up without traffic.";
    ZMQ_HEARTBEAT_TIMEOUT = 77,
        "`int` ms, get and set: when we give up a peer that does not answer.";
    ZMQ_XPUB_VERBOSER = 78, "`int`, set: as `ZMQ_XPUB_VERBOSE`, and unsubscriptions as well.";
    ZMQ_CONNECT_TIMEOUT = 79,
        "`int` ms, get and set: how long TCP tries to connect; 0 is its default.";
    ZMQ_TCP_MAXRT = 80, "`int` ms, get and set: how long TCP sends again; 0 is its default.";
    ZMQ_THREAD_SAFE = 81, "`int`, get: 1 if threads may share the socket.";
    ZMQ_MULTICAST_MAXTPDU = 84, "`int` bytes, get and set: the largest multicast packet.";
    ZMQ_VMCI_BUFFER_SIZE = 85, "`uint64_t` bytes, set: VMCI's buffer.";
    ZMQ_VMCI_BUFFER_MIN_SIZE = 86, "`uint64_t` bytes, set: the smallest buffer of VMCI.";
    ZMQ_VMCI_BUFFER_MAX_SIZE = 87, "`uint64_t` bytes, set: the largest buffer of VMCI.";
    ZMQ_VMCI_CONNECT_TIMEOUT = 88, "`int` ms, set: how long VMCI tries to connect.";
    ZMQ_USE_FD = 89, "`int`, get and set: an already bound descriptor, for the next bind.";
    ZMQ_GSSAPI_PRINCIPAL_NAMETYPE = 90, "`int`, get and set: a `ZMQ_GSSAPI_NT_*`, for ours.";
    ZMQ_GSSAPI_SERVICE_PRINCIPAL_NAMETYPE = 91,
        "`int`, get and set: a `ZMQ_GSSAPI_NT_*`, for the server's.";
    ZMQ_BINDTODEVICE = 92, "String, get and set: the network interface to use.";
}

// Deprecated.
constants! { c_int:
    ZMQ_IDENTITY = ZMQ_ROUTING_ID, "Old name of `ZMQ_ROUTING_ID`.";
    ZMQ_CONNECT_RID = ZMQ_CONNECT_ROUTING_ID, "Old name of `ZMQ_CONNECT_ROUTING_ID`.";
    ZMQ_DELAY_ATTACH_ON_CONNECT = ZMQ_IMMEDIATE, "Old name of `ZMQ_IMMEDIATE`.";
    ZMQ_FAIL_UNROUTABLE = ZMQ_ROUTER_MANDATORY, "Old name of `ZMQ_ROUTER_MANDATORY`.";
    ZMQ_ROUTER_BEHAVIOR = ZMQ_ROUTER_MANDATORY, "Old name of `ZMQ_ROUTER_MANDATORY`.";
    ZMQ_IPV4ONLY = 31, "`int`, get and set, deprecated: the opposite of `ZMQ_IPV6`.";
    ZMQ_TCP_ACCEPT_FILTER = 38, "String, set, deprecated: a network whose peers are accepted.";
    ZMQ_IPC_FILTER_PID = 58, "`pid_t`, set, deprecated: a process whose connections are accepted.";
    ZMQ_IPC_FILTER_UID = 59, "`uid_t`, set, deprecated: a user whose connections are accepted.";
    ZMQ_IPC_FILTER_GID = 60, "`gid_t`, set, deprecated: a group whose connections are accepted.";
}

// Draft options that libzmq honours however it was built.
constants! { c_int:
    ZMQ_ZAP_ENFORCE_DOMAIN = 93,
        "`int`, get and set, draft: 1 refuses peers if nobody authenticates.";
    ZMQ_LOOPBACK_FASTPATH = 94,
        "`int`, get and set, draft: 1 is a short cut for loopback on Windows.";
    ZMQ_METADATA = 95,
        "String `X-key:value`, set, draft: metadata the peer gets with our messages.";
    ZMQ_MULTICAST_LOOP = 96, "`int`, get and set, draft: 1 receives one's own multicast.";
    ZMQ_XPUB_MANUAL_LAST_VALUE = 98,
        "`int`, set, draft: `ZMQ_XPUB_MANUAL`, and only the last subscriber gets the next message.";
    ZMQ_SOCKS_USERNAME = 99, "String, get and set, draft: the user name for the SOCKS5 proxy.";
    ZMQ_SOCKS_PASSWORD = 100, "String, get and set, draft: the password for the SOCKS5 proxy.";
    ZMQ_ONLY_FIRST_SUBSCRIBE = 108,
        "`int`, set, draft: 1 takes only the first frame of a message for a subscription.";
    ZMQ_RECONNECT_STOP = 109, "`int`, get and set, draft: when not to connect again.";
    ZMQ_RECONNECT_STOP_CONN_REFUSED = 1, "`ZMQ_RECONNECT_STOP`: when the peer refused.";
    ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED = 2, "`ZMQ_RECONNECT_STOP`: when the handshake failed.";
    ZMQ_RECONNECT_STOP_AFTER_DISCONNECT = 4, "`ZMQ_RECONNECT_STOP`: when disconnected by hand.";
    ZMQ_TOPICS_COUNT = 116, "`int`, get, draft: how many topics are subscribed to.";
}

// Draft options that the vendored libzmq honours however it was built.
constants! { c_int:
    ZMQ_IN_BATCH_SIZE = 101, "`int` bytes, get and set, draft: the most that is read at once.";
    ZMQ_OUT_BATCH_SIZE = 102, "`int` bytes, get and set, draft: the most that is written at once.";
}

#[cfg(feature = "draft")]
constants! { c_int:
    ZMQ_ROUTER_NOTIFY = 97, "`int`, get and set: the `ZMQ_NOTIFY_*` a ROUTER is told.";
    ZMQ_WSS_KEY_PEM = 103, "String, set: the private key for WebSocket over TLS.";
    ZMQ_WSS_CERT_PEM = 104, "String, set: the certificate for WebSocket over TLS.";
    ZMQ_WSS_TRUST_PEM = 105, "String, set: the authorities trusted for WebSocket over TLS.";
    ZMQ_WSS_HOSTNAME = 106, "String, set: the host name to find in the peer's certificate.";
    ZMQ_WSS_TRUST_SYSTEM = 107, "`int`, set: 1 trusts the system's authorities.";
    ZMQ_HELLO_MSG = 110, "Bytes, set: the message every new peer gets.";
    ZMQ_DISCONNECT_MSG = 111, "Bytes, set: the message received when a peer disconnects.";
    ZMQ_PRIORITY = 112, "`int`, get and set: the priority of packets (`SO_PRIORITY`).";
    ZMQ_BUSY_POLL = 113, "`int` µs, set: how long to spin for packets (`SO_BUSY_POLL`).";
    ZMQ_HICCUP_MSG = 114, "Bytes, set: the message received when a connection is lost.";
    ZMQ_XSUB_VERBOSE_UNSUBSCRIBE = 115, "`int`, set: 1 passes on every unsubscription.";
    ZMQ_NORM_MODE = 117,
        "`int`, get and set: NORM's congestion control, `ZMQ_NORM_FIXED` and its kin.";
    ZMQ_NORM_UNICAST_NACK = 118,
        "`int`, get and set: 1 sends NORM's complaints to the sender only.";
    ZMQ_NORM_BUFFER_SIZE = 119, "`int` kB, get and set: NORM's buffer.";
    ZMQ_NORM_SEGMENT_SIZE = 120, "`int` bytes, get and set: the payload of a NORM packet.";
    ZMQ_NORM_BLOCK_SIZE = 121, "`int` segments, get and set: the size of a NORM block.";
    ZMQ_NORM_NUM_PARITY = 122, "`int` segments, get and set: parity computed for a NORM block.";
    ZMQ_NORM_NUM_AUTOPARITY = 123, "`int` segments, get and set: parity sent without being asked.";
    ZMQ_NORM_PUSH = 124, "`int`, get and set: 1 lets NORM's new data displace old.";
    ZMQ_NORM_FIXED = 0, "`ZMQ_NORM_MODE`: the fixed `ZMQ_RATE`.";
    ZMQ_NORM_CC = 1, "`ZMQ_NORM_MODE`: TCP-friendly congestion control.";
    ZMQ_NORM_CCL = 2, "`ZMQ_NORM_MODE`: the same, tolerating loss.";
    ZMQ_NORM_CCE = 3, "`ZMQ_NORM_MODE`: the same, heeding explicit notification.";
    ZMQ_NORM_CCE_ECNONLY = 4, "`ZMQ_NORM_MODE`: the same, heeding explicit notification only.";
}
