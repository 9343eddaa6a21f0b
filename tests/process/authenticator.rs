//! An authenticator, and the children of its process.

use std::io::Read;
use std::os::unix::net::UnixStream;

use ferromq::zap::{Authenticator, Domain, Rules};
use ferromq::{Context, PULL, PUSH, Pull, Security, Socket};

use crate::child::{DEADLINE, forked, in_child};
use crate::peers::context;

/// An authenticator's thread is in the parent, and goes on there.
#[test]
fn an_authenticator_stays_with_the_parent() {
    let context = context();
    let users = || Rules::new().domain("home", Domain::new().password("alice", "secret"));
    let authenticator = Authenticator::start(&context, users()).unwrap();
    let pull = context.socket(PULL).unwrap();
    let home = Security::PlainServer {
        domain: "home".into(),
    };
    pull.set_security(home.clone()).unwrap();
    pull.bind("tcp://127.0.0.1:*").unwrap();
    let mut mine = Some(authenticator);
    in_child(|| {
        let inherited = mine.take().unwrap();
        forked(inherited.set_rules(users()), "set rules of authenticator");
        forked(pull.set_security(home.clone()), "set security");
        forked(
            Authenticator::start(&context, users()),
            "start authenticator",
        );
        forked(inherited.stop(), "stop authenticator");
        // One of its own.
        let context = crate::peers::context();
        let authenticator = Authenticator::start(&context, users()).unwrap();
        let own = context.socket(PULL).unwrap();
        own.set_security(home.clone()).unwrap();
        own.bind("tcp://127.0.0.1:*").unwrap();
        is_let_in(&context, &own);
        authenticator.stop().unwrap();
    });
    in_child(|| drop(mine.take()));
    is_let_in(&context, &pull);
    let authenticator = mine.take().unwrap();
    authenticator.set_rules(Rules::new()).unwrap();
    // The child that holds the other end open as well does not keep it.
    let (mut reader, writer) = UnixStream::pair().unwrap();
    // SAFETY: the child only waits for the end of the pipe, and leaves by `_exit`.
    let child = unsafe { libc::fork() };
    if child == 0 {
        drop(writer);
        let _ = reader.read(&mut [0]);
        // SAFETY: ends the child without running what belongs to its parent.
        unsafe { libc::_exit(0) };
    }
    authenticator.stop().unwrap();
    drop(writer);
    // SAFETY: the child is not reaped yet; a null pointer is allowed.
    let reaped = unsafe { libc::waitpid(child, std::ptr::null_mut(), 0) };
    assert_eq!(reaped, child);
}

fn is_let_in(context: &Context, pull: &Socket<Pull>) {
    let push = context.socket(PUSH).unwrap();
    push.set_security(Security::PlainClient {
        username: "alice".into(),
        password: "secret".into(),
    })
    .unwrap();
    push.connect(pull.last_endpoint().unwrap()).unwrap();
    push.send_timeout("hello", DEADLINE).unwrap();
    let message = pull.recv_timeout(DEADLINE).unwrap().unwrap();
    assert_eq!(message.user_id().unwrap(), Some("alice"));
}
