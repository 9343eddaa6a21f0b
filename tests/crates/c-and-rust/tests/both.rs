//! One program, one libzmq, two languages.

#[test]
fn c_uses_a_context_of_rust() {
    assert_eq!(c_and_rust::greeting().unwrap(), "hello from C");
}

#[test]
fn rust_uses_a_context_and_a_socket_of_c() {
    assert_eq!(c_and_rust::exchange().unwrap(), "to Rust");
}
