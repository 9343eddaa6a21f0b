use ferromq::Message;

fn main() {
    let buffer = vec![0; 1000];
    Message::from_owner(&buffer);
}
