//! Every function and every constant of the header is declared, as what it is, and nothing else.

use std::collections::BTreeSet;

use header_check::Extent::{Draft, Stable};
use header_check::{Extent, declared, header};

/// Macros of the header that are no constants of the interface.
const NOT_DECLARED: [(&str, &str); 4] = [
    (
        "__ZMQ_H_INCLUDED__",
        "keeps the header from being read twice",
    ),
    (
        "ZMQ_DEFINED_STDINT",
        "tells C that the header cared for <stdint.h>",
    ),
    (
        "ZMQ_HAVE_POLLER",
        "empty: tells C that zmq_poller_* is declared",
    ),
    (
        "ZMQ_HAVE_TIMERS",
        "empty: tells C that zmq_timers_* is declared",
    ),
];

/// Draft constants that are declared without the feature, as libzmq honours them in any build.
const HONOURED_DRAFTS: [&str; 20] = [
    "ZMQ_IN_BATCH_SIZE",
    "ZMQ_LOOPBACK_FASTPATH",
    "ZMQ_METADATA",
    "ZMQ_MSG_PROPERTY_PEER_ADDRESS",
    "ZMQ_MSG_PROPERTY_ROUTING_ID",
    "ZMQ_MSG_PROPERTY_SOCKET_TYPE",
    "ZMQ_MSG_PROPERTY_USER_ID",
    "ZMQ_MULTICAST_LOOP",
    "ZMQ_ONLY_FIRST_SUBSCRIBE",
    "ZMQ_OUT_BATCH_SIZE",
    "ZMQ_RECONNECT_STOP",
    "ZMQ_RECONNECT_STOP_AFTER_DISCONNECT",
    "ZMQ_RECONNECT_STOP_CONN_REFUSED",
    "ZMQ_RECONNECT_STOP_HANDSHAKE_FAILED",
    "ZMQ_SOCKS_PASSWORD",
    "ZMQ_SOCKS_USERNAME",
    "ZMQ_TOPICS_COUNT",
    "ZMQ_XPUB_MANUAL_LAST_VALUE",
    "ZMQ_ZAP_ENFORCE_DOMAIN",
    "ZMQ_ZERO_COPY_RECV",
];

/// The constants that the header leads us to declare.
fn expected_constants(extent: Extent) -> BTreeSet<String> {
    let mut names = header(extent).constants;
    names.retain(|name| NOT_DECLARED.iter().all(|(other, _)| name != other));
    names.extend(HONOURED_DRAFTS.map(String::from));
    names
}

/// Fails with what is in one set only.
fn assert_same(expected: &BTreeSet<String>, declared: &BTreeSet<String>) {
    let missing: Vec<_> = expected.difference(declared).collect();
    let surplus: Vec<_> = declared.difference(expected).collect();
    assert!(
        missing.is_empty() && surplus.is_empty(),
        "only in zmq.h: {missing:#?}\nonly in ferromq-sys: {surplus:#?}"
    );
}

fn assert_same_functions(extent: Extent) {
    let lines = |functions: std::collections::BTreeMap<String, String>| {
        functions
            .into_iter()
            .map(|(name, signature)| format!("{name}: {signature}"))
            .collect()
    };
    assert_same(
        &lines(header(extent).functions),
        &lines(declared(extent).functions),
    );
}

#[test]
fn stable_constants_are_the_headers() {
    assert_same(&expected_constants(Stable), &declared(Stable).constants);
}

#[test]
fn draft_constants_are_the_headers() {
    assert_same(&expected_constants(Draft), &declared(Draft).constants);
}

#[test]
fn constants_honoured_in_any_build_are_draft() {
    let stable = header(Stable).constants;
    let draft = header(Draft).constants;
    for name in HONOURED_DRAFTS {
        assert!(
            draft.contains(name) && !stable.contains(name),
            "{name} is not a draft constant"
        );
    }
}

#[test]
fn stable_functions_are_the_headers() {
    assert_same_functions(Stable);
}

#[test]
fn draft_functions_are_the_headers() {
    assert_same_functions(Draft);
}
