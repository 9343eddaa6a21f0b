//! What has no method, and why.

/// The names in `zmq.h` that belong to options and have no method of their own, each with the
/// reason: the method that does its job, or what is wrong with it.
///
/// ```
/// use ferromq::NOT_OFFERED;
///
/// let (_, reason) = NOT_OFFERED.iter().find(|(name, _)| *name == "ZMQ_IPV4ONLY").unwrap();
/// assert!(reason.contains("set_ipv6"));
/// ```
pub const NOT_OFFERED: &[(&str, &str)] = &[
    // Methods with more to them than an option has.
    ("ZMQ_SUBSCRIBE", "it is `subscribe`"),
    ("ZMQ_UNSUBSCRIBE", "it is `unsubscribe`"),
    // Secrets are not read back.
    (
        "ZMQ_PLAIN_PASSWORD",
        "`set_security` with a `Security::PlainClient` sets it",
    ),
    (
        "ZMQ_CURVE_SECRETKEY",
        "`set_security` with a `Security::CurveServer` or `Security::CurveClient` sets it",
    ),
    // Deprecated.
    ("ZMQ_IDENTITY", "old name of ZMQ_ROUTING_ID: `routing_id`"),
    (
        "ZMQ_CONNECT_RID",
        "old name of ZMQ_CONNECT_ROUTING_ID: `set_connect_routing_id`",
    ),
    (
        "ZMQ_DELAY_ATTACH_ON_CONNECT",
        "old name of ZMQ_IMMEDIATE: `set_immediate`",
    ),
    (
        "ZMQ_FAIL_UNROUTABLE",
        "old name of ZMQ_ROUTER_MANDATORY: `set_router_mandatory`",
    ),
    (
        "ZMQ_ROUTER_BEHAVIOR",
        "old name of ZMQ_ROUTER_MANDATORY: `set_router_mandatory`",
    ),
    (
        "ZMQ_ROUTER_RAW",
        "deprecated, and never off again: a STREAM socket",
    ),
    (
        "ZMQ_IPV4ONLY",
        "deprecated, the opposite of ZMQ_IPV6: `set_ipv6`",
    ),
    (
        "ZMQ_TCP_ACCEPT_FILTER",
        "deprecated: a `Security::NullServer` and a `zap::Authenticator`, which can also tell the peer apart",
    ),
    (
        "ZMQ_IPC_FILTER_PID",
        "deprecated, and process ids are reused: the permissions of the endpoint's directory",
    ),
    (
        "ZMQ_IPC_FILTER_UID",
        "deprecated: the permissions of the endpoint's directory, or `Peer-Address`, which tells \
         the user",
    ),
    (
        "ZMQ_IPC_FILTER_GID",
        "deprecated: the permissions of the endpoint's directory, or `Peer-Address`, which tells \
         the group",
    ),
    // Options of the context under the same prefix.
    (
        "ZMQ_BLOCKY",
        "of the context, where `ContextBuilder::linger` says for new sockets what it says and more",
    ),
    (
        "ZMQ_MAX_MSGSZ",
        "of the context, and enforced nowhere in libzmq 4.3.5: `set_max_msg_size` of each socket",
    ),
    (
        "ZMQ_MSG_T_SIZE",
        "of the context: the size of a type that this crate keeps to itself",
    ),
    // Windows only.
    #[cfg(not(windows))]
    (
        "ZMQ_LOOPBACK_FASTPATH",
        "acts on Windows only: `set_loopback_fastpath` there",
    ),
    // Values of options.
    (
        "ZMQ_RECONNECT_STOP_CONN_REFUSED",
        "a value: `ReconnectStop::CONN_REFUSED`",
    ),
    (
        "ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED",
        "a value: `ReconnectStop::HANDSHAKE_FAILED`",
    ),
    (
        "ZMQ_RECONNECT_STOP_AFTER_DISCONNECT",
        "a value that makes libzmq 4.3.5 read memory that it has not initialised",
    ),
    ("ZMQ_NORM_FIXED", "a value: `NormMode::Fixed`"),
    ("ZMQ_NORM_CC", "a value: `NormMode::Cc`"),
    ("ZMQ_NORM_CCL", "a value: `NormMode::Ccl`"),
    ("ZMQ_NORM_CCE", "a value: `NormMode::Cce`"),
    ("ZMQ_NORM_CCE_ECNONLY", "a value: `NormMode::CceEcnOnly`"),
];
