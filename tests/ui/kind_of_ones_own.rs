use ferromq::{CanSend, Kind, SocketType};

#[derive(Clone, Copy, Debug)]
struct Mine;

impl Kind for Mine {
    const TYPE: Option<SocketType> = None;
}

impl CanSend for Mine {}

fn main() {}
