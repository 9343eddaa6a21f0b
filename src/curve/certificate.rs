//! Certificate files, in the format of CZMQ, which pyzmq has too.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{Keypair, PublicKey, SecretKey};
use crate::error::{Error, ErrorKind, Result};

/// A public key, the secret one if it is one's own, and what is to be known of the owner, as files
/// hold it that CZMQ and pyzmq read and write: `alice.key` to be given away, and
/// `alice.key_secret`, which has both keys and is to be kept.
///
/// ```
/// use ferromq::{Capability, curve::Certificate, has};
///
/// # fn main() -> ferromq::Result<()> {
/// # if !has(Capability::Curve) { return Ok(()) }
/// # let directory = std::env::temp_dir().join(format!("ferromq-certificate-{}", std::process::id()));
/// # std::fs::create_dir(&directory).unwrap();
/// let alice = Certificate::generate()?.with_metadata("name", "Alice");
/// alice.save(directory.join("alice.key"))?;
///
/// let own = Certificate::load(directory.join("alice.key_secret"))?;
/// assert_eq!(own, alice);
/// let known = Certificate::load(directory.join("alice.key"))?;
/// assert_eq!((known.public, known.secret), (alice.public, None));
/// # std::fs::remove_dir_all(directory).unwrap();
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The owner's public key.
    pub public: PublicKey,
    /// Its secret one; only the owner has it.
    pub secret: Option<SecretKey>,
    /// What is said of the owner, by name.
    pub metadata: BTreeMap<String, String>,
}

/// What CZMQ adds to the name of a file that holds a secret.
const SECRET: &str = "_secret";

/// No certificate is longer; what is longer is something else.
const LEN_MAX: u64 = 1 << 20;

impl Certificate {
    /// One with new keys.
    ///
    /// # Errors
    /// [`NotSupported`](ErrorKind::NotSupported) if the linked libzmq has no CURVE.
    ///
    /// ```
    /// # use ferromq::{Capability, curve::Certificate, has};
    /// # fn main() -> ferromq::Result<()> {
    /// # if !has(Capability::Curve) { return Ok(()) }
    /// assert!(Certificate::generate()?.secret.is_some());
    /// # Ok(()) }
    /// ```
    pub fn generate() -> Result<Self> {
        Ok(Keypair::generate()?.into())
    }

    /// Says something of the owner. An [`Authenticator`](crate::zap::Authenticator) that has the
    /// certificate makes it a [verified property](crate::Message::verified_property).
    ///
    /// ```
    /// # use ferromq::curve::*;
    /// let known = Certificate::from(PublicKey::from([7; 32])).with_metadata("name", "Alice");
    /// assert_eq!(known.metadata["name"], "Alice");
    /// ```
    #[must_use]
    pub fn with_metadata(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(name.into(), value.into());
        self
    }

    /// The same to be given away.
    ///
    /// ```
    /// # use ferromq::curve::*;
    /// let own = Certificate::from(Keypair { public: [1; 32].into(), secret: [2; 32].into() });
    /// assert_eq!(own.without_secret().secret, None);
    /// ```
    #[must_use]
    pub fn without_secret(mut self) -> Self {
        self.secret = None;
        self
    }

    /// Both keys; `None` for a certificate that somebody else gave away.
    ///
    /// ```
    /// # use ferromq::curve::*;
    /// let known = Certificate::from(PublicKey::from([7; 32]));
    /// assert_eq!(known.keypair(), None);
    /// ```
    #[must_use]
    pub fn keypair(&self) -> Option<Keypair> {
        Some(Keypair {
            public: self.public,
            secret: self.secret.clone()?,
        })
    }

    /// Reads a file of either sort. A secret that other users can read is reported by a warning in
    /// the log.
    ///
    /// # Errors
    /// [`NotFound`](ErrorKind::NotFound), [`PermissionDenied`](ErrorKind::PermissionDenied) and
    /// others of the file system; [`InvalidInput`](ErrorKind::InvalidInput) if it is no
    /// certificate. No error repeats what a file contains.
    ///
    /// ```
    /// # use ferromq::{ErrorKind, curve::*};
    /// let error = Certificate::load("/no/such/file").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::NotFound);
    /// ```
    pub fn load(path: impl AsRef<Path>) -> Result<Self> {
        const OPERATION: &str = "read certificate";
        let path = path.as_ref();
        let failed = |error: io::Error| Error::io(&error, OPERATION).on(path.display());
        let file = File::open(path).map_err(failed)?;
        let metadata = file.metadata().map_err(failed)?;
        let mut text = Zeroizing::new(String::new());
        if metadata.is_file() && metadata.len() <= LEN_MAX {
            // At once, as a growing string would leave copies of itself behind.
            text.reserve_exact(metadata.len() as usize + 1);
            io::Read::read_to_string(&mut io::Read::take(file, LEN_MAX), &mut text).map_err(
                |error| match error.kind() {
                    io::ErrorKind::InvalidData => invalid(OPERATION, "it is not UTF-8", path),
                    _ => failed(error),
                },
            )?;
        } else {
            return Err(invalid(OPERATION, "it is no file of up to 1 MiB", path));
        }
        let certificate =
            Self::parse(&text).map_err(|error| error.during(OPERATION).on(path.display()))?;
        if certificate.secret.is_some() && metadata.permissions().mode() & 0o077 != 0 {
            log::warn!(
                "other users may read the secret key in {}; `chmod 600` it",
                path.display()
            );
        }
        Ok(certificate)
    }

