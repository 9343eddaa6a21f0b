//! The two libraries exchange messages within one process, whichever of them binds.

use std::time::Duration;

use beside_system::SystemPair;
use ferromq::{Context, PAIR, Pair, Socket};

const DEADLINE: Duration = Duration::from_secs(20);

#[test]
fn tcp() {
    exchange_over("tcp://127.0.0.1:*");
}

#[test]
fn ipc() {
    exchange_over("ipc://*");
}

fn exchange_over(endpoint: &str) {
    let context = Context::new().unwrap();

    let (ours, systems) = pairs(&context);
    ours.bind(endpoint).unwrap();
    let bound = ours.last_endpoint().unwrap();
    systems.connect(bound.as_str()).unwrap();
    exchange(&ours, &systems);

    let (ours, systems) = pairs(&context);
    ours.connect(systems.bind(endpoint).unwrap()).unwrap();
    exchange(&ours, &systems);
}

fn pairs(context: &Context) -> (Socket<Pair>, SystemPair) {
    let systems = SystemPair::new(DEADLINE).unwrap();
    (context.socket(PAIR).unwrap(), systems)
}

fn exchange(ours: &Socket<Pair>, systems: &SystemPair) {
    ours.send_timeout("from ferromq", DEADLINE).unwrap();
    assert_eq!(systems.recv().unwrap(), "from ferromq");
    systems.send("from the system").unwrap();
    let message = ours.recv_timeout(DEADLINE).unwrap();
    assert_eq!(message.expect("no message comes"), "from the system");
}
