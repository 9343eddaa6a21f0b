//! What a forked child keeps of its parent's descriptors: none of the vendored libzmq's.

use std::fs::File;
use std::io::Read;
use std::net::{TcpListener, TcpStream};
use std::os::fd::FromRawFd;
use std::time::Duration;

use ferromq::{Context, PAIR, REP};

use crate::child::{DEADLINE, in_child};
use crate::descriptors::open_files;

/// A child that lives until this is dropped.
struct Idle {
    pid: libc::pid_t,
    _writer: File,
}

impl Idle {
    fn fork() -> Self {
        let mut ends = [0; 2];
        // SAFETY: `ends` is valid for writes of two descriptors.
        assert_eq!(unsafe { libc::pipe(ends.as_mut_ptr()) }, 0);
        // SAFETY: the pipe is new and nobody else's.
        let [mut reader, writer] = ends.map(|end| unsafe { File::from_raw_fd(end) });
        // SAFETY: the child only waits and leaves.
        let pid = unsafe { libc::fork() };
        assert!(pid >= 0);
        if pid == 0 {
            drop(writer);
            let _ = reader.read(&mut [0]);
            // SAFETY: ends the child.
            unsafe { libc::_exit(0) }
        }
        Self {
            pid,
            _writer: writer,
        }
    }

    fn lives(&self) -> bool {
        // SAFETY: looks only.
        unsafe { libc::waitpid(self.pid, std::ptr::null_mut(), libc::WNOHANG) == 0 }
    }
}

#[test]
fn a_child_inherits_nothing_of_libzmq() {
    in_child(|| {
        let before = open_files();
        let context = Context::builder().linger(Duration::ZERO).build().unwrap();
        let (a, b) = (context.socket(PAIR).unwrap(), context.socket(PAIR).unwrap());
        a.bind("tcp://127.0.0.1:*").unwrap();
        a.bind("ipc://*").unwrap();
        b.connect(a.last_endpoint().unwrap()).unwrap();
        b.send("connected").unwrap();
        assert!(a.recv_timeout(DEADLINE).unwrap().is_some());
        assert!(open_files().len() > before.len() + 8);

        in_child(|| {
            let pipe = 1;
            let inherited = open_files();
            assert_eq!(inherited.len(), before.len() + pipe, "{inherited:?}");
        });
        a.send("undisturbed").unwrap();
        assert!(b.recv_timeout(DEADLINE).unwrap().is_some());
    });
}

#[test]
fn a_port_and_its_connections_end_with_the_parent() {
    in_child(|| {
        let context = Context::builder().linger(Duration::ZERO).build().unwrap();
        let given = TcpListener::bind("127.0.0.1:0").unwrap();
        let given_address = given.local_addr().unwrap();
        let rep = context.socket(REP).unwrap();
        rep.bind("tcp://127.0.0.1:*").unwrap();
        let endpoint = rep.last_endpoint().unwrap();
        let with_fd = context.socket(REP).unwrap();
        with_fd.set_use_fd(given).unwrap();
        with_fd.bind(format!("tcp://{given_address}")).unwrap();

        let addresses = [
            endpoint.as_str().trim_start_matches("tcp://").to_owned(),
            given_address.to_string(),
        ];
        let mut peers = addresses.each_ref().map(|address| {
            let mut peer = TcpStream::connect(address).unwrap();
            peer.set_read_timeout(Some(DEADLINE)).unwrap();
            // The greeting: the connection is accepted.
            peer.read_exact(&mut [0; 10]).unwrap();
            peer
        });
        let child = Idle::fork();
        drop((rep, with_fd));
        context.terminate(DEADLINE).unwrap();
        for peer in &mut peers {
            peer.read_to_end(&mut Vec::new()).expect("an end");
        }
        for address in addresses {
            TcpListener::bind(&address).expect("the port is free");
        }
        assert!(child.lives());
    });
}
