//! What must not compile, with the words in which rustc refuses it.
//!
//! The `.stderr` files belong to the toolchain in use. After a change of the messages that is
//! meant, `TRYBUILD=overwrite cargo test --test ui` writes them anew.

// With a second type of that name, of async sockets, the compiler writes `ferromq::Socket`.
#[cfg(not(any(feature = "tokio", feature = "async-io")))]
#[test]
fn misuse_does_not_compile() {
    // Nothing here is linked: as for documentation, libzmq need not be compiled once more.
    // SAFETY: this is the only test of the program, and no other thread of it looks at the
    // environment.
    unsafe { std::env::set_var("DOCS_RS", "1") };
    trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
}
