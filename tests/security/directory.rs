//! Keys in files: a directory that changes, and what is written and read.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use ferromq::curve::{Certificate, Keypair, PublicKey};
use ferromq::zap::Domain;
use ferromq::{AuthStatus, ErrorKind, MonitorEventKind, PULL, PUSH};

use crate::support::{Directory, context};
use crate::{curve_client, curve_server, join, keys, logs, result, start};

#[test]
fn files_come_and_go() {
    let Some([server, alice, bob]) = keys() else {
        return;
    };
    let context = context();
    let directory = Directory::new();
    let _authenticator = start(&context, Domain::new().keys_in(&*directory));
    let is_let_in = |keys: &Keypair| {
        let (pull, push) = (context.socket(PULL).unwrap(), context.socket(PUSH).unwrap());
        pull.set_security(curve_server(&server)).unwrap();
        push.set_security(curve_client(keys, &server)).unwrap();
        let (at_server, _) = join(&pull, &push);
        match result(&at_server) {
            MonitorEventKind::HandshakeSucceeded => true,
            MonitorEventKind::HandshakeFailedAuth(AuthStatus::Denied) => false,
            other => panic!("{other:?}"),
        }
    };
    let let_in = || [&alice, &bob].map(is_let_in);
    assert_eq!(let_in(), [false, false]);

    // Of one's own too, only the public part counts.
    Certificate::from(alice.clone())
        .save(directory.join("alice.key"))
        .unwrap();
    assert_eq!(let_in(), [true, false]);
    fs::remove_file(directory.join("alice.key")).unwrap();
    assert_eq!(let_in(), [false, false]);

    // What is no certificate harms nobody.
    fs::write(directory.join("README"), "see elsewhere").unwrap();
    fs::write(directory.join("bytes"), [0xff; 100]).unwrap();
    fs::create_dir(directory.join("directory.key")).unwrap();
    Certificate::from(alice.public)
        .save(directory.join(".hidden.key"))
        .unwrap();
    Certificate::from(bob.public)
        .save(directory.join("client"))
        .unwrap();
    assert_eq!(let_in(), [false, true]);

    // In its place, and of the same size.
    fs::remove_file(directory.join("client")).unwrap();
    Certificate::from(alice.public)
        .save(directory.join("client"))
        .unwrap();
    assert_eq!(let_in(), [true, false]);
    let of_alice = fs::read_to_string(directory.join("client")).unwrap();
    let (old, new) = (alice.public.to_string(), bob.public.to_string());
    let of_bob = of_alice.replace(&old, &new);
    // Also faster than the clock of the file system.
    for _ in 0..50 {
        fs::write(directory.join("client"), &of_bob).unwrap();
        assert_eq!(let_in(), [false, true]);
        fs::write(directory.join("client"), &of_alice).unwrap();
        assert_eq!(let_in(), [true, false]);
    }

    fs::remove_dir_all(&*directory).unwrap();
    assert_eq!(let_in(), [false, false]);
    fs::create_dir(&*directory).unwrap();
    Certificate::from(alice.public)
        .save(directory.join("alice.key"))
        .unwrap();
    assert_eq!(let_in(), [true, false]);
}

fn certificate() -> Certificate {
    Certificate::from(Keypair {
        public: "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID".parse().unwrap(),
        secret: "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs".parse().unwrap(),
    })
    .with_metadata("name", "Alice")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_secret_is_for_its_owner_only() {
    logs::collect();
    let directory = Directory::new();
    let (public, secret) = (directory.join("a.key"), directory.join("a.key_secret"));
    certificate().save(&public).unwrap();
    assert_eq!(mode(&secret), 0o600);
    assert_eq!(mode(&public) & 0o400, 0o400);
    assert_eq!(Certificate::load(&secret).unwrap(), certificate());
    assert_eq!(
        Certificate::load(&public).unwrap(),
        certificate().without_secret()
    );
    let own = secret.display().to_string();
    assert_eq!(logs::warnings(&own), Vec::<String>::new());

    fs::set_permissions(&secret, fs::Permissions::from_mode(0o640)).unwrap();
    assert_eq!(Certificate::load(&secret).unwrap(), certificate());
    let warnings = logs::warnings(&own);
    assert!(warnings[0].contains("chmod 600"), "{warnings:?}");
}

#[test]
fn no_key_is_overwritten() {
    let directory = Directory::new();
    for there in ["a.key", "a.key_secret"] {
        fs::write(directory.join(there), "precious").unwrap();
        let error = certificate().save(directory.join("a.key")).unwrap_err();
        assert_eq!(error.errno(), libc::EEXIST, "{error}");
        assert!(error.to_string().contains("choose another name"), "{error}");
        let left: Vec<_> = fs::read_dir(&*directory).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
        let text = fs::read_to_string(directory.join(there)).unwrap();
        assert_eq!(text, "precious");
        fs::remove_file(directory.join(there)).unwrap();
    }
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let directory = Directory::new();
    let file = directory.join("a.key");
    for (bytes, reason) in [
        (&b"see elsewhere"[..], "no `public-key`"),
        (b"\xff\xfe", "not UTF-8"),
        (b"curve\n    public-key = \"abc\"\n", "40 characters"),
        (&[b'#'; (1 << 20) + 1], "up to 1 MiB"),
    ] {
        fs::write(&file, bytes).unwrap();
        let error = Certificate::load(&file).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        let text = error.to_string();
        assert!(text.contains(reason), "{text}");
        assert!(text.contains(&file.display().to_string()), "{text}");
    }
    let error = Certificate::load(&*directory).unwrap_err();
    assert!(error.to_string().contains("no file"), "{error}");
    let error = Certificate::load(directory.join("none")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let known = Certificate::from(PublicKey::from([7; 32]));
    known.save(directory.join("no/such/place")).unwrap_err();
}
