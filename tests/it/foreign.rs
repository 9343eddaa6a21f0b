//! Pointers of `zmq.h`, in and out.

use std::ptr;
use std::time::Duration;

use ferromq::{Context, ErrorKind, PULL, PUSH, Pull, Push, Socket, SocketRef};

use crate::support::{DEADLINE, context, join_inproc, recv, send};

#[test]
fn a_socket_goes_out_and_comes_back() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    join_inproc(&push, &pull);
    let pointer = pull.into_raw();
    // SAFETY: given up just above.
    let pull = unsafe { Socket::<Pull>::from_raw(&context, pointer) }.unwrap();
    send(&push, "still joined");
    assert_eq!(recv(&pull), "still joined");
    // Known to be joined, so that what must come before is refused.
    let error = pull.set_recv_hwm(1).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WrongState);
    drop((push, pull));
    context.terminate(DEADLINE).unwrap();
}

#[test]
fn a_socket_of_another_kind_is_left_open() {
    let context = context();
    let pull = context.socket(PULL).unwrap();
    // SAFETY: not used otherwise meanwhile; it fails, and then takes nothing over.
    let error = unsafe { Socket::<Push>::from_raw(&context, pull.as_ptr()) }.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.to_string().contains("PULL"), "{error}");
    pull.bind("inproc://still-open").unwrap();
}

#[test]
fn null_is_an_error() {
    // SAFETY: null is refused.
    unsafe {
        let error = Socket::<Pull>::from_raw(&context(), ptr::null_mut()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let error = SocketRef::from_raw(ptr::null_mut()).err().unwrap();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let error = Context::borrow_raw(ptr::null_mut()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
    }
}

#[test]
fn a_borrowed_socket_stays_open() {
    let context = context();
    let (push, pull) = (context.socket(PUSH).unwrap(), context.socket(PULL).unwrap());
    join_inproc(&push, &pull);
    {
        // SAFETY: `push` outlives it and is not used meanwhile.
        let borrowed = unsafe { SocketRef::from_raw(push.as_ptr()) }.unwrap();
        borrowed.send("by the borrower").unwrap();
    }
    assert_eq!(recv(&pull), "by the borrower");
    send(&push, "by the owner");
    assert_eq!(recv(&pull), "by the owner");
}

#[test]
fn a_borrowed_context_ends_with_its_owner() {
    let owner = context();
    // SAFETY: `owner` outlives it.
    let borrowed = unsafe { Context::borrow_raw(owner.as_ptr()) }.unwrap();
    let (push, pull) = (borrowed.socket(PUSH).unwrap(), owner.socket(PULL).unwrap());
    join_inproc(&push, &pull);
    send(&push, "one and the same");
    assert_eq!(recv(&pull), "one and the same");
    let error = ferromq::Error::from(borrowed.terminate(Duration::ZERO).unwrap_err());
    assert_eq!(error.kind(), ErrorKind::NotSupported);
    drop((push, borrowed));
    owner.socket(PULL).unwrap();
    drop(pull);
    owner.terminate(DEADLINE).unwrap();
}

#[test]
fn a_time_out_set_by_its_number_is_obeyed() {
    const ZMQ_RCVTIMEO: i32 = 27;
    let pull = context().socket(PULL).unwrap();
    // SAFETY: a time in milliseconds.
    unsafe { pull.set_raw_option(ZMQ_RCVTIMEO, &10_i32.to_ne_bytes()) }.unwrap();
    assert_eq!(pull.rcvtimeo().unwrap(), Some(Duration::from_millis(10)));
    assert_eq!(pull.recv().unwrap_err().kind(), ErrorKind::WouldBlock);
    let mut value = [0; 4];
    assert_eq!(pull.raw_option(ZMQ_RCVTIMEO, &mut value).unwrap(), 4);
    assert_eq!(i32::from_ne_bytes(value), 10);
    assert!(pull.raw_option(-1, &mut value).is_err());
}
