//! Which kinds of socket go over which transports.

use crate::endpoint::Transport;
use crate::kind::SocketType;

/// Why sockets of this kind do not `bind` or `connect` over this transport. Of what stands here
/// libzmq itself refuses `udp` only, and for the rest ends the process or hangs.
pub(super) fn misfit(
    kind: SocketType,
    transport: &Transport,
    operation: &str,
) -> Option<&'static str> {
    match (kind, transport, operation) {
        (SocketType::Stream, Transport::Tcp, _) => None,
        (SocketType::Stream, ..) => Some("a STREAM talks plain TCP: use tcp"),
        #[cfg(feature = "draft")]
        (SocketType::Dgram, Transport::Udp, "bind") => None,
        #[cfg(feature = "draft")]
        (SocketType::Dgram, Transport::Udp, _) => {
            Some("a DGRAM binds only, and each message names the address that it goes to")
        }
        #[cfg(feature = "draft")]
        (SocketType::Dgram, ..) => Some("a DGRAM sends datagrams: use udp"),
        #[cfg(feature = "draft")]
        (SocketType::Radio, Transport::Udp, "connect")
        | (SocketType::Dish, Transport::Udp, "bind") => None,
        #[cfg(feature = "draft")]
        (SocketType::Radio | SocketType::Dish, Transport::Udp, _) => {
            Some("over udp a RADIO connects and a DISH binds")
        }
        (_, Transport::Udp, _) => Some("udp is for the kinds RADIO, DISH and DGRAM"),
        (kind, Transport::Inproc, _) if kind.is_thread_safe() => Some(
            "two sockets of kinds that threads share can block each other for ever over inproc, \
             in libzmq 4.3.5: use ipc or tcp",
        ),
        _ => None,
    }
}
