use std::sync::Arc;

use ferromq::{Context, PUSH};

fn main() -> ferromq::Result<()> {
    let push = Arc::new(Context::new()?.socket(PUSH)?);
    let shared = Arc::clone(&push);
    std::thread::spawn(move || shared.send("from one thread"));
    push.send("and from another")?;
    Ok(())
}
