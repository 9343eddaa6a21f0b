//! REQ/REP: a question and its answer, in turns.

use ferromq::{Context, REP, REQ};

use crate::agent::Agent;
use crate::peer::{Receiver, Sender, frames, join};

pub fn converse(req: &(impl Sender + Receiver), rep: &(impl Sender + Receiver)) {
    for (question, answer) in [("Are you OK?", "I am OK!"), ("你好吗？", "我很好！")] {
        req.send_frames(&frames([question]));
        assert_eq!(rep.recv_frames(), frames([question]));
        rep.send_frames(&frames([answer]));
        assert_eq!(req.recv_frames(), frames([answer]));
    }
}

#[test]
fn rust_asks_python_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (req, rep) = (context.socket(REQ).unwrap(), python.socket("REP"));
    join(&rep, &req);
    converse(&req, &rep);
}

#[test]
fn rust_asks_and_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (req, rep) = (context.socket(REQ).unwrap(), python.socket("REP"));
    join(&req, &rep);
    converse(&req, &rep);
}

#[test]
fn rust_answers_and_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (req, rep) = (python.socket("REQ"), context.socket(REP).unwrap());
    join(&rep, &req);
    converse(&req, &rep);
}

#[test]
fn rust_answers_python_binds() {
    let (context, python) = (Context::new().unwrap(), Agent::start());
    let (req, rep) = (python.socket("REQ"), context.socket(REP).unwrap());
    join(&req, &rep);
    converse(&req, &rep);
}
