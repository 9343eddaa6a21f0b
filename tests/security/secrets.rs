//! No secret gets into a text: not by `Debug`, not in an error, not in the log.

use std::fmt::Debug;
use std::sync::{Arc, Mutex};

use ferromq::curve::{Certificate, Keypair, SecretKey};
use ferromq::zap::{Domain, Rules, Verdict};
use ferromq::{AuthPolicy, PULL, PUSH, Password, Security};

use crate::support::{Directory, context};
use crate::{HOME, join, keys, logs, plain_client, plain_server, start};

const PASSWORD: &str = "xyzzy-plugh-0815";
const WRONG: &str = "plover-4711-wrong";

/// The forms in which a secret may show.
fn forms(secret: &[u8]) -> Vec<String> {
    let hex = |upper: bool| -> String {
        let digits = secret[..6].iter().map(|byte| match upper {
            true => format!("{byte:02X}"),
            false => format!("{byte:02x}"),
        });
        digits.collect()
    };
    let list = format!("{:?}", &secret[..6]);
    let mut forms = vec![
        list[1..list.len() - 1].to_owned(),
        hex(false),
        hex(true),
        secret[..6].escape_ascii().to_string(),
    ];
    if let Ok(text) = std::str::from_utf8(secret) {
        forms.push(text[..8].to_owned());
    }
    forms
}

struct Texts {
    forbidden: Vec<String>,
    seen: Vec<String>,
}

impl Texts {
    fn show(&mut self, value: &impl Debug) {
        self.seen.push(format!("{value:?}"));
        self.seen.push(format!("{value:#?}"));
    }

    fn error(&mut self, result: ferromq::Result<impl Debug>) {
        let error = result.unwrap_err();
        self.show(&error);
        self.seen.push(error.to_string());
    }

    #[track_caller]
    fn check(&self, text: &str) {
        for form in &self.forbidden {
            assert!(!text.contains(form), "{form} is in {text}");
        }
    }
}

#[test]
fn no_secret_is_told() {
    logs::collect();
    let context = context();
    let pair = match keys() {
        Some([pair]) => pair,
        None => Keypair {
            public: [7; 32].into(),
            secret: SecretKey::from(*b"0123456789abcdefghijklmnopqrstuv"),
        },
    };
    let z85 = pair.secret.to_z85();
    let secrets = [PASSWORD.as_bytes(), WRONG.as_bytes(), z85.as_bytes()];
    let raw: &[u8] = pair.secret.as_bytes();
    let mut texts = Texts {
        forbidden: secrets.into_iter().chain([raw]).flat_map(forms).collect(),
        seen: Vec::new(),
    };

    texts.show(&Password::from(PASSWORD));
    texts.show(&pair);
    texts.show(&pair.secret);
    let policy = AuthPolicy::AllowAnyClient;
    let keys = pair.clone();
    texts.show(&Security::CurveServer { keys, policy });
    let client = Security::CurveClient {
        keys: pair.clone(),
        server: pair.public,
    };
    texts.show(&client);
    texts.show(&plain_client("alice", PASSWORD));

    // Values with a slip.
    let socket = context.socket(PUSH).unwrap();
    let long = PASSWORD.repeat(20);
    for password in [format!("{PASSWORD}\0"), long] {
        texts.error(socket.set_security(plain_client("alice", &password)));
    }
    let mixed = Keypair {
        public: [9; 32].into(),
        secret: pair.secret.clone(),
    };
    texts.error(socket.set_security(Security::CurveClient {
        keys: mixed,
        server: pair.public,
    }));
    for text in [&z85[1..], &format!("{} ", &z85[..39]), &z85.repeat(2)] {
        texts.error(text.parse::<SecretKey>());
        texts.error(text.parse::<ferromq::curve::PublicKey>());
        texts.error(ferromq::z85::decode(&text[..text.len() - 1]));
    }

    // Files.
    let directory = Directory::new();
    let certificate = Certificate::from(pair.clone());
    texts.show(&certificate);
    certificate.save(directory.join("a")).unwrap();
    texts.error(certificate.save(directory.join("a")));
    for text in [
        format!("curve\n    public-key = \"{}x\"\n", *z85),
        format!("secret-key = \"{}\"\n", *z85),
        format!("curve\n    secret-key = \"{}\"\n", *z85),
    ] {
        std::fs::write(directory.join("b"), text).unwrap();
        texts.error(Certificate::load(directory.join("b")));
    }

    // Peers, let in and kept out.
    let requests: Arc<Mutex<Vec<String>>> = Arc::default();
    let shown = Arc::clone(&requests);
    let home = Domain::new()
        .password("alice", PASSWORD)
        .keys_in(&*directory)
        .check(move |request| {
            shown.lock().unwrap().push(format!("{request:?}"));
            Verdict::deny("no")
        });
    texts.show(&home);
    texts.show(&Rules::new().domain(HOME, Domain::new().password("alice", PASSWORD)));
    let authenticator = start(&context, home);
    texts.show(&authenticator);
    for password in [PASSWORD, WRONG] {
        let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
        pull.set_security(plain_server()).unwrap();
        push.set_security(plain_client("alice", password)).unwrap();
        let (at_server, at_client) = join(&pull, &push);
        for monitor in [&at_server, &at_client] {
            let event = crate::event(monitor);
            texts.seen.push(format!("{event} {event:?}"));
        }
        texts.show(&push);
    }

    let requests = requests.lock().unwrap();
    assert_eq!(requests.len(), 1);
    assert!(requests[0].contains("alice"), "{requests:?}");
    let logged: Vec<_> = logs::all().into_iter().map(|(_, text)| text).collect();
    assert!(
        logged.iter().any(|text| text.contains("kept out")),
        "{logged:?}"
    );
    for text in texts.seen.iter().chain(&*requests).chain(&logged) {
        texts.check(text);
    }
}

/// The scan above would find them.
#[test]
fn a_told_secret_is_found() {
    let secret = b"0123456789abcdefghijklmnopqrstuv";
    let texts = Texts {
        forbidden: forms(secret),
        seen: Vec::new(),
    };
    for text in [
        format!("{secret:?}"),
        String::from_utf8_lossy(secret).into_owned(),
        "x30313233343536".to_owned(),
    ] {
        let found = std::panic::catch_unwind(|| texts.check(&text));
        assert!(found.is_err(), "{text}");
    }
}
