//! Endpoints: text that is one comes back as it was, and libzmq can be given it.

#![no_main]

use std::sync::{LazyLock, Mutex};

use ferromq::{Any, Context, Endpoint, PULL, Socket, Transport};
use ferromq_fuzz::context;
use libfuzzer_sys::fuzz_target;

static PULLS: LazyLock<Mutex<(Socket<Any>, Context)>> = LazyLock::new(|| {
    let context = context();
    Mutex::new((context.socket(PULL).unwrap().into_any(), context))
});

fuzz_target!(|text: &str| {
    let Ok(endpoint) = text.parse::<Endpoint>() else {
        return;
    };
    assert_eq!(endpoint.as_str(), text);
    assert!(text.ends_with(endpoint.address()));
    // A bind asks no name server, and a path would be left behind.
    let leaves_a_path =
        endpoint.transport() == &Transport::Ipc && !endpoint.address().starts_with('@');
    if leaves_a_path {
        return;
    }
    let socket = &PULLS.lock().unwrap().0;
    if socket.bind(&endpoint).is_ok() {
        socket.unbind(socket.last_endpoint().unwrap()).unwrap();
    }
});
