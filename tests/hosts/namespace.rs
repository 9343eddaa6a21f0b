//! A network namespace: interfaces, addresses and connections that nobody else has.

use std::ffi::CString;
use std::fs;
use std::io::{Error, Write};
use std::mem::MaybeUninit;
use std::os::fd::AsRawFd;
use std::os::unix::net::UnixDatagram;
use std::process::{Command, Stdio};

/// Leaves the network of the machine, with the rights of root over a network that is new and empty;
/// for those who are not root by way of a user namespace. The process must have one thread.
pub fn leave_the_machine() {
    // SAFETY: no preconditions.
    let (user, group) = unsafe { (libc::geteuid(), libc::getegid()) };
    let Err(not_root) = unshare(libc::CLONE_NEWNET) else {
        return;
    };
    if let Err(refused) = unshare(libc::CLONE_NEWUSER | libc::CLONE_NEWNET) {
        panic!(
            "user {user} may make a network namespace neither as root ({not_root}) nor with a user \
             namespace ({refused}), and without one there are no hosts to test with. Run it where \
             that is allowed, or leave these tests out: FERROMQ_WITHOUT_HOSTS=1 ./test.sh"
        );
    }
    fs::write("/proc/self/setgroups", "deny").unwrap();
    fs::write("/proc/self/uid_map", format!("0 {user} 1")).unwrap();
    fs::write("/proc/self/gid_map", format!("0 {group} 1")).unwrap();
}

/// Leaves the network of the switch for one of a host.
pub fn leave_the_switch() {
    unshare(libc::CLONE_NEWNET).expect("a namespace for the host");
}

fn unshare(flags: libc::c_int) -> Result<(), Error> {
    // SAFETY: no preconditions.
    match unsafe { libc::unshare(flags) } {
        0 => Ok(()),
        _ => Err(Error::last_os_error()),
    }
}

/// Runs the lines as commands of `ip`, in the namespace of this process or of another one.
#[track_caller]
pub fn ip(of: Option<libc::pid_t>, lines: &str) {
    let mut command = Command::new(if of.is_some() { "nsenter" } else { "ip" });
    if let Some(process) = of {
        command.args([&format!("--net=/proc/{process}/ns/net"), "ip"]);
    }
    let child = command.args(["-batch", "-"]).stdin(Stdio::piped()).spawn();
    let mut child = child.expect("`ip` is in the Debian package iproute2");
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(lines.as_bytes()).unwrap();
    drop(stdin);
    assert!(child.wait().unwrap().success(), "ip: {lines}");
}

/// Removes an interface, which the kernel does too when the namespace at its other end has ended.
pub fn remove(interface: &str) {
    let mut command = Command::new("ip");
    command
        .args(["link", "del", interface])
        .stderr(Stdio::null());
    // Fails where the kernel was faster.
    let _ = command.status();
}

/// Has the kernel make packets as they go over a wire, with checksums and of the wire's size, before
/// it hands them to the interface.
pub fn make_whole_packets(interface: &str) {
    #[repr(C)]
    struct Value {
        command: u32,
        data: u32,
    }
    const TRANSMIT_CHECKSUMS: u32 = 0x17; // ETHTOOL_STXCSUM
    let mut off = Value {
        command: TRANSMIT_CHECKSUMS,
        data: 0,
    };
    // SAFETY: zeros are an empty name and a null pointer.
    let mut request: libc::ifreq = unsafe { MaybeUninit::zeroed().assume_init() };
    for (to, from) in request.ifr_name.iter_mut().zip(interface.bytes()) {
        *to = from as libc::c_char;
    }
    request.ifr_ifru.ifru_data = (&raw mut off).cast();
    let any = UnixDatagram::unbound().unwrap();
    // SAFETY: `request` has a name that ends, and points to what the command reads.
    let code = unsafe { libc::ioctl(any.as_raw_fd(), libc::SIOCETHTOOL as _, &mut request) };
    assert_eq!(code, 0, "{interface}: {}", Error::last_os_error());
}

/// The number of an interface of this namespace.
pub fn index_of(interface: &str) -> u32 {
    let name = CString::new(interface).unwrap();
    // SAFETY: `name` is a C string.
    match unsafe { libc::if_nametoindex(name.as_ptr()) } {
        0 => panic!("{interface}: {}", Error::last_os_error()),
        index => index,
    }
}
