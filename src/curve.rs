//! Keys of the CURVE mechanism.
//!
//! A key is 32 bytes, or 40 characters of [Z85](crate::z85). Text that is no key is refused
//! without being repeated, as it may be a secret with a slip.

mod certificate;

pub use certificate::Certificate;

use std::fmt;
use std::str::FromStr;

use ferromq_sys as sys;
use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

use crate::error::{Error, ErrorKind, Result};
use crate::raw::{self, Errno};
use crate::z85;

/// What peers know each other by; it may be shown to anyone.
///
/// ```
/// # fn main() -> ferromq::Result<()> {
/// use ferromq::curve::PublicKey;
///
/// let text = "rq:rM>}U?@Lns47E1%kR.o@n%FcmmsL/@{H8]yf7";
/// let key: PublicKey = text.parse()?;
/// assert_eq!(key.to_string(), text);
/// assert_eq!(key.as_bytes().len(), 32);
/// # Ok(()) }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// The key.
    ///
    /// ```
    /// # use ferromq::*;
    /// let key = curve::PublicKey::from([7; 32]);
    /// assert_eq!(key.as_bytes(), &[7; 32]);
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl From<[u8; 32]> for PublicKey {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl FromStr for PublicKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(Self(*decode(text)?))
    }
}

impl AsRef<[u8]> for PublicKey {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// The key in Z85.
impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&z85::encode(self.0).unwrap_or_default())
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

/// What proves that a peer is who its public key says; nobody else may see it.
///
/// It is not shown by `Debug`, compared in constant time, and overwritten when dropped.
///
/// ```
/// # fn main() -> ferromq::Result<()> {
/// use ferromq::curve::SecretKey;
///
/// let key: SecretKey = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs".parse()?;
/// assert_eq!(format!("{key:?}"), "SecretKey(..)");
/// # Ok(()) }
/// ```
#[derive(Clone)]
pub struct SecretKey([u8; 32]);

impl SecretKey {
    /// The key.
    ///
    /// ```
    /// # use ferromq::*;
    /// let key = curve::SecretKey::from([7; 32]);
    /// assert_eq!(key.as_bytes(), &[7; 32]);
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// The key in Z85, in a string that is overwritten when dropped.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// let text = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";
    /// let key: ferromq::curve::SecretKey = text.parse()?;
    /// assert_eq!(*key.to_z85(), text);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn to_z85(&self) -> Zeroizing<String> {
        Zeroizing::new(z85::encode(self.0).unwrap_or_default())
    }

    /// The public key that belongs to it (`zmq_curve_public`).
    ///
    /// # Errors
    /// [`NotSupported`](ErrorKind::NotSupported) if the linked libzmq has no CURVE.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// use ferromq::{Capability, curve::Keypair, has};
    ///
    /// if has(Capability::Curve) {
    ///     let pair = Keypair::generate()?;
    ///     assert_eq!(pair.secret.public_key()?, pair.public);
    /// }
    /// # Ok(()) }
    /// ```
    pub fn public_key(&self) -> Result<PublicKey> {
        let mut secret = Zeroizing::new([0; 41]);
        secret[..40].copy_from_slice(self.to_z85().as_bytes());
        let public =
            raw::public_key(&secret).map_err(|errno| failed(errno, "derive a public CURVE key"))?;
        Ok(PublicKey(*decode_text(&public)?))
    }
}

impl Drop for SecretKey {
    fn drop(&mut self) {
        self.0.zeroize();
    }
}

impl From<[u8; 32]> for SecretKey {
    fn from(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }
}

impl FromStr for SecretKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Ok(Self(*decode(text)?))
    }
}

impl AsRef<[u8]> for SecretKey {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

impl PartialEq for SecretKey {
    fn eq(&self, other: &Self) -> bool {
        self.0.ct_eq(&other.0).into()
    }
}

impl Eq for SecretKey {}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey(..)")
    }
}

/// A public key and its secret.
///
/// ```
/// # use ferromq::*;
/// let pair = curve::Keypair {
///     public: curve::PublicKey::from([1; 32]),
///     secret: curve::SecretKey::from([2; 32]),
/// };
/// assert!(format!("{pair:?}").ends_with("secret: SecretKey(..) }"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keypair {
    /// To be told to the peers.
    pub public: PublicKey,
    /// To be kept.
    pub secret: SecretKey,
}

