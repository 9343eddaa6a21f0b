//! Options of the transports that libzmq is seldom built with: PGM, NORM, UDP and VMCI.

use std::sync::atomic::AtomicBool;
use std::time::Duration;

use crate::error::Result;
use crate::kind::Kind;
use crate::option::options;
use crate::option::value::*;
use crate::socket::Socket;

options! {
    ZMQ_RATE "ZMQ_RATE" {
        doc "How fast multicast sends, in kilobits a second from 1 on.",
        get rate -> u32,
        set set_rate(u32),
        as Number { min: 1, max: u32::MAX }, on Kind, unit "kbit/s", default "100", acts Next, since "2.0", needs [Pgm Norm],
        example PUB "socket.set_rate(1000)?;\nassert_eq!(socket.rate()?, 1000);"
    }
    ZMQ_RECOVERY_IVL "ZMQ_RECOVERY_IVL" {
        doc "How long PGM can recover what was lost, in milliseconds; each takes memory for what is \
             sent in it.",
        get recovery_ivl -> Duration,
        set set_recovery_ivl(Duration),
        as Interval, on Kind, unit "ms", default "10 seconds", acts Next, since "3.0", needs [Pgm],
        example PUB "socket.set_recovery_ivl(Duration::from_secs(1))?;\nassert_eq!(socket.recovery_ivl()?, Duration::from_secs(1));"
    }
    ZMQ_MULTICAST_HOPS "ZMQ_MULTICAST_HOPS" {
        doc "How many routers multicast passes, 1 to 255; with 1 it stays in the local network.",
        get multicast_hops -> u32,
        set set_multicast_hops(u32),
        as Number { min: 1, max: 255 }, on Kind, unit "hops", default "1", acts Next, since "3.0", needs [Pgm Norm Draft],
        example PUB "socket.set_multicast_hops(4)?;\nassert_eq!(socket.multicast_hops()?, 4);"
    }
    ZMQ_MULTICAST_MAXTPDU "ZMQ_MULTICAST_MAXTPDU" {
        doc "The largest packet that PGM sends or receives, in bytes up to 65535.",
        get multicast_maxtpdu -> u32,
        set set_multicast_maxtpdu(u32),
        as Number { min: 1, max: 65_535 }, on Kind, unit "bytes", default "1500", acts Next, since "4.2", needs [Pgm],
        example PUB "socket.set_multicast_maxtpdu(9000)?;\nassert_eq!(socket.multicast_maxtpdu()?, 9000);"
    }
    ZMQ_VMCI_BUFFER_SIZE "ZMQ_VMCI_BUFFER_SIZE" {
        doc "VMCI's buffer, in bytes; 0 is its own default.",
        set set_vmci_buffer_size(u64),
        as Bits64, on Kind, unit "bytes", default "0", acts Next, since "4.2", needs [Vmci],
        example PUSH "socket.set_vmci_buffer_size(1 << 20)?;"
    }
    ZMQ_VMCI_BUFFER_MIN_SIZE "ZMQ_VMCI_BUFFER_MIN_SIZE" {
        doc "The smallest buffer that VMCI agrees to, in bytes; 0 is its own default.",
        set set_vmci_buffer_min_size(u64),
        as Bits64, on Kind, unit "bytes", default "0", acts Next, since "4.2", needs [Vmci],
        example PUSH "socket.set_vmci_buffer_min_size(4096)?;"
    }
    ZMQ_VMCI_BUFFER_MAX_SIZE "ZMQ_VMCI_BUFFER_MAX_SIZE" {
        doc "The largest buffer that VMCI agrees to, in bytes; 0 is its own default.",
        set set_vmci_buffer_max_size(u64),
        as Bits64, on Kind, unit "bytes", default "0", acts Next, since "4.2", needs [Vmci],
        example PUSH "socket.set_vmci_buffer_max_size(1 << 24)?;"
    }
    ZMQ_VMCI_CONNECT_TIMEOUT "ZMQ_VMCI_CONNECT_TIMEOUT" {
        doc "How long VMCI tries to connect, in milliseconds; `None` is its own default.",
        set set_vmci_connect_timeout(impl IntoTimeout),
        as TIMEOUT, on Kind, unit "ms", default "as VMCI does", acts Next, since "4.2", needs [Vmci],
        example PUSH "socket.set_vmci_connect_timeout(Duration::from_secs(1))?;"
    }
    ZMQ_MULTICAST_LOOP "ZMQ_MULTICAST_LOOP" {
        doc "Whether multicast over `udp` comes back to this host.",
        get multicast_loop -> bool,
        set set_multicast_loop(bool),
        as Flag, on Kind, default "true", acts Next, since "4.3.0" draft, needs [Draft],
        example PUB "socket.set_multicast_loop(false)?;\nassert!(!socket.multicast_loop()?);"
    }
    #[cfg(feature = "draft")]
    ZMQ_NORM_MODE "ZMQ_NORM_MODE" {
        doc "How NORM controls congestion.",
        get norm_mode -> NormMode,
        set set_norm_mode(NormMode),
        as Choice::<NormMode>::new(), on Kind, default "`Cc`", acts Next, since "4.3.5" draft, needs [Norm],
        example PUB "socket.set_norm_mode(NormMode::Fixed)?;\nassert_eq!(socket.norm_mode()?, NormMode::Fixed);"
    }
    #[cfg(feature = "draft")]
    ZMQ_NORM_UNICAST_NACK "ZMQ_NORM_UNICAST_NACK" {
        doc "Whether a NORM receiver complains to the sender only, instead of to the whole group.",
        get norm_unicast_nack -> bool,
        set set_norm_unicast_nack(bool),
        as Flag, on Kind, default "false", acts Next, since "4.3.5" draft, needs [Norm],
        example SUB "socket.set_norm_unicast_nack(true)?;\nassert!(socket.norm_unicast_nack()?);"
    }
    #[cfg(feature = "draft")]
    ZMQ_NORM_BUFFER_SIZE "ZMQ_NORM_BUFFER_SIZE" {
        doc "NORM's buffer, in kilobytes from 1 on.",
        get norm_buffer_size -> u32,
        set set_norm_buffer_size(u32),
        as Number { min: 1, max: u32::MAX }, on Kind, unit "kB", default "2048", acts Next, since "4.3.5" draft, needs [Norm],
        example PUB "socket.set_norm_buffer_size(4096)?;\nassert_eq!(socket.norm_buffer_size()?, 4096);"
    }
    #[cfg(feature = "draft")]
    ZMQ_NORM_SEGMENT_SIZE "ZMQ_NORM_SEGMENT_SIZE" {
        doc "The payload of a NORM packet, in bytes from 1 on.",
        get norm_segment_size -> u32,
        set set_norm_segment_size(u32),
        as Number { min: 1, max: u32::MAX }, on Kind, unit "bytes", default "1400", acts Next, since "4.3.5" draft, needs [Norm],
        example PUB "socket.set_norm_segment_size(1200)?;\nassert_eq!(socket.norm_segment_size()?, 1200);"
    }
    #[cfg(feature = "draft")]
    ZMQ_NORM_BLOCK_SIZE "ZMQ_NORM_BLOCK_SIZE" {
        doc "How many segments a NORM block has, 1 to 255.",
        get norm_block_size -> u32,
        set set_norm_block_size(u32),
        as Number { min: 1, max: 255 }, on Kind, unit "segments", default "16", acts Next, since "4.3.5" draft, needs [Norm],
        example PUB "socket.set_norm_block_size(32)?;\nassert_eq!(socket.norm_block_size()?, 32);"
    }
    #[cfg(feature = "draft")]
    ZMQ_NORM_NUM_PARITY "ZMQ_NORM_NUM_PARITY" {
        doc "How many segments of parity are computed for a NORM block, 0 to 254.",
        get norm_num_parity -> u32,
        set set_norm_num_parity(u32),
        as Number { min: 0, max: 254 }, on Kind, unit "segments", default "4", acts Next, since "4.3.5" draft, needs [Norm],
        example PUB "socket.set_norm_num_parity(8)?;\nassert_eq!(socket.norm_num_parity()?, 8);"
    }
    #[cfg(feature = "draft")]
    ZMQ_NORM_NUM_AUTOPARITY "ZMQ_NORM_NUM_AUTOPARITY" {
        doc "How many segments of parity are sent with each NORM block without being asked for, 0 \
             to 254.",
        get norm_num_autoparity -> u32,
        set set_norm_num_autoparity(u32),
        as Number { min: 0, max: 254 }, on Kind, unit "segments", default "0", acts Next, since "4.3.5" draft, needs [Norm],
        example PUB "socket.set_norm_num_autoparity(2)?;\nassert_eq!(socket.norm_num_autoparity()?, 2);"
    }
    #[cfg(feature = "draft")]
    ZMQ_NORM_PUSH "ZMQ_NORM_PUSH" {
        doc "Whether NORM lets new data displace old that is not delivered yet.",
        get norm_push -> bool,
        set set_norm_push(bool),
        as Flag, on Kind, default "false", acts Next, since "4.3.5" draft, needs [Norm],
        example PUB "socket.set_norm_push(true)?;\nassert!(socket.norm_push()?);"
    }
}
