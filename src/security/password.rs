use std::fmt;

use subtle::ConstantTimeEq;
use zeroize::{Zeroize, Zeroizing};

/// The longest that PLAIN carries.
pub(super) const MAX: usize = 255;

/// A password for PLAIN: not shown by `Debug`, compared in constant time, and overwritten when
/// dropped.
///
/// ```
/// use ferromq::Password;
///
/// let password = Password::from("open sesame");
/// assert_eq!(format!("{password:?}"), "Password(..)");
/// assert!(password.is(b"open sesame"));
/// assert!(!password.is(b"open barley"));
/// ```
#[derive(Clone)]
pub struct Password(Zeroizing<String>);

impl Password {
    /// Whether this is it. How long the answer takes tells nothing.
    ///
    /// ```
    /// assert!(ferromq::Password::from("secret").is("secret"));
    /// ```
    #[must_use]
    pub fn is(&self, given: impl AsRef<[u8]>) -> bool {
        let given = given.as_ref();
        let fits = given.len() <= MAX && self.0.len() <= MAX;
        let same = padded(self.0.as_bytes()).ct_eq(&*padded(given));
        fits & bool::from(same)
    }

    pub(super) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The length, and the bytes with zeros after them.
fn padded(bytes: &[u8]) -> Zeroizing<[u8; MAX + 1]> {
    let mut padded = Zeroizing::new([0; MAX + 1]);
    let len = bytes.len().min(MAX);
    padded[0] = len as u8;
    padded[1..=len].copy_from_slice(&bytes[..len]);
    padded
}

impl From<String> for Password {
    fn from(mut text: String) -> Self {
        // Without the spare memory, which would be left behind by a later growth.
        let password = Self::from(text.as_str());
        text.zeroize();
        password
    }
}

impl From<&str> for Password {
    fn from(text: &str) -> Self {
        Self(Zeroizing::new(text.to_owned()))
    }
}

impl PartialEq for Password {
    fn eq(&self, other: &Self) -> bool {
        self.is(other.0.as_bytes())
    }
}

impl Eq for Password {}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_same_is_the_same() {
        let long = "p".repeat(MAX);
        for text in ["", "a", "secret", &long] {
            assert!(Password::from(text).is(text));
            assert_eq!(Password::from(text), Password::from(text.to_owned()));
        }
        let too_long = "p".repeat(MAX + 1);
        for (text, given) in [
            ("secret", "secre"),
            ("secret", "secret "),
            ("secret", "secret\0"),
            ("secret", "Secret"),
            ("", "\0"),
            (&long, &too_long),
            (&too_long, &long),
            (&too_long, &too_long),
        ] {
            assert!(!Password::from(text).is(given), "{text:?} {given:?}");
        }
    }
}
