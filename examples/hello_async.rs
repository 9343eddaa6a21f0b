//! REQ/REP in one process, async: a task that serves, and one that asks.

use std::error::Error;
use std::time::Duration;

use ferromq::with_tokio::Socket;
use ferromq::{Context, REP, REQ};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let context = Context::new()?;

    let server = context.socket(REP)?;
    server.bind("tcp://127.0.0.1:*")?; // any free port
    let endpoint = server.last_endpoint()?;

    let mut server = Socket::new(server)?;
    let task = tokio::spawn(async move {
        let request = server.recv().await?;
        println!("server received: {}", request.to_str()?);
        server.send("I am OK!").await?;
        Ok::<(), ferromq::Error>(())
    });

    let client = context.socket(REQ)?;
    client.connect(endpoint)?;
    let mut client = Socket::new(client)?;
    let question = client.request(["Are you OK?"]);
    let reply = tokio::time::timeout(Duration::from_secs(10), question).await??;
    println!("client received: {}", reply[0].to_str()?);
    task.await??;

    drop(client);
    context.terminate_async(Duration::from_secs(10)).await?; // nothing is left behind
    Ok(())
}
