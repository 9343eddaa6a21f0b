/// What has passed through a [`Proxy`](crate::Proxy) since it was made, side by side.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ProxyStatistics {
    /// What was received from and sent to the frontend.
    pub frontend: SideStatistics,
    /// What was received from and sent to the backend.
    pub backend: SideStatistics,
}

/// What has passed through one side of a [`Proxy`](crate::Proxy).
#[non_exhaustive]
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SideStatistics {
    /// What came in here.
    pub received: Traffic,
    /// What went out here.
    pub sent: Traffic,
}

/// A number of messages, and of bytes in them.
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
