use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// One end of the line on which the two sides of a measurement agree how far they are.
#[derive(Debug)]
pub struct Signs {
    tell: UnboundedSender<()>,
    told: UnboundedReceiver<()>,
}

impl Signs {
    /// Both ends.
    #[must_use]
    pub fn pair() -> (Self, Self) {
        let ((to_first, first), (to_second, second)) = (unbounded_channel(), unbounded_channel());
        let end = |tell, told| Self { tell, told };
        (end(to_second, first), end(to_first, second))
    }

    /// Gives a sign.
    ///
    /// # Panics
    ///
    /// If the other side has ended.
    pub fn tell(&self) {
        self.tell.send(()).expect(OTHER);
    }

    /// Whether the other side has given one.
    pub fn is_told(&mut self) -> bool {
        self.told.try_recv().is_ok()
    }

    /// Waits for a sign, in a thread.
    ///
    /// # Panics
    ///
    /// If the other side has ended.
    pub fn wait_blocking(&mut self) {
        self.told.blocking_recv().expect(OTHER);
    }

    /// Waits for a sign, in a task.
    ///
    /// # Panics
    ///
    /// If the other side has ended.
    pub async fn wait(&mut self) {
        self.told.recv().await.expect(OTHER);
    }
}

const OTHER: &str = "the other side is there";
