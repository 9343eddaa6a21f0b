use ferromq::{Context, REQ};

fn main() -> ferromq::Result<()> {
    let req = Context::new()?.socket(REQ)?;
    req.subscribe("topic")?;
    Ok(())
}