    /// Writes what is to be given away to `path`, and with a secret key also `path` with `_secret`
    /// after it, which only this user may read.
    ///
    /// # Errors
    /// [`Other`](ErrorKind::Other), `EEXIST`, if there is such a file: a key that was overwritten
    /// is lost; [`InvalidInput`](ErrorKind::InvalidInput) for metadata that the format cannot
    /// hold; [`PermissionDenied`](ErrorKind::PermissionDenied), [`NotFound`](ErrorKind::NotFound)
    /// and others of the file system.
    ///
    /// ```
    /// # use ferromq::{ErrorKind, curve::*};
    /// let known = Certificate::from(PublicKey::from([7; 32]));
    /// let error = known.save("/no/such/directory/alice.key").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::NotFound);
    /// ```
    pub fn save(&self, path: impl AsRef<Path>) -> Result<()> {
        let path = path.as_ref();
        self.check_metadata(path)?;
        let Some(secret) = &self.secret else {
            return write(path, 0o644, &self.text(None));
        };
        let secret_path = secret_path(path);
        write(&secret_path, 0o600, &self.text(Some(secret)))?;
        write(path, 0o644, &self.text(None)).inspect_err(|_| {
            // Made just now; half of a certificate is of no use.
            let _ = fs::remove_file(&secret_path);
        })
    }

    fn text(&self, secret: Option<&SecretKey>) -> Zeroizing<String> {
        let mut text = String::with_capacity(1024);
        text += match secret {
            Some(_) => "#   ZeroMQ CURVE certificate with the SECRET key: keep it to yourself.\n",
            None => "#   ZeroMQ CURVE certificate with the public key: give it to your peers.\n",
        };
        text += "\nmetadata\n";
        for (name, value) in &self.metadata {
            let quote = if value.contains('"') { '\'' } else { '"' };
            text += &format!("    {name} = {quote}{value}{quote}\n");
        }
        text += "curve\n";
        text += &format!("    public-key = \"{}\"\n", self.public);
        // The last, so that the text does not grow after it.
        let mut text = Zeroizing::new(text);
        if let Some(secret) = secret {
            text.reserve_exact(64);
            *text += "    secret-key = \"";
            *text += &secret.to_z85();
            *text += "\"\n";
        }
        text
    }

    fn check_metadata(&self, path: &Path) -> Result<()> {
        for (name, value) in &self.metadata {
            let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"$-_@.&+/".contains(&byte);
            let is_name = !name.is_empty() && name.bytes().all(allowed);
            let has_both_quotes = value.contains('"') && value.contains('\'');
            if !is_name || has_both_quotes || value.contains(['\n', '\r', '\0']) {
                let detail = format!(
                    "metadata {name:?} cannot be written: a name has the characters A-Z a-z 0-9 \
                     $ - _ @ . & + / only, a value is one line without both sorts of quotes"
                );
                return Err(Error::invalid(WRITE, detail).on(path.display()));
            }
        }
        Ok(())
    }

    /// Reads ZPL (ZeroMQ RFC 4) of two levels: names at the margin, and indented, `name = value`.
    fn parse(text: &str) -> Result<Self> {
        let invalid = |detail: &'static str| Error::invalid("read certificate", detail);
        let (mut public, mut secret) = (None, None);
        let mut metadata = BTreeMap::new();
        let mut section = "";
        for line in text.lines() {
            let content = line.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            if !line.starts_with([' ', '\t']) {
                section = content.split(['=', '#', ' ']).next().unwrap_or_default();
                continue;
            }
            let Some((name, value)) = content.split_once('=') else {
                continue;
            };
            let (name, value) = (name.trim(), unquoted(value.trim()));
            match (section, name) {
                ("curve", "public-key") => public = Some(value.parse::<PublicKey>()?),
                ("curve", "secret-key") => secret = Some(value.parse::<SecretKey>()?),
                ("metadata", name) => {
                    metadata.insert(name.to_owned(), value.to_owned());
                }
                _ => {}
            }
        }
        Ok(Self {
            public: public.ok_or_else(|| {
                invalid("it is no certificate: there is no `public-key` under `curve`")
            })?,
            secret,
            metadata,
        })
    }
}

