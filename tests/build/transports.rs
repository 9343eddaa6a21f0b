//! What addresses are taken, and what is made of them.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::{env, fs, process};

use ferromq::{Capability, Context, ErrorKind, PAIR};

use crate::peers::{Peers, pass};
use crate::process::{DEADLINE, alone};

#[test]
fn tcp_binds_an_interface_by_name() {
    let context = Context::new().unwrap();
    let endpoint = Peers::new(&context).connect_over("tcp://lo:*");
    assert!(endpoint.address().starts_with("127.0.0.1:"), "{endpoint}");
}

#[test]
fn tcp_knows_an_ipv6_zone_by_name() {
    let context = Context::builder().ipv6(true).build().unwrap();
    let socket = context.socket(PAIR).unwrap();
    // Without IPv6 the address is not there; but it is never an invalid one.
    if let Err(error) = socket.bind("tcp://[::1%lo]:*") {
        assert_eq!(error.kind(), ErrorKind::AddressNotAvailable, "{error}");
    }
    let error = socket.bind("tcp://[::1%no-such-device]:*").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
}

#[test]
fn an_ipc_wildcard_is_in_a_directory_of_this_user_alone() {
    alone(|| {
        let context = Context::new().unwrap();
        let peers = Peers::new(&context);
        let endpoint = peers.connect_over("ipc://*");
        let directory = Path::new(endpoint.address()).parent().unwrap();
        assert_eq!(directory.parent(), Some(env::temp_dir().as_path()));
        let mode = fs::metadata(directory).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o700);
        // The directory goes with the socket.
        drop(peers);
    });
}

#[test]
fn an_ipc_message_tells_who_sent_it() {
    let context = Context::new().unwrap();
    let peers = Peers::new(&context);
    peers.connect_over("ipc://*");
    peers.connector.send_timeout("who?", DEADLINE).unwrap();
    let message = peers.binder.recv_timeout(DEADLINE).unwrap().unwrap();

    let this = fs::metadata("/proc/self").unwrap();
    let sender = format!(":{}:{}:{}", this.uid(), this.gid(), process::id());
    let address = String::from_utf8_lossy(message.property("Peer-Address").unwrap().unwrap());
    // In front of it is what the system's resolver makes of a path: "localhost", or nothing.
    assert!(address.ends_with(&sender), "{address}");
}

#[test]
fn ws_connects() {
    assert!(ferromq::has(Capability::Ws));
    let context = Context::new().unwrap();
    Peers::connected(&context, "ws://127.0.0.1:*/path");
}

#[test]
fn tipc_is_known() {
    assert!(ferromq::has(Capability::Tipc));
    let context = Context::new().unwrap();
    let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
    // The kernel may lack it, which is another error than libzmq's not knowing it.
    match a.bind("tipc://{5560,0,0}") {
        Ok(()) => {
            b.connect("tipc://{5560,0}").unwrap();
            pass(&b, &a);
        }
        Err(error) => assert_eq!(error.errno(), libc::EAFNOSUPPORT, "{error}"),
    }
}
