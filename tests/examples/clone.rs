use std::collections::BTreeMap;
use std::ops::Range;

use ferromq::{DEALER, Dealer, Socket};

use crate::Example;
use crate::program::Program;
use crate::support::{Directory, context, recv, send_multipart};

#[test]
fn as_promised() {
    let directory = Directory::new();
    let (state, changes) = (directory.endpoint("state"), directory.endpoint("changes"));
    let mut server = Example::start("clone -- server", &[&state, &changes])
        .at("tcp://127.0.0.1:5566", &state)
        .at("tcp://127.0.0.1:5567", &changes);
    server.print_all();
    Example::start("clone -- set colour green", &[&state]).finish();
    let mut copy = Example::start("clone -- watch", &[&state, &changes]);
    copy.program.wait_for("state ");
    Example::start("clone -- set colour blue", &[&state]).finish();
    copy.stop();
    server.stop();
}

/// What a copy has printed, played back.
#[derive(Debug, PartialEq)]
struct Played {
    number: u64,
    state: BTreeMap<String, String>,
    /// How often the whole state was asked for.
    states: u32,
}

fn play(printed: &[String]) -> Played {
    let mut played = Played {
        number: 0,
        state: BTreeMap::new(),
        states: 0,
    };
    for line in printed {
        let (what, text) = line.split_once(": ").unwrap();
        let (what, number) = what.split_once(' ').unwrap();
        let number = number.parse().unwrap();
        if what == "state" {
            played.state = serde_json::from_str(text).unwrap();
            played.states += 1;
        } else {
            assert_eq!(number, played.number + 1, "a change is missing");
            let (key, value) = text.split_once(" = ").unwrap();
            played.state.insert(key.into(), value.into());
        }
        played.number = number;
    }
    played
}

struct Server {
    program: Program,
    state: String,
    changes: String,
}

impl Server {
    fn start(directory: &Directory) -> Self {
        let (state, changes) = (directory.endpoint("state"), directory.endpoint("changes"));
        let mut program = Program::start("clone -- server", &[&state, &changes]);
        program.wait_for("changes are at ");
        Self {
            program,
            state,
            changes,
        }
    }

    fn watch(&self) -> Program {
        Program::start("clone -- watch", &[&self.state, &self.changes])
    }
}

/// Makes changes, with values of this size, and returns the state that a new server has then.
fn change(dealer: &Socket<Dealer>, numbers: Range<u64>, size: usize) -> BTreeMap<String, String> {
    let mut state = BTreeMap::new();
    let mut answered = numbers.clone();
    for number in numbers {
        let (key, value) = (format!("key {}", number % 7), format!("{number:0size$}"));
        send_multipart(dealer, ["set", &key, &value]);
        state.insert(key, value);
        // A ROUTER drops answers for which there is no room.
        if number % 100 == 0 || number + 1 == answered.end {
            for number in answered.start..=number {
                assert_eq!(recv(dealer), number.to_string());
            }
            answered.start = number + 1;
        }
    }
    state
}

/// Copies have the server's state, whenever they were started: while it changes, or again after they
/// were killed; and they have the state of a server that was killed and started again.
#[test]
fn copies_outlive_themselves_and_the_server() {
    let directory = Directory::new();
    let server = Server::start(&directory);
    let context = context();
    let dealer = context.socket(DEALER).unwrap();
    dealer.connect(&server.state).unwrap();

    let (first, killed) = (server.watch(), server.watch());
    change(&dealer, 1..1001, 1);
    killed.kill();
    let again = server.watch();
    let state = change(&dealer, 1001..2001, 1);
    let mut copies = [first, again, server.watch()];
    for copy in &mut copies {
        while play(copy.printed()).number < 2000 {
            copy.next_line().expect("the copy has ended");
        }
        let played = play(copy.printed());
        assert_eq!(played.state, state);
        assert!(played.states < 6, "{} for nothing", played.states);
    }

    server.program.kill();
    let _server = Server::start(&directory);
    let state = change(&dealer, 1..101, 1);
    for copy in &mut copies {
        // Empty, or with the first changes.
        while play(copy.printed()).number >= 2000 {
            copy.next_line().expect("the copy has ended");
        }
        while play(copy.printed()).number < 100 {
            copy.next_line().expect("the copy has ended");
        }
        assert_eq!(play(copy.printed()).state, state);
    }
}

/// A copy that was stopped, for which the server had to drop changes, finds that some are missing.
#[test]
fn a_copy_notices_what_it_has_missed() {
    const CHANGES: u64 = 8000;
    let directory = Directory::new();
    let server = Server::start(&directory);
    let context = context();
    let dealer = context.socket(DEALER).unwrap();
    dealer.connect(&server.state).unwrap();
    let mut copy = server.watch();
    copy.wait_for("state ");
    change(&dealer, 1..2, 1);
    while play(copy.printed()).number < 1 {
        copy.next_line().expect("the copy has ended");
    }
    let before = play(copy.printed()).states;
    copy.signal(libc::SIGSTOP);
    let mut state = change(&dealer, 2..CHANGES + 1, 2048);
    copy.signal(libc::SIGCONT);
    copy.wait_for("change 500: "); // there is room in the queues again
    state.extend(change(&dealer, CHANGES + 1..CHANGES + 101, 1));
    while play(copy.printed()).number < CHANGES + 100 {
        copy.next_line().expect("the copy has ended");
    }
    let played = play(copy.printed());
    assert_eq!(played.state, state);
    assert!(played.states > before, "nothing was missing");
}
