use ferromq::{Context, PUSH};

fn main() -> ferromq::Result<()> {
    let push = Context::new()?.socket(PUSH)?;
    std::thread::scope(|scope| {
        scope.spawn(|| push.send("from one thread"));
        scope.spawn(|| push.send("and from another"));
    });
    Ok(())
}
