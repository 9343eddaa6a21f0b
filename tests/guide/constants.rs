//! What each constant of `zmq.h` is here, but for the options of sockets.

/// As [`FUNCTIONS`](crate::functions::FUNCTIONS), a heading before each group.
pub const CONSTANTS: &[(&str, &[(&str, &str)])] = &[
    (
        "Versions and errors",
        &[
            (
                "ZMQ_VERSION_MAJOR",
                "no: `version` tells it of the library in use",
            ),
            ("ZMQ_VERSION_MINOR", "no: as `ZMQ_VERSION_MAJOR`"),
            ("ZMQ_VERSION_PATCH", "no: as `ZMQ_VERSION_MAJOR`"),
            ("ZMQ_VERSION", "no: as `ZMQ_VERSION_MAJOR`"),
            ("ZMQ_HAS_CAPABILITIES", "no: `has` always exists"),
            ("ZMQ_HAUSNUMERO", "no: `ErrorKind` has names for the errors"),
            ("EFSM", "`ErrorKind::WrongState`"),
            ("ENOCOMPATPROTO", "`ErrorKind::IncompatibleTransport`"),
            ("ETERM", "`ErrorKind::Terminated`"),
            ("EMTHREAD", "`ErrorKind::NoIoThread`"),
        ],
    ),
    (
        "Options of the context",
        &[
            (
                "ZMQ_IO_THREADS",
                "`ContextBuilder::io_threads`, `Context::io_threads`",
            ),
            (
                "ZMQ_MAX_SOCKETS",
                "`ContextBuilder::max_sockets`, `Context::max_sockets`",
            ),
            ("ZMQ_SOCKET_LIMIT", "`Context::socket_limit`"),
            ("ZMQ_THREAD_PRIORITY", "`ContextBuilder::thread_priority`"),
            (
                "ZMQ_THREAD_SCHED_POLICY",
                "`ContextBuilder::thread_sched_policy`, `Context::thread_sched_policy`",
            ),
            (
                "ZMQ_MAX_MSGSZ",
                "no: libzmq 4.3.5 enforces it nowhere; `Socket::set_max_msg_size`",
            ),
            (
                "ZMQ_MSG_T_SIZE",
                "no: the size of a type that this crate keeps to itself",
            ),
            (
                "ZMQ_THREAD_AFFINITY_CPU_ADD",
                "`ContextBuilder::thread_affinity_cpus`",
            ),
            (
                "ZMQ_THREAD_AFFINITY_CPU_REMOVE",
                "no: a context is built with the processors that it has",
            ),
            (
                "ZMQ_THREAD_NAME_PREFIX",
                "`ContextBuilder::thread_name_prefix`, `Context::thread_name_prefix`",
            ),
            (
                "ZMQ_ZERO_COPY_RECV",
                "`ContextBuilder::zero_copy_recv`, `Context::zero_copy_recv`",
            ),
            ("ZMQ_IPV6", "`ContextBuilder::ipv6`, `Context::ipv6`"),
            (
                "ZMQ_BLOCKY",
                "no: `ContextBuilder::linger` says what it says, and more",
            ),
            (
                "ZMQ_IO_THREADS_DFLT",
                "no: 1, the default of `ContextBuilder::io_threads`",
            ),
            (
                "ZMQ_MAX_SOCKETS_DFLT",
                "no: 1023, the default of `ContextBuilder::max_sockets`",
            ),
            (
                "ZMQ_THREAD_PRIORITY_DFLT",
                "no: as the system does, without `ContextBuilder::thread_priority`",
            ),
            (
                "ZMQ_THREAD_SCHED_POLICY_DFLT",
                "no: as the system does, without `ContextBuilder::thread_sched_policy`",
            ),
        ],
    ),
    (
        "Kinds of socket",
        &[
            ("ZMQ_PAIR", "`PAIR`"),
            ("ZMQ_PUB", "`PUB`"),
            ("ZMQ_SUB", "`SUB`"),
            ("ZMQ_REQ", "`REQ`"),
            ("ZMQ_REP", "`REP`"),
            ("ZMQ_DEALER", "`DEALER`"),
            ("ZMQ_ROUTER", "`ROUTER`"),
            ("ZMQ_PULL", "`PULL`"),
            ("ZMQ_PUSH", "`PUSH`"),
            ("ZMQ_XPUB", "`XPUB`"),
            ("ZMQ_XSUB", "`XSUB`"),
            ("ZMQ_STREAM", "`STREAM`"),
            ("ZMQ_XREQ", "no: an old name; `DEALER`"),
            ("ZMQ_XREP", "no: an old name; `ROUTER`"),
            ("ZMQ_STREAMER", "no: of `zmq_device`, which ignores it"),
            ("ZMQ_FORWARDER", "no: of `zmq_device`, which ignores it"),
            ("ZMQ_QUEUE", "no: of `zmq_device`, which ignores it"),
        ],
    ),
    (
        "Messages",
        &[
            ("ZMQ_MORE", "`Message::more`"),
            (
                "ZMQ_SRCFD",
                "no: deprecated, and the descriptor may be another's by now",
            ),
            ("ZMQ_SHARED", "no: `Message::make_mut` looks at it"),
            ("ZMQ_DONTWAIT", "`Socket::try_send`, `Socket::try_recv`"),
            ("ZMQ_SNDMORE", "`Socket::send_multipart`"),
            ("ZMQ_NOBLOCK", "no: an old name of `ZMQ_DONTWAIT`"),
            (
                "ZMQ_GROUP_MAX_LENGTH",
                "no: `set_group` of a `Message` checks it",
            ),
            ("ZMQ_MSG_PROPERTY_ROUTING_ID", "`Message::peer_routing_id`"),
            (
                "ZMQ_MSG_PROPERTY_SOCKET_TYPE",
                "`Message::peer_socket_type`",
            ),
            ("ZMQ_MSG_PROPERTY_USER_ID", "`Message::user_id`"),
            ("ZMQ_MSG_PROPERTY_PEER_ADDRESS", "`Message::peer_address`"),
        ],
    ),
    (
        "Security",
        &[
            ("ZMQ_NULL", "`Mechanism::Null`"),
            ("ZMQ_PLAIN", "`Mechanism::Plain`"),
            ("ZMQ_CURVE", "`Mechanism::Curve`"),
            ("ZMQ_GSSAPI", "`Mechanism::Gssapi`"),
            ("ZMQ_GSSAPI_NT_HOSTBASED", "`GssapiNameType::HostBased`"),
            ("ZMQ_GSSAPI_NT_USER_NAME", "`GssapiNameType::UserName`"),
            (
                "ZMQ_GSSAPI_NT_KRB5_PRINCIPAL",
                "`GssapiNameType::Krb5Principal`",
            ),
        ],
    ),
    (
        "Polling",
        &[
            ("ZMQ_POLLIN", "`Events::RECV`"),
            ("ZMQ_POLLOUT", "`Events::SEND`"),
            ("ZMQ_POLLERR", "`Events::ERROR`"),
            ("ZMQ_POLLPRI", "`Events::PRIORITY`"),
            ("ZMQ_POLLITEMS_DFLT", "no: a measure of libzmq's own memory"),
        ],
    ),
    (
        "Events of a monitor",
        &[
            ("ZMQ_EVENT_CONNECTED", "`MonitorEventKind::Connected`"),
            (
                "ZMQ_EVENT_CONNECT_DELAYED",
                "`MonitorEventKind::ConnectDelayed`",
            ),
            (
                "ZMQ_EVENT_CONNECT_RETRIED",
                "`MonitorEventKind::ConnectRetried`",
            ),
            ("ZMQ_EVENT_LISTENING", "`MonitorEventKind::Listening`"),
            ("ZMQ_EVENT_BIND_FAILED", "`MonitorEventKind::BindFailed`"),
            ("ZMQ_EVENT_ACCEPTED", "`MonitorEventKind::Accepted`"),
            (
                "ZMQ_EVENT_ACCEPT_FAILED",
                "`MonitorEventKind::AcceptFailed`",
            ),
            ("ZMQ_EVENT_CLOSED", "`MonitorEventKind::Closed`"),
            ("ZMQ_EVENT_CLOSE_FAILED", "`MonitorEventKind::CloseFailed`"),
            ("ZMQ_EVENT_DISCONNECTED", "`MonitorEventKind::Disconnected`"),
            ("ZMQ_EVENT_MONITOR_STOPPED", "the end of a `Monitor`"),
            (
                "ZMQ_EVENT_HANDSHAKE_SUCCEEDED",
                "`MonitorEventKind::HandshakeSucceeded`",
            ),
            (
                "ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL",
                "`MonitorEventKind::HandshakeFailedNoDetail`",
            ),
            (
                "ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL",
                "`MonitorEventKind::HandshakeFailedProtocol`",
            ),
            (
                "ZMQ_EVENT_HANDSHAKE_FAILED_AUTH",
                "`MonitorEventKind::HandshakeFailedAuth`",
            ),
            ("ZMQ_EVENT_ALL", "`MonitorEvents::all`"),
            (
                "ZMQ_PROTOCOL_ERROR_*",
                "`ProtocolError`, a variant for each",
            ),
        ],
    ),
];