impl Keypair {
    /// A new pair, from the system's random numbers (`zmq_curve_keypair`).
    ///
    /// # Errors
    /// [`NotSupported`](ErrorKind::NotSupported) if the linked libzmq has no CURVE: the feature
    /// `curve` gives the vendored one CURVE.
    ///
    /// ```
    /// # fn main() -> ferromq::Result<()> {
    /// use ferromq::{Capability, ErrorKind, curve::Keypair, has};
    ///
    /// match Keypair::generate() {
    ///     Ok(pair) => println!("public key: {}", pair.public),
    ///     Err(error) => assert_eq!(error.kind(), ErrorKind::NotSupported),
    /// }
    /// # Ok(()) }
    /// ```
    pub fn generate() -> Result<Self> {
        let (public, secret) =
            raw::keypair().map_err(|errno| failed(errno, "generate a CURVE key pair"))?;
        let secret = Zeroizing::new(secret);
        Ok(Self {
            public: PublicKey(*decode_text(&public)?),
            secret: SecretKey(*decode_text(&secret)?),
        })
    }
}

/// The pair of a secret key.
///
/// ```
/// # fn main() -> ferromq::Result<()> {
/// use ferromq::{Capability, curve::Keypair, has};
///
/// if has(Capability::Curve) {
///     let pair = Keypair::generate()?;
///     assert_eq!(Keypair::try_from(pair.secret.clone())?, pair);
/// }
/// # Ok(()) }
/// ```
impl TryFrom<SecretKey> for Keypair {
    type Error = Error;

    fn try_from(secret: SecretKey) -> Result<Self> {
        let public = secret.public_key()?;
        Ok(Self { public, secret })
    }
}

fn decode(text: &str) -> Result<Zeroizing<[u8; 32]>> {
    let invalid = |detail: String| Error::invalid("read a CURVE key", detail);
    if text.len() != 40 {
        return Err(invalid(format!(
            "it has 40 characters of Z85, {} are given",
            text.len()
        )));
    }
    let bytes =
        Zeroizing::new(z85::decode(text).map_err(|error| error.during("read a CURVE key"))?);
    let mut key = Zeroizing::new([0; 32]);
    key.copy_from_slice(&bytes);
    Ok(key)
}

/// What libzmq wrote.
fn decode_text(text: &raw::KeyText) -> Result<Zeroizing<[u8; 32]>> {
    decode(std::str::from_utf8(&text[..40])?)
}

fn failed(errno: Errno, operation: &'static str) -> Error {
    match Error::new(errno, operation) {
        error if error.kind() == ErrorKind::NotSupported => not_linked(operation),
        error => error,
    }
}

pub(crate) fn not_linked(operation: &'static str) -> Error {
    Error::explained(
        ErrorKind::NotSupported,
        sys::ENOTSUP,
        operation,
        "the linked libzmq was built without CURVE; the feature `curve` builds one with it",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    // The pairs of ZeroMQ RFC 26's example, as zmq_curve(7) has them.
    const PUBLIC: &str = "Yne@$w-vo<fVvi]a<NY6T1ed:M$fCG*[IaLV{hID";
    const SECRET: &str = "D:)Q[IlAW!ahhC2ac:9*A}h:p?([4%wOTJ%JR%cs";

    #[test]
    fn a_secret_is_in_no_text() {
        let secret: SecretKey = SECRET.parse().unwrap();
        let pair = Keypair {
            public: PUBLIC.parse().unwrap(),
            secret,
        };
        let shown = format!("{pair:?}");
        assert!(shown.contains(PUBLIC), "{shown}");
        assert!(!shown.contains(SECRET), "{shown}");
        for text in [&SECRET[1..], &SECRET.replace('D', " "), &SECRET.repeat(2)] {
            let error = text.parse::<SecretKey>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(!error.to_string().contains(&SECRET[2..10]), "{error}");
        }
    }

    #[test]
    fn text_of_another_length_is_no_key() {
        for len in (0..=85).filter(|len| *len != 40) {
            let error = SECRET.repeat(3)[..len].parse::<PublicKey>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            let text = error.to_string();
            assert!(text.contains(&format!("{len} ")), "{text}");
        }
    }

    #[test]
    fn the_public_key_belongs_to_the_secret_one() {
        let secret: SecretKey = SECRET.parse().unwrap();
        match secret.public_key() {
            Ok(public) => assert_eq!(public.to_string(), PUBLIC),
            Err(error) => {
                assert!(!crate::has(crate::Capability::Curve), "{error}");
                assert_eq!(error.kind(), ErrorKind::NotSupported);
            }
        }
        assert_eq!(secret, SECRET.parse().unwrap());
        assert_ne!(secret, SecretKey::from([7; 32]));
    }
}
