//! Keys in files: a directory that changes, and what is written and read.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use ferromq::curve::{Certificate, Keypair, PublicKey};
use ferromq::zap::Domain;
use ferromq::{AuthStatus, ErrorKind, MonitorEventKind, PULL, PUSH};

use crate::support::context;
use crate::{curve_client, curve_server, join, keys, logs, result, start};

/// A directory of certificates of the test's own.
pub struct Certificates(PathBuf);

impl Certificates {
    pub fn new() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let made = MADE.fetch_add(1, Ordering::Relaxed);
        let name = format!("ferromq-keys-{}-{made}", std::process::id());
        let path = std::env::temp_dir().join(name);
        fs::create_dir(&path).unwrap();
        Self(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn file(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }
}

impl Drop for Certificates {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

#[test]
fn files_come_and_go() {
    let Some([server, alice, bob]) = keys() else {
        return;
    };
    let context = context();
    let directory = Certificates::new();
    let _authenticator = start(&context, Domain::new().keys_in(directory.path()));
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
        .save(directory.file("alice.key"))
        .unwrap();
    assert_eq!(let_in(), [true, false]);
    fs::remove_file(directory.file("alice.key")).unwrap();
    assert_eq!(let_in(), [false, false]);

    // What is no certificate harms nobody.
    fs::write(directory.file("README"), "see elsewhere").unwrap();
    fs::write(directory.file("bytes"), [0xff; 100]).unwrap();
    fs::create_dir(directory.file("directory.key")).unwrap();
    Certificate::from(alice.public)
        .save(directory.file(".hidden.key"))
        .unwrap();
    Certificate::from(bob.public)
        .save(directory.file("client"))
        .unwrap();
    assert_eq!(let_in(), [false, true]);

    // In its place, and of the same size.
    fs::remove_file(directory.file("client")).unwrap();
    Certificate::from(alice.public)
        .save(directory.file("client"))
        .unwrap();
    assert_eq!(let_in(), [true, false]);
    let of_alice = fs::read_to_string(directory.file("client")).unwrap();
    let (old, new) = (alice.public.to_string(), bob.public.to_string());
    let of_bob = of_alice.replace(&old, &new);
    // Also faster than the clock of the file system.
    for _ in 0..50 {
        fs::write(directory.file("client"), &of_bob).unwrap();
        assert_eq!(let_in(), [false, true]);
        fs::write(directory.file("client"), &of_alice).unwrap();
        assert_eq!(let_in(), [true, false]);
    }

    fs::remove_dir_all(directory.path()).unwrap();
    assert_eq!(let_in(), [false, false]);
    fs::create_dir(directory.path()).unwrap();
    Certificate::from(alice.public)
        .save(directory.file("alice.key"))
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
    let directory = Certificates::new();
    let (public, secret) = (directory.file("a.key"), directory.file("a.key_secret"));
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
    let directory = Certificates::new();
    for there in ["a.key", "a.key_secret"] {
        fs::write(directory.file(there), "precious").unwrap();
        let error = certificate().save(directory.file("a.key")).unwrap_err();
        assert_eq!(error.errno(), libc::EEXIST, "{error}");
        assert!(error.to_string().contains("choose another name"), "{error}");
        let left: Vec<_> = fs::read_dir(directory.path()).unwrap().collect();
        assert_eq!(left.len(), 1, "{left:?}");
        let text = fs::read_to_string(directory.file(there)).unwrap();
        assert_eq!(text, "precious");
        fs::remove_file(directory.file(there)).unwrap();
    }
}

#[test]
fn what_cannot_be_read_is_an_error() {
    let directory = Certificates::new();
    let file = directory.file("a.key");
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
    let error = Certificate::load(directory.path()).unwrap_err();
    assert!(error.to_string().contains("no file"), "{error}");
    let error = Certificate::load(directory.file("none")).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::NotFound);
    let known = Certificate::from(PublicKey::from([7; 32]));
    known.save(directory.file("no/such/place")).unwrap_err();
}
