//! Options of PUB, SUB, XPUB and XSUB.

use std::sync::atomic::AtomicBool;

use crate::error::Result;
#[cfg(feature = "draft")]
use crate::kind::SendsSubscriptions;
use crate::kind::{
    CanFilter, CanPublish, CanSubscribeByMessage, HasTopics, Kind, SeesSubscriptions,
};
use crate::option::options;
use crate::option::value::*;
use crate::socket::Socket;

options! {
    ZMQ_XPUB_VERBOSE "ZMQ_XPUB_VERBOSE" {
        doc "Whether every subscription is received, also of a topic that other peers have \
             subscribed to already. It switches [`xpub_verboser`](Socket::set_xpub_verboser) off.",
        set set_xpub_verbose(bool),
        as Flag, on SeesSubscriptions, default "false", acts Now, since "3.2",
        example XPUB "socket.set_xpub_verbose(true)?;"
    }
    ZMQ_XPUB_NODROP "ZMQ_XPUB_NODROP" {
        doc "Whether a send waits, as [`sndtimeo`](Socket::sndtimeo) says, for a subscriber that \
             has reached its high-water mark, instead of dropping the message for that one.",
        set set_xpub_nodrop(bool),
        as Flag, on CanPublish, default "false", acts Now, since "4.1",
        example PUB "socket.set_xpub_nodrop(true)?;"
    }
    ZMQ_XPUB_MANUAL "ZMQ_XPUB_MANUAL" {
        doc "Whether the program acts on subscriptions itself: each one that it receives has no \
             effect until it calls [`subscribe`](Socket::subscribe) or \
             [`unsubscribe`](Socket::unsubscribe), with that topic or another, on behalf of the \
             peer that it was received from.",
        set set_xpub_manual(bool),
        as Flag, on SeesSubscriptions, default "false", acts Now, since "4.2",
        example XPUB "socket.set_xpub_manual(true)?;"
    }
    ZMQ_XPUB_WELCOME_MSG "ZMQ_XPUB_WELCOME_MSG" {
        doc "The message that every new subscriber gets first, if it has subscribed to that; up to \
             1 MiB, empty for none. While it is set, `inproc` endpoints are not bound: a subscriber \
             that came and went before would make libzmq abort. Set it after such a bind.",
        set set_xpub_welcome_msg(impl AsRef<[u8]>),
        as Greeting, on CanPublish, default "none", acts Now, since "4.2",
        example XPUB "socket.set_xpub_welcome_msg(\"hello\")?;"
    }
    ZMQ_INVERT_MATCHING "ZMQ_INVERT_MATCHING" {
        doc "Whether messages are delivered that match no subscription, instead of those that do. \
             To be set on both ends alike.",
        get invert_matching -> bool,
        set set_invert_matching(bool),
        as Flag, on CanFilter, default "false", acts Now, since "4.2",
        example PUB "socket.set_invert_matching(true)?;\nassert!(socket.invert_matching()?);"
    }
    ZMQ_XPUB_VERBOSER "ZMQ_XPUB_VERBOSER" {
        doc "Whether every subscription and every unsubscription is received, also of a topic that \
             other peers are subscribed to.",
        set set_xpub_verboser(bool),
        as Flag, on SeesSubscriptions, default "false", acts Now, since "4.2",
        example XPUB "socket.set_xpub_verboser(true)?;"
    }
    ZMQ_XPUB_MANUAL_LAST_VALUE "ZMQ_XPUB_MANUAL_LAST_VALUE" {
        doc "As [`xpub_manual`](Socket::set_xpub_manual), and the first message sent after a \
             subscription was received goes to that subscriber only: to give it the newest value.",
        set set_xpub_manual_last_value(bool),
        as Flag, on SeesSubscriptions, default "false", acts Now, since "4.3.2" draft,
        example XPUB "socket.set_xpub_manual_last_value(true)?;"
    }
    ZMQ_ONLY_FIRST_SUBSCRIBE "ZMQ_ONLY_FIRST_SUBSCRIBE" {
        doc "Whether only the first frame of a message counts as a subscription, and the others are \
             data, even where they start with a byte 0 or 1.",
        set set_only_first_subscribe(bool),
        as Flag, on CanSubscribeByMessage, default "false", acts Now, since "4.3.3" draft,
        example XSUB "socket.set_only_first_subscribe(true)?;"
    }
    #[cfg(feature = "draft")]
    ZMQ_XSUB_VERBOSE_UNSUBSCRIBE "ZMQ_XSUB_VERBOSE_UNSUBSCRIBE" {
        doc "Whether every unsubscription is sent, also of a topic that is still subscribed to.",
        set set_xsub_verbose_unsubscribe(bool),
        as Flag, on SendsSubscriptions, default "false", acts Now, since "4.3.5" draft,
        example XSUB "socket.set_xsub_verbose_unsubscribe(true)?;"
    }
    ZMQ_TOPICS_COUNT "ZMQ_TOPICS_COUNT" {
        doc "How many topics are subscribed to: by this socket, or at a publisher by its peers as far \
             as their subscriptions have arrived. Of a topic subscribed to several times, a draft \
             build of libzmq counts each time.",
        get topics_count -> u32,
        as Number { min: 0, max: u32::MAX }, on HasTopics, unit "topics", default "0", acts Never, since "4.3.5" draft,
        example SUB "if version() >= (Version { major: 4, minor: 3, patch: 5 }) {\n    socket.subscribe(\"berlin\")?;\n    assert_eq!(socket.topics_count()?, 1);\n}"
    }
}
