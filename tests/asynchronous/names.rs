//! All names of this crate at once leave the names of the runtimes' crates alone.

use ferromq::*;

#[tokio::test]
async fn a_glob_hides_no_runtime() {
    let pull = crate::support::context().socket(PULL).unwrap();
    let pull = with_tokio::Socket::new(pull).unwrap();
    tokio::task::yield_now().await;
    drop(pull);
    async_io::block_on(async { assert!(version().major >= 4) });
}
