use ferromq::{Context, PUSH};

fn main() -> ferromq::Result<()> {
    let push = Context::new()?.socket(PUSH)?;
    std::thread::spawn(move || push.send("it lives here now"));
    push.send("and no longer here")?;
    Ok(())
}
