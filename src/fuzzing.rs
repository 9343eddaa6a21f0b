//! Doors for the fuzz targets in `fuzz/`: there with `--cfg fuzzing` only.

use crate::monitor::MonitorEvent;

/// The events that these frames are, in one form or the other.
pub fn monitor_events<F: AsRef<[u8]>>(frames: &[F]) -> impl Iterator<Item = MonitorEvent> {
    let decoded = [
        MonitorEvent::decode(frames),
        #[cfg(feature = "draft")]
        MonitorEvent::decode_v2(frames),
    ];
    decoded.into_iter().filter_map(|event| event.ok().flatten())
}
