use std::rc::Rc;

use ferromq::Message;

struct Shared(Rc<[u8]>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

fn main() {
    Message::from_owner(Shared(Rc::from(*b"the I/O thread drops it")));
}