/// A value between quotes, or to the end of the line.
fn unquoted(value: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote) {
            return rest.split(quote).next().unwrap_or(rest);
        }
    }
    value
}

fn secret_path(path: &Path) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(SECRET);
    path.into()
}

const WRITE: &str = "write certificate";

/// Writes a file that was not there.
fn write(path: &Path, mode: u32, text: &str) -> Result<()> {
    let failed = |error: io::Error| match error.kind() {
        io::ErrorKind::AlreadyExists => Error::explained(
            ErrorKind::Other,
            libc::EEXIST,
            WRITE,
            "there is such a file, and a key that was overwritten is lost; choose another name",
        )
        .on(path.display()),
        _ => Error::io(&error, WRITE).on(path.display()),
    };
    let mut options = OpenOptions::new();
    options.write(true).create_new(true).mode(mode);
    let mut file = options.open(path).map_err(failed)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.sync_all())
        .map_err(|error| {
            // Half a file is of no use.
            let _ = fs::remove_file(path);
            failed(error)
        })
}

fn invalid(operation: &'static str, detail: &'static str, path: &Path) -> Error {
    Error::invalid(operation, detail).on(path.display())
}

impl From<Keypair> for Certificate {
    fn from(keys: Keypair) -> Self {
        Self {
            public: keys.public,
            secret: Some(keys.secret),
            metadata: BTreeMap::new(),
        }
    }
}

impl From<PublicKey> for Certificate {
    fn from(public: PublicKey) -> Self {
        Self {
            public,
            secret: None,
            metadata: BTreeMap::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PUBLIC: &str = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
    const SECRET: &str = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

    fn own() -> Certificate {
        Certificate::from(Keypair {
            public: PUBLIC.parse().unwrap(),
            secret: SECRET.parse().unwrap(),
        })
        .with_metadata("name", "Alice # \"the\" one")
        .with_metadata("e-mail", "it's = alice@example.org")
        .with_metadata("empty", "")
    }

    #[test]
    fn what_is_written_is_read() {
        let own = own();
        let text = own.text(own.secret.as_ref());
        assert!(text.contains(SECRET));
        assert_eq!(Certificate::parse(&text).unwrap(), own);
        let text = own.text(None);
        assert!(!text.contains(SECRET));
        assert_eq!(Certificate::parse(&text).unwrap(), own.without_secret());
    }

    #[test]
    fn other_forms_of_the_format_are_read() {
        for text in [
            format!("curve\n    public-key = \"{PUBLIC}\"\n"),
            format!("# text\r\nmetadata\r\ncurve\r\n    public-key = '{PUBLIC}' # mine\r\n"),
            format!("curve\n\tpublic-key={PUBLIC}\n\nother\n    public-key = \"none\"\n    x\n"),
            format!(
                "metadata = 1\n    a = b\n    public-key = x\ncurve\n    public-key = {PUBLIC}"
            ),
        ] {
            let certificate = Certificate::parse(&text).unwrap();
            assert_eq!(certificate.public.to_string(), PUBLIC, "{text}");
        }
    }

    #[test]
    fn what_is_no_certificate_is_not_repeated() {
        let slip = SECRET.replace('D', " ");
        for text in [
            "",
            "metadata\n    name = \"x\"\n",
            &format!("public-key = \"{PUBLIC}\"\n"),
            &format!("curve\npublic-key = \"{PUBLIC}\"\n"),
            &format!("curve\n    public-key = \"{slip}\"\n"),
            &format!("curve\n    public-key = \"{PUBLIC}\"\n    secret-key = \"{slip}\"\n"),
            &format!(
                "curve\n    public-key = \"{PUBLIC}\"\n    secret-key = \"{SECRET}{SECRET}\"\n"
            ),
        ] {
            let error = Certificate::parse(text).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(!error.to_string().contains(&SECRET[2..10]), "{error}");
        }
    }

    #[test]
    fn metadata_that_the_format_cannot_hold_is_refused() {
        for (name, value) in [
            ("", "x"),
            ("a b", "x"),
            ("a=b", "x"),
            ("#", "x"),
            ("name", "two\nlines"),
            ("name", "both ' and \""),
        ] {
            let certificate = own().with_metadata(name, value);
            let error = certificate.save("/nowhere/x.key").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains(&format!("{name:?}")), "{error}");
        }
    }
}
