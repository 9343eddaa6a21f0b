//! What the termination of a context waits for, in words.

use std::ffi::c_void;
use std::fmt::Write;
use std::sync::atomic::Ordering::Relaxed;

use crate::boundary::Refusal;
use crate::inside::not_a_context;
use crate::table::{self, Slot, State};

/// The kinds of sockets by their numbers in `zmq.h`.
const KINDS: [&str; 21] = [
    "PAIR", "PUB", "SUB", "REQ", "REP", "DEALER", "ROUTER", "PULL", "PUSH", "XPUB", "XSUB",
    "STREAM", "SERVER", "CLIENT", "RADIO", "DISH", "GATHER", "SCATTER", "DGRAM", "PEER", "CHANNEL",
];

pub fn of(context: *const c_void) -> Result<String, &'static Refusal> {
    let slot = table::slot(context).ok_or(&Refusal::CONTEXT_FOREIGN)?;
    let ending = match slot.state(context) {
        Some(State::Ending) => true,
        Some(State::Context | State::BorrowedContext) => false,
        state => return Err(not_a_context(state)),
    };
    let mut sockets = String::new();
    let mut open = 0;
    for socket in table::slots() {
        let word = socket.word.load(Relaxed);
        let state = State::of(word);
        let is_socket = matches!(
            state,
            State::Socket | State::SocketBusy | State::SharedSocket | State::Closing
        );
        if is_socket && socket.context.load(Relaxed) == context.addr() {
            open += 1;
            describe(&mut sockets, socket, state);
        }
    }

    let mut report = String::new();
    let waits = if ending { "waits" } else { "would wait" };
    let forever = slot.count.load(Relaxed);
    if open == 0 && forever == 0 {
        report += "no socket is open, and none was closed with messages that may wait for ever\n";
        return Ok(report);
    }
    if open > 0 {
        let _ = writeln!(
            report,
            "zmq_ctx_term {waits} for {open} open socket(s); close:"
        );
        report += &sockets;
    }
    if forever > 0 {
        let _ = writeln!(
            report,
            "{forever} socket(s) were closed with ZMQ_LINGER -1, the last one {}; messages that \
             their peers have not taken wait for ever. Set ZMQ_LINGER before zmq_close.",
            place(slot)
        );
    }
    Ok(report)
}

fn describe(text: &mut String, socket: &Slot, state: State) {
    let number = socket.number.load(Relaxed);
    let kind = usize::try_from(number)
        .ok()
        .and_then(|kind| KINDS.get(kind));
    let kind = kind.unwrap_or(&"socket of unknown kind");
    let _ = write!(text, "  {kind} {}", place(socket));
    let inside = state == State::SocketBusy || socket.users.load(Relaxed) > 0;
    match socket.within().filter(|_| inside) {
        Some(function) => {
            let _ = writeln!(text, "; a thread is in {function}");
        }
        None => text.push('\n'),
    }
}

fn place(slot: &Slot) -> String {
    match slot.text() {
        text if text.is_empty() => "at no endpoint".to_owned(),
        text => format!("at {}", String::from_utf8_lossy(&text)),
    }
}
