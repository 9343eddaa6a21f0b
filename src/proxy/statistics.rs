/// What has passed through a [`Proxy`](crate::Proxy) since it was made, side by side.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let context = Context::new()?;
/// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
/// let proxy = Proxy::new(pull, push).spawn()?;
/// let controller = proxy.controller();
/// assert_eq!(controller.statistics()?, ProxyStatistics::default());
/// # Ok(()) }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProxyStatistics {
    /// What was received from and sent to the frontend.
    pub frontend: SideStatistics,
    /// What was received from and sent to the backend.
    pub backend: SideStatistics,
}

/// What has passed through one side of a [`Proxy`](crate::Proxy).
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let context = Context::new()?;
/// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
/// let proxy = Proxy::new(pull, push).spawn()?;
/// let controller = proxy.controller();
/// let statistics = controller.statistics()?;
/// assert_eq!(statistics.backend, SideStatistics::default());
/// # Ok(()) }
/// ```
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SideStatistics {
    /// What came in here.
    pub received: Traffic,
    /// What went out here.
    pub sent: Traffic,
}

/// A number of messages, and of bytes in them.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let context = Context::new()?;
/// let (pull, push) = (context.socket(PULL)?, context.socket(PUSH)?);
/// let proxy = Proxy::new(pull, push).spawn()?;
/// let controller = proxy.controller();
/// let sent: Traffic = controller.statistics()?.backend.sent;
/// println!("{} messages, {} bytes", sent.messages, sent.bytes);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Traffic {
    /// Whole messages: one of several frames counts once.
    pub messages: u64,
    /// The bytes of all frames.
    pub bytes: u64,
}

impl Traffic {
    pub(super) fn count(&mut self, bytes: u64) {
        self.messages += 1;
        self.bytes += bytes;
    }
}