/// As [`CONSTANTS`], for those of the draft interface. Its paths are of the feature `draft`.
pub const DRAFT_CONSTANTS: &[(&str, &str)] = &[
    ("ZMQ_SERVER", "`SERVER`"),
    ("ZMQ_CLIENT", "`CLIENT`"),
    ("ZMQ_RADIO", "`RADIO`"),
    ("ZMQ_DISH", "`DISH`"),
    ("ZMQ_GATHER", "`GATHER`"),
    ("ZMQ_SCATTER", "`SCATTER`"),
    ("ZMQ_DGRAM", "`DGRAM`"),
    ("ZMQ_PEER", "`PEER`"),
    ("ZMQ_CHANNEL", "`CHANNEL`"),
    ("ZMQ_NOTIFY_CONNECT", "`RouterNotify::CONNECT`"),
    ("ZMQ_NOTIFY_DISCONNECT", "`RouterNotify::DISCONNECT`"),
    (
        "ZMQ_CURRENT_EVENT_VERSION",
        "no: of `zmq_socket_monitor_versioned`",
    ),
    (
        "ZMQ_CURRENT_EVENT_VERSION_DRAFT",
        "no: of `zmq_socket_monitor_versioned`",
    ),
    (
        "ZMQ_EVENT_PIPES_STATS",
        "no: of `zmq_socket_monitor_pipes_stats`",
    ),
    ("ZMQ_EVENT_ALL_V1", "no: of `zmq_socket_monitor_versioned`"),
    ("ZMQ_EVENT_ALL_V2", "no: of `zmq_socket_monitor_versioned`"),
];
