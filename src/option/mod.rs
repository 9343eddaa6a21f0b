//! Socket options: one row each, in [`rows`], from which the methods, their documentation with a
//! tested example, and the public list [`OPTIONS`] are made.

mod rows;
mod value;

pub use rows::OPTIONS;
pub use value::{Events, IntoLimit, IntoTimeout};

use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::kind::Kind;
use crate::socket::Socket;

/// What is known of a socket option of libzmq.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OptionInfo {
    /// The name in `zmq.h`: `ZMQ_LINGER`.
    pub name: &'static str,
    /// The number in `zmq.h`.
    pub number: i32,
    /// The method of [`Socket`] that reads it.
    pub getter: Option<&'static str>,
    /// The method of [`Socket`] that sets it.
    pub setter: Option<&'static str>,
    /// The trait that the kind of socket must have; `Kind` is all of them.
    pub on: &'static str,
    /// The value of a new socket.
    pub default: &'static str,
    /// When a new value acts.
    pub acts: Acts,
    /// The first version of libzmq that has it.
    pub since: &'static str,
}

/// When a newly set value of an option acts.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Acts {
    /// At once.
    Now,
    /// From the next bind or connect on; setting it after the first logs a warning.
    Next,
    /// From the first bind or connect on; later it is refused, as libzmq 4.3.5 could crash.
    First,
    /// It is read only.
    Never,
}

impl<K: Kind> Socket<K> {
    /// Refuses or reports a set that comes too late to act.
    fn is_in_time(&self, acts: Acts, option: &str, warned: &AtomicBool) -> Result<()> {
        if !self.is_attached() {
            return Ok(());
        }
        match acts {
            Acts::First => Err(Error::explained(
                ErrorKind::WrongState,
                libc::EINVAL,
                "set",
                "the socket is already bound or connected; set it before",
            )
            .on(option)),
            Acts::Next => {
                if !warned.swap(true, Ordering::Relaxed) {
                    log::warn!(
                        "{option} was set on a {} socket that is already bound or connected: it \
                         acts on later binds and connects only",
                        self.kind()
                    );
                }
                Ok(())
            }
            Acts::Now | Acts::Never => Ok(()),
        }
    }
}

/// Makes, from rows, the methods and the list.
///
/// ```text
/// ZMQ_NAME "ZMQ_NAME" {
///     doc "What it means, its unit, what to know.",
///     get name -> Type,                      either may be missing
///     set set_name(Type),
///     as <class of value>, on <trait of the kinds>, default "...", acts <Acts>, since "...",
///     example KIND "statements that use `socket`, run as a test"
/// }
/// ```
macro_rules! options {
    ($($number:ident $name:literal {
        doc $doc:literal,
        $(get $get:ident -> $value:ty,)?
        $(set $set:ident($argument:ty),)?
        as $class:expr, on $on:ident, default $default:literal, acts $acts:ident, since $since:literal,
        example $kind:ident $example:literal
    })*) => {
        impl<K: Kind> Socket<K> {$(
            $(
                #[doc = $doc]
                ///
                #[doc = concat!("Default: ", $default, ". Wraps `", $name, "`, since libzmq ", $since, ".")]
                ///
                /// # Errors
                /// [`Terminated`](crate::ErrorKind::Terminated),
                /// [`Forked`](crate::ErrorKind::Forked).
                #[doc = options!(@example $kind $example)]
                #[doc(alias = $name)]
                pub fn $get(&self) -> Result<$value>
                where
                    K: $on,
                {
                    ($class)
                        .get(self.raw(), sys::$number)
                        .map_err(|refusal| refusal.into_error("read", $name))
                }
            )?
            $(
                #[doc = $doc]
                ///
                #[doc = concat!("Default: ", $default, ". ", options!(@acts $acts), " Wraps `", $name, "`, since libzmq ", $since, ".")]
                ///
                /// # Errors
                /// [`InvalidInput`](crate::ErrorKind::InvalidInput) with the values that are
                /// possible, [`Terminated`](crate::ErrorKind::Terminated),
                /// [`Forked`](crate::ErrorKind::Forked).
                #[doc = options!(@example $kind $example)]
                #[doc(alias = $name)]
                pub fn $set(&self, value: $argument) -> Result<()>
                where
                    K: $on,
                {
                    static WARNED: AtomicBool = AtomicBool::new(false);
                    self.is_in_time(Acts::$acts, $name, &WARNED)?;
                    ($class)
                        .set(self.raw(), sys::$number, value)
                        .map_err(|refusal| refusal.into_error("set", $name))
                }
            )?
        )*}

        /// The socket options that have methods.
        ///
        /// ```
        /// let linger = ferromq::OPTIONS.iter().find(|o| o.name == "ZMQ_LINGER").unwrap();
        /// assert_eq!(linger.setter, Some("set_linger"));
        /// ```
        pub const OPTIONS: &[OptionInfo] = &[$(
            OptionInfo {
                name: $name,
                number: sys::$number,
                getter: options!(@name $($get)?),
                setter: options!(@name $($set)?),
                on: stringify!($on),
                default: $default,
                acts: Acts::$acts,
                since: $since,
            },
        )*];
    };
    (@name) => { None };
    (@name $name:ident) => { Some(stringify!($name)) };
    (@acts Now) => { "It acts at once." };
    (@acts Next) => { "It acts from the next bind or connect on; set too late, it logs a warning." };
    (@acts First) => {
        "It is set before the first bind or connect; later it is refused, as changing it while a \
         peer goes away can crash libzmq 4.3.5."
    };
    (@acts Never) => { "" };
    (@example $kind:ident $example:literal) => {
        concat!(
            "\n```\n# use ferromq::*;\n# use std::time::Duration;\n# fn main() -> Result<()> {\nlet socket = Context::new()?.socket(",
            stringify!($kind), ")?;\n", $example, "\n# Ok(()) }\n```"
        )
    };
}
use options;
