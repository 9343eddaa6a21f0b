use ferromq::{Context, PULL};

fn main() -> ferromq::Result<()> {
    let pull = Context::new()?.socket(PULL)?;
    let fd = pull.fd()?;
    drop(pull);
    println!("{fd:?}");
    Ok(())
}
