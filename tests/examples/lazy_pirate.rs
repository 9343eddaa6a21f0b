use crate::program::Program;
use crate::support::Directory;
use crate::{ANY_PORT, Example, squares};

#[test]
fn as_promised() {
    let mut server = Example::start("lazy_pirate -- server", &[ANY_PORT]);
    Example::start("lazy_pirate -- client", &[&server.endpoint()]).finish();
    server.stop();
}

/// The server is killed while it works on a request, again and again; the client gets each reply.
#[test]
fn a_client_outlives_its_servers() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("service");
    let start = || Program::start("lazy_pirate -- server", &[&endpoint, "300"]);
    let mut server = start();
    let client = Program::start("lazy_pirate -- client", &[&endpoint, "5"]);
    for killed_with in ["working on 1", "working on 2", "working on 4"] {
        server.wait_for(killed_with);
        server.kill();
        server = start();
    }
    let (retries, replies): (Vec<_>, Vec<_>) = client
        .finish()
        .into_iter()
        .partition(|line| line.starts_with("no reply to "));
    assert!(!retries.is_empty());
    assert_eq!(replies, squares(5));
}

/// The server stops for a while, and then replies to the request and to its repetition; the client
/// takes neither for the reply to another request.
#[test]
fn a_late_reply_is_dropped() {
    let directory = Directory::new();
    let endpoint = directory.endpoint("service");
    let mut server = Program::start("lazy_pirate -- server", &[&endpoint, "300"]);
    let mut client = Program::start("lazy_pirate -- client", &[&endpoint, "4"]);
    server.wait_for("working on 2");
    server.signal(libc::SIGSTOP);
    client.wait_for("no reply to 2");
    server.signal(libc::SIGCONT);
    let mut replies = client.finish();
    replies.retain(|line| !line.starts_with("no reply to "));
    assert_eq!(replies, squares(4));
}

#[test]
fn a_client_without_a_server_gives_up() {
    let directory = Directory::new();
    let client = Program::start("lazy_pirate -- client", &[&directory.endpoint("nobody")]);
    let (well, printed) = client.wait();
    assert!(!well);
    assert_eq!(printed, ["no reply to 1"; 3]);
}
