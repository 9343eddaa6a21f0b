//! Values of options, one after the other on one socket: each is refused, or a socket with it can be
//! bound and connected to.

#![no_main]

use std::sync::{LazyLock, Mutex};
use std::time::Duration;

use ferromq::{Any, Context, Result, Socket, SocketType};
use ferromq_fuzz::{context, pieces};
use libfuzzer_sys::fuzz_target;

static CONTEXT: LazyLock<Mutex<Context>> = LazyLock::new(|| Mutex::new(context()));

/// Sets the option of this number.
fn set(socket: &Socket<Any>, option: u8, value: &[u8]) -> Result<()> {
    let mut eight = [0; 8];
    let len = value.len().min(8);
    eight[..len].copy_from_slice(&value[..len]);
    let number = u64::from_le_bytes(eight);
    let (small, time) = (number as u32, Duration::from_micros(number));
    let text = &*String::from_utf8_lossy(value);
    match option % 44 {
        0 => socket.set_routing_id(value),
        1 => socket.set_connect_routing_id(value),
        2 => socket.set_xpub_welcome_msg(value),
        3 => socket.subscribe(value),
        4 => socket.unsubscribe(value),
        5 => socket.join(text),
        6 => socket.leave(text),
        7 => socket.set_metadata(text),
        8 => socket.set_socks_proxy(text),
        9 => socket.set_socks_username(text),
        10 => socket.set_socks_password(text),
        11 => socket.set_bind_to_device(text),
        12 => socket.set_gssapi_principal(text),
        13 => socket.set_gssapi_service_principal(text),
        14 => socket.set_hello_msg(value),
        15 => socket.set_disconnect_msg(value),
        16 => socket.set_hiccup_msg(value),
        17 => socket.set_max_msg_size(number),
        18 => socket.set_affinity(number),
        19 => socket.set_backlog(small),
        20 => socket.set_multicast_hops(small),
        21 => socket.set_multicast_maxtpdu(small),
        22 => socket.set_rate(small),
        23 => socket.set_recv_hwm(small),
        24 => socket.set_send_hwm(small),
        25 => socket.set_rcvbuf(small),
        26 => socket.set_sndbuf(small),
        27 => socket.set_tos(small),
        28 => socket.set_tcp_keepalive_cnt(small),
        29 => socket.set_tcp_keepalive_idle(time),
        30 => socket.set_tcp_keepalive_intvl(time),
        31 => socket.set_tcp_maxrt(time),
        32 => socket.set_connect_timeout(time),
        33 => socket.set_handshake_ivl(time),
        34 => socket.set_heartbeat_ivl(time),
        35 => socket.set_heartbeat_timeout(time),
        36 => socket.set_heartbeat_ttl(time),
        37 => socket.set_rcvtimeo(time),
        38 => socket.set_sndtimeo(time),
        39 => socket.set_reconnect_ivl(time),
        40 => socket.set_reconnect_ivl_max(time),
        41 => socket.set_recovery_ivl(time),
        42 => socket.set_vmci_buffer_size(number),
        _ => socket.set_vmci_connect_timeout(time),
    }
}

fuzz_target!(|input: &[u8]| {
    let Some((&kind, rest)) = input.split_first() else {
        return;
    };
    let kind = SocketType::ALL[usize::from(kind) % SocketType::ALL.len()];
    let context = CONTEXT.lock().unwrap();
    let socket = context.socket(kind).unwrap();
    for piece in pieces(rest) {
        if let Some((&option, value)) = piece.split_first() {
            let _ = set(&socket, option, value);
        }
    }
    let transport = if kind == SocketType::Stream {
        "tcp"
    } else {
        "inproc"
    };
    for endpoint in [
        format!("{transport}://127.0.0.1:*"),
        "tcp://127.0.0.1:*".into(),
    ] {
        let _ = socket.bind(endpoint);
    }
    if let Ok(endpoint) = socket.last_endpoint() {
        let _ = context
            .socket(SocketType::Dealer)
            .unwrap()
            .connect(endpoint);
    }
});
