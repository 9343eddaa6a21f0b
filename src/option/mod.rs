//! Socket options: one row each, in [`rows`], from which the methods, their documentation with a
//! tested example, and the public list [`OPTIONS`] are made.

mod info;
mod not_offered;
mod rows;
mod value;

pub use info::{Acts, OptionInfo};
pub use not_offered::NOT_OFFERED;
pub use rows::OPTIONS;
pub use value::{
    Events, GssapiNameType, IntoLimit, IntoText, IntoTimeout, Mechanism, ReconnectStop,
};
#[cfg(feature = "draft")]
pub use value::{NormMode, RouterNotify};

use std::sync::MutexGuard;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, ErrorKind, Result};
use crate::kind::Kind;
use crate::socket::Socket;

impl<K: Kind> Socket<K> {
    /// Refuses or reports a set that cannot act. What it returns is held until the option is set,
    /// so that no other thread binds or connects in between.
    fn may_set(&self, option: &OptionInfo, warned: &AtomicBool) -> Result<MutexGuard<'_, bool>> {
        if K::TYPE.is_none() && !option.applies_to(self.kind()) {
            return Err(option.not_supported("set", format!("a {} does not have it", self.kind())));
        }
        option.check_linked("set")?;
        let attached = self
            .attached()
            .map_err(|errno| option.error("set", errno.into()))?;
        match option.acts {
            _ if !*attached => Ok(attached),
            Acts::First => Err(Error::explained(
                ErrorKind::WrongState,
                libc::EINVAL,
                "set",
                "the socket is already bound or connected; set it before",
            )
            .on(option.name)),
            Acts::Next => {
                if !warned.swap(true, Ordering::Relaxed) {
                    log::warn!(
                        "{} was set on a {} socket that is already bound or connected: it acts on \
                         later binds and connects only",
                        option.name,
                        self.kind()
                    );
                }
                Ok(attached)
            }
            Acts::Now | Acts::Never => Ok(attached),
        }
    }
}

