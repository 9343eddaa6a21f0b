//! Options of the transports that libzmq is seldom built with, and of its draft build.

#[cfg(feature = "draft")]
use std::time::Duration;

#[cfg(feature = "draft")]
use ferromq::{NormMode, RouterNotify};

use super::{Trial, ms, secs};

pub fn multicast(trial: &mut Trial) -> bool {
    match trial.option.name {
        "ZMQ_RATE" => {
            round_trip!(trial, rate, set_rate, 100, 1 => 1);
        }
        "ZMQ_RECOVERY_IVL" => {
            round_trip!(trial, recovery_ivl, set_recovery_ivl, secs(10), ms(1) => ms(1));
        }
        "ZMQ_MULTICAST_HOPS" => {
            round_trip!(trial, multicast_hops, set_multicast_hops, 1, 255 => 255);
        }
        "ZMQ_MULTICAST_MAXTPDU" => {
            round_trip!(trial, multicast_maxtpdu, set_multicast_maxtpdu, 1500, 9000 => 9000);
        }
        "ZMQ_VMCI_BUFFER_SIZE" => {
            accepts!(trial, set_vmci_buffer_size, 1 << 20);
        }
        "ZMQ_VMCI_BUFFER_MIN_SIZE" => {
            accepts!(trial, set_vmci_buffer_min_size, 1 << 10);
        }
        "ZMQ_VMCI_BUFFER_MAX_SIZE" => {
            accepts!(trial, set_vmci_buffer_max_size, 1 << 30);
        }
        "ZMQ_VMCI_CONNECT_TIMEOUT" => {
            accepts!(trial, set_vmci_connect_timeout, secs(1), None);
        }
        "ZMQ_MULTICAST_LOOP" => {
            round_trip!(trial, multicast_loop, set_multicast_loop, true, false => false);
        }
        _ => return false,
    }
    true
}

#[cfg(not(feature = "draft"))]
pub fn draft(_: &mut Trial) -> bool {
    false
}

#[cfg(feature = "draft")]
pub fn draft(trial: &mut Trial) -> bool {
    match trial.option.name {
        "ZMQ_PRIORITY" => {
            round_trip!(trial, priority, set_priority, 0, 6 => 6, 0 => 0);
        }
        "ZMQ_BUSY_POLL" => {
            accepts!(trial, set_busy_poll, Duration::from_micros(1), None);
        }
        "ZMQ_XSUB_VERBOSE_UNSUBSCRIBE" => {
            accepts!(trial, set_xsub_verbose_unsubscribe, true, false);
        }
        "ZMQ_ROUTER_NOTIFY" => {
            let (none, all) = (RouterNotify::empty(), RouterNotify::all());
            round_trip!(trial, router_notify, set_router_notify, none, all => all, none => none);
        }
        "ZMQ_HELLO_MSG" => {
            accepts!(trial, set_hello_msg, "hello", "");
        }
        "ZMQ_DISCONNECT_MSG" => {
            accepts!(trial, set_disconnect_msg, "gone", "");
        }
        "ZMQ_HICCUP_MSG" => {
            accepts!(trial, set_hiccup_msg, "interrupted", "");
        }
        "ZMQ_WSS_KEY_PEM" => {
            accepts!(trial, set_wss_key_pem, "key");
        }
        "ZMQ_WSS_CERT_PEM" => {
            accepts!(trial, set_wss_cert_pem, "certificate");
        }
        "ZMQ_WSS_TRUST_PEM" => {
            accepts!(trial, set_wss_trust_pem, "certificate");
        }
        "ZMQ_WSS_HOSTNAME" => {
            accepts!(trial, set_wss_hostname, "example.org");
        }
        "ZMQ_WSS_TRUST_SYSTEM" => {
            accepts!(trial, set_wss_trust_system, true, false);
        }
        "ZMQ_NORM_MODE" => {
            round_trip!(trial, norm_mode, set_norm_mode, NormMode::Cc, NormMode::Fixed => NormMode::Fixed);
        }
        "ZMQ_NORM_UNICAST_NACK" => {
            round_trip!(trial, norm_unicast_nack, set_norm_unicast_nack, false, true => true);
        }
        "ZMQ_NORM_BUFFER_SIZE" => {
            round_trip!(trial, norm_buffer_size, set_norm_buffer_size, 2048, 1 => 1);
        }
        "ZMQ_NORM_SEGMENT_SIZE" => {
            round_trip!(trial, norm_segment_size, set_norm_segment_size, 1400, 1 => 1);
        }
        "ZMQ_NORM_BLOCK_SIZE" => {
            round_trip!(trial, norm_block_size, set_norm_block_size, 16, 255 => 255);
        }
        "ZMQ_NORM_NUM_PARITY" => {
            round_trip!(trial, norm_num_parity, set_norm_num_parity, 4, 254 => 254);
        }
        "ZMQ_NORM_NUM_AUTOPARITY" => {
            round_trip!(trial, norm_num_autoparity, set_norm_num_autoparity, 0, 254 => 254);
        }
        "ZMQ_NORM_PUSH" => {
            round_trip!(trial, norm_push, set_norm_push, false, true => true);
        }
        _ => return false,
    }
    true
}
