use std::sync::OnceLock;

use tokio::runtime::{Builder, Runtime};

/// In which threads futures run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Threads {
    /// Both sides in a runtime with two workers, as `#[tokio::main]` makes it on two cores.
    Workers,
    /// Each side in a thread of its own, with a current-thread runtime.
    Current,
}

static THREADS: OnceLock<Threads> = OnceLock::new();

impl Threads {
    /// Settles it for this process, by the library's name.
    pub fn choose(library: &str) {
        let threads = match library.ends_with("-ct") {
            true => Self::Current,
            false => Self::Workers,
        };
        let _ = THREADS.set(threads);
    }

    fn chosen() -> Self {
        *THREADS.get().expect("main chose the threads")
    }
}

/// The two sides of a measurement in threads.
pub mod blocking {
    use crate::{Report, Signs};

    /// The first one's report; the other one ends by itself.
    ///
    /// # Panics
    ///
    /// If a side does.
    pub fn both(
        measures: impl FnOnce() -> Report,
        helps: impl FnOnce() + Send + 'static,
    ) -> Report {
        let helper = std::thread::spawn(helps);
        let report = measures();
        helper.join().expect("the other side did its part");
        report
    }

    /// One side that has no other.
    pub fn alone(measures: impl FnOnce() -> Report) -> Report {
        measures()
    }

    /// Waits for a sign from the other side.
    pub fn wait(signs: &mut Signs) {
        signs.wait_blocking();
    }

    /// Lets a millisecond pass.
    pub fn pause() {
        std::thread::sleep(std::time::Duration::from_millis(1));
    }
}

/// The two sides of a measurement in runtimes of tokio.
pub mod futures {
    use super::{Threads, current, workers};
    use crate::{Report, Signs};

    /// The first one's report; the other one ends by itself.
    ///
    /// # Panics
    ///
    /// If a side does.
    pub fn both<M, H>(
        measures: impl FnOnce() -> M,
        helps: impl FnOnce() -> H + Send + 'static,
    ) -> Report
    where
        M: Future<Output = Report> + Send + 'static,
        H: Future<Output = ()> + Send + 'static,
    {
        match Threads::chosen() {
            Threads::Current => super::blocking::both(
                || current().block_on(measures()),
                || current().block_on(helps()),
            ),
            Threads::Workers => workers().block_on(async {
                let helper = tokio::spawn(helps());
                let report = tokio::spawn(measures())
                    .await
                    .expect("the measuring side did its part");
                helper.await.expect("the other side did its part");
                report
            }),
        }
    }

    /// One side that has no other.
    ///
    /// # Panics
    ///
    /// If it does.
    pub fn alone<M>(measures: impl FnOnce() -> M) -> Report
    where
        M: Future<Output = Report> + Send + 'static,
    {
        match Threads::chosen() {
            Threads::Current => current().block_on(measures()),
            Threads::Workers => workers()
                .block_on(async { tokio::spawn(measures()).await })
                .expect("it did its part"),
        }
    }

    /// Waits for a sign from the other side.
    pub async fn wait(signs: &mut Signs) {
        signs.wait().await;
    }

    /// Lets a millisecond pass.
    pub async fn pause() {
        tokio::time::sleep(std::time::Duration::from_millis(1)).await;
    }
}

fn current() -> Runtime {
    built(&mut Builder::new_current_thread())
}

fn workers() -> Runtime {
    built(Builder::new_multi_thread().worker_threads(2))
}

fn built(builder: &mut Builder) -> Runtime {
    builder.enable_all().build().expect("a runtime can be made")
}