/// Makes, from rows, the methods and the list `ROWS`.
///
/// ```text
/// ZMQ_NAME "ZMQ_NAME" {
///     doc "What it means, what to know.",
///     get name -> Type,                      either may be missing
///     set set_name(Type),
///     as <class of value>, on <trait of the kinds>, unit "ms",
///     default "...", acts <Acts>,
///     since "4.2" draft,                     `draft` where `zmq.h` says so
///     needs [Curve],                         one of these, if any
///     example KIND "statements that use `socket`, run as a test"
/// }
/// ```
///
/// A row under `#[cfg(feature = "draft")]` is one that libzmq knows in its draft build only.
macro_rules! options {
    ($(
        $(#[$when:meta])*
        $number:ident $name:literal {
            doc $doc:literal,
            $(get $get:ident -> $value:ty,)?
            $(set $set:ident($argument:ty),)?
            as $class:expr, on $on:ident, $(unit $unit:literal,)?
            default $default:literal, acts $acts:ident,
            since $since:literal $($draft:ident)?,
            $(needs [$($need:ident)*],)?
            example $kind:ident $example:literal
        }
    )*) => {
        mod info {
            use crate::option::{Acts, OptionInfo};
            #[allow(unused_imports, reason = "not every subject has options with needs")]
            use crate::library::Capability;

            $(
                $(#[$when])*
                pub(super) const $number: OptionInfo = OptionInfo {
                    name: $name,
                    number: ferromq_sys::$number,
                    getter: $crate::option::options!(@name $($get)?),
                    setter: $crate::option::options!(@name $($set)?),
                    value: $crate::option::options!(@value [$($value)?] [$($argument)?]),
                    unit: concat!($($unit)?),
                    on: stringify!($on),
                    default: $default,
                    acts: Acts::$acts,
                    since: $since,
                    draft: $crate::option::options!(@draft $($draft)?),
                    needs: &[$($(Capability::$need),*)?],
                    meaning: $doc,
                };
            )*
        }

        pub(super) const ROWS: &[$crate::option::OptionInfo] = &[$(
            $(#[$when])*
            info::$number,
        )*];

        impl<K: Kind> Socket<K> {$(
            $crate::option::options!(@getter [$($get -> $value)?] $number $class, $on [
                $(#[$when])*
                #[doc = $doc]
                ///
                #[doc = concat!("Default: ", $default, ". Wraps `", $name, "`, since libzmq ", $since, ".")]
                #[doc = $crate::option::options!(@notes [$($draft)?] [$($($need)*)?])]
                ///
                /// # Errors
                /// [`Terminated`](crate::ErrorKind::Terminated),
                /// [`Forked`](crate::ErrorKind::Forked),
                /// [`NotSupported`](crate::ErrorKind::NotSupported) if the linked libzmq does not
                /// have it.
                #[doc = $crate::option::options!(@example $kind $example [$($($need)*)?])]
                #[doc(alias = $name)]
            ]);
            $crate::option::options!(@setter [$($set $argument)?] $number $class, $on [
                $(#[$when])*
                #[doc = $doc]
                ///
                #[doc = concat!("Default: ", $default, ". ", $crate::option::options!(@acts $acts), " Wraps `", $name, "`, since libzmq ", $since, ".")]
                #[doc = $crate::option::options!(@notes [$($draft)?] [$($($need)*)?])]
                ///
                /// # Errors
                /// [`InvalidInput`](crate::ErrorKind::InvalidInput) with the values that are
                /// possible, [`Terminated`](crate::ErrorKind::Terminated),
                /// [`Forked`](crate::ErrorKind::Forked),
                /// [`NotSupported`](crate::ErrorKind::NotSupported) if the linked libzmq, or the
                /// kind of a `Socket<Any>`, does not have it.
                #[doc = $crate::option::options!(@example $kind $example [$($($need)*)?])]
                #[doc(alias = $name)]
            ]);
        )*}
    };
    (@getter [] $($rest:tt)*) => {};
    (@getter [$get:ident -> $value:ty] $number:ident $class:expr, $on:ident [$($attribute:tt)*]) => {
        $($attribute)*
        pub fn $get(&self) -> Result<$value>
        where
            K: $on,
        {
            info::$number.check_linked("read")?;
            ($class)
                .get(self.raw(), info::$number.number)
                .map_err(|refusal| info::$number.error("read", refusal))
        }
    };
    (@setter [] $($rest:tt)*) => {};
    (@setter [$set:ident $argument:ty] $number:ident $class:expr, $on:ident [$($attribute:tt)*]) => {
        $($attribute)*
        pub fn $set(&self, value: $argument) -> Result<()>
        where
            K: $on,
        {
            static WARNED: AtomicBool = AtomicBool::new(false);
            let _attached = self.may_set(&info::$number, &WARNED)?;
            ($class)
                .set(self.raw(), info::$number.number, value)
                .map_err(|refusal| info::$number.error("set", refusal))
        }
    };
    (@name) => { None };
    (@name $name:ident) => { Some(stringify!($name)) };
    (@value [$value:ty] $argument:tt) => { stringify!($value) };
    (@value [] [$argument:ty]) => { stringify!($argument) };
    (@draft) => { false };
    (@draft draft) => { true };
    (@notes [] []) => { "" };
    (@notes [draft] []) => { "\nIt is a draft: it may change with the next libzmq." };
    (@notes [$($draft:ident)?] [$first:ident $($more:ident)*]) => {
        concat!(
            "\nNeeds a libzmq with [`", stringify!($first), "`](crate::Capability::", stringify!($first), ")",
            $(" or [`", stringify!($more), "`](crate::Capability::", stringify!($more), ")",)*
            ".", $crate::option::options!(@notes [$($draft)?] [])
        )
    };
    (@acts Now) => { "It acts at once." };
    (@acts Next) => { "It acts from the next bind or connect on; set too late, it logs a warning." };
    (@acts First) => {
        "It is set before the first bind or connect; later it is refused, as changing it while a \
         peer goes away can crash libzmq 4.3.5."
    };
    (@acts Never) => { "" };
    (@example $kind:ident $example:literal []) => {
        concat!(
            "\n```\n# use ferromq::*;\n# use std::time::Duration;\n# fn main() -> Result<()> {\nlet socket = Context::new()?.socket(",
            stringify!($kind), ")?;\n", $example, "\n# Ok(()) }\n```"
        )
    };
    (@example $kind:ident $example:literal [$($need:ident)*]) => {
        concat!(
            "\n```\n# use ferromq::*;\n# use std::time::Duration;\n# fn main() -> Result<()> {\nlet socket = Context::new()?.socket(",
            stringify!($kind), ")?;\nif ", $("has(Capability::", stringify!($need), ") || ",)*
            "false {\n", $example, "\n}\n# Ok(()) }\n```"
        )
    };
}
use options;
