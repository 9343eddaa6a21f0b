//! User names and passwords: one who is let in, and one who is not.

use std::error::Error;
use std::time::Duration;

use ferromq::zap::{Authenticator, Domain, Rules};
use ferromq::{Context, MonitorEvents, PULL, PUSH, Security};

fn main() -> Result<(), Box<dyn Error>> {
    let context = Context::new()?;
    let users = Domain::new().password("alice", "open sesame");
    let rules = Rules::new().domain("users", users);
    let _authenticator = Authenticator::start(&context, rules)?;

    let server = context.socket(PULL)?;
    server.set_security(Security::PlainServer {
        domain: "users".into(),
    })?;
    server.bind("tcp://127.0.0.1:*")?;

    for (username, password) in [("alice", "open sesame"), ("mallory", "open barley")] {
        let client = context.socket(PUSH)?;
        client.set_security(Security::PlainClient {
            username: username.into(),
            password: password.into(),
        })?;
        let monitor = client.monitor(MonitorEvents::HANDSHAKE)?;
        client.connect(server.last_endpoint()?)?;
        match monitor.wait_handshake(Duration::from_secs(10)) {
            Ok(_) => {
                client.send("hello")?;
                let message = server.recv()?;
                let user = message.user_id()?.unwrap_or("nobody");
                println!("{user} says {}", message.to_str()?);
            }
            Err(error) => println!("{username} is kept out: {:?}", error.kind()),
        }
    }
    Ok(())
}
