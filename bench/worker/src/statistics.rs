/// The nearest rank, of sorted values; without values, NaN.
#[must_use]
pub fn quantile(sorted: &[f64], fraction: f64) -> f64 {
    let rank = (sorted.len() as f64 * fraction).ceil() as usize;
    sorted
        .get(rank.saturating_sub(1))
        .copied()
        .unwrap_or(f64::NAN)
}

/// The one in the middle.
#[must_use]
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    quantile(&values, 0.5)
}

/// Bytes of memory that this process has in use.
///
/// # Panics
///
/// Where there is no `/proc`.
#[must_use]
pub fn resident() -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").expect("there is /proc");
    let kilobytes: f64 = status
        .lines()
        .find_map(|line| {
            line.strip_prefix("VmRSS:")?
                .split_whitespace()
                .next()?
                .parse()
                .ok()
        })
        .expect("the kernel says what is resident");
    kilobytes * 1024.0
}
