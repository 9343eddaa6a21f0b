//! Texts, and what libzmq writes as one.

use std::ffi::c_int;

use super::{Get, Refusal, Set, get_bytes, sealed};
use crate::endpoint::Endpoint;
use crate::raw::Socket;

/// What a text option takes that can be cleared: a string, or `None` for no text.
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let req = Context::new()?.socket(REQ)?;
/// req.set_socks_proxy("127.0.0.1:1080")?;
/// req.set_socks_proxy(None::<&str>)?; // no proxy
/// # Ok(()) }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a text",
    label = "expected `&str`, `String`, or an `Option` of one",
    note = "to clear the option write `None::<&str>`"
)]
pub trait IntoText: sealed::Sealed {
    #[doc(hidden)]
    fn text(&self) -> Option<&str>;
}

macro_rules! texts {
    ($($text:ty, |$value:ident| $as_str:expr;)*) => {$(
        impl sealed::Sealed for $text {}
        impl IntoText for $text {
            fn text(&self) -> Option<&str> {
                let $value = self;
                $as_str
            }
        }
    )*};
}
texts! {
    &str, |text| Some(text);
    String, |text| Some(text);
    &String, |text| Some(text);
    Option<&str>, |text| *text;
    Option<String>, |text| text.as_deref();
}

/// The bytes of a text of 1 to `max` bytes. libzmq passes texts on as C does, up to a NUL.
fn checked(text: &str, max: usize) -> Result<&[u8], Refusal> {
    if (1..=max).contains(&text.len()) && !text.contains('\0') {
        return Ok(text.as_bytes());
    }
    Err(Refusal::Invalid(format!(
        "a text is from 1 to {max} bytes long, without NUL; {} bytes given",
        text.len()
    )))
}

/// Reads a text, which libzmq ends with a NUL.
fn get_text(socket: &Socket, option: c_int) -> Result<String, Refusal> {
    let mut bytes = get_bytes(socket, option)?;
    bytes.pop();
    String::from_utf8(bytes).map_err(|_| Refusal::Invalid("it is not UTF-8".into()))
}

/// A text that cannot be cleared; empty before it is set.
pub(in crate::option) struct Text {
    pub(in crate::option) max: usize,
}

impl Get for Text {
    type Value<'s> = String;
    fn get(self, socket: &Socket, option: c_int) -> Result<String, Refusal> {
        get_text(socket, option)
    }
}

impl<V: AsRef<str>> Set<V> for Text {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        Ok(socket.set(option, checked(value.as_ref(), self.max)?)?)
    }
}

/// A text, empty for none.
pub(in crate::option) struct OptionalText {
    pub(in crate::option) max: usize,
}

impl Get for OptionalText {
    type Value<'s> = Option<String>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<String>, Refusal> {
        Ok(Some(get_text(socket, option)?).filter(|text| !text.is_empty()))
    }
}

impl<V: IntoText> Set<V> for OptionalText {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        match value.text() {
            None => socket.clear(option)?,
            Some(text) => socket.set(option, checked(text, self.max)?)?,
        }
        Ok(())
    }
}

/// `ZMQ_SOCKS_PROXY`: with a port that is none, libzmq aborts.
pub(in crate::option) struct Proxy;

impl Get for Proxy {
    type Value<'s> = Option<String>;
    fn get(self, socket: &Socket, option: c_int) -> Result<Option<String>, Refusal> {
        OptionalText { max: 255 }.get(socket, option)
    }
}

impl<V: IntoText> Set<V> for Proxy {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let is_address = |text: &str| match text.rsplit_once(':') {
            Some((host, port)) => !host.is_empty() && port.parse().is_ok_and(|port: u16| port > 0),
            None => false,
        };
        match value.text() {
            Some(text) if !is_address(text) => Err(Refusal::Invalid(format!(
                "\"{}\" is not `host:port` with a port from 1 to 65535; `None` is no proxy",
                text.escape_debug()
            ))),
            _ => OptionalText { max: 255 }.set(socket, option, value),
        }
    }
}

/// `ZMQ_METADATA`: `X-key:value`.
pub(in crate::option) struct Metadata;

impl<V: AsRef<str>> Set<V> for Metadata {
    fn set(self, socket: &Socket, option: c_int, value: V) -> Result<(), Refusal> {
        let text = value.as_ref();
        let is_property = text.split_once(':').is_some_and(|(key, value)| {
            key.starts_with("X-") && key.len() <= 255 && !value.is_empty()
        });
        // libzmq takes four bytes for a number.
        if !is_property || text.len() == size_of::<c_int>() || text.contains('\0') {
            return Err(Refusal::Invalid(format!(
                "\"{}\" is not `X-key:value` with a key of up to 255 bytes, 5 bytes or more in all \
                 and without NUL",
                text.escape_debug()
            )));
        }
        Ok(socket.set(option, text.as_bytes())?)
    }
}

/// `ZMQ_LAST_ENDPOINT`.
pub(in crate::option) struct LastEndpoint;

impl Get for LastEndpoint {
    type Value<'s> = Endpoint;
    fn get(self, socket: &Socket, option: c_int) -> Result<Endpoint, Refusal> {
        let mut text = get_bytes(socket, option)?;
        text.pop();
        if text.is_empty() {
            return Err(Refusal::Invalid("not bound or connected yet".into()));
        }
        // libzmq tells the transport, except for this one.
        if !text.windows(3).any(|part| part == b"://") {
            text.splice(..0, *b"udp://");
        }
        Ok(Endpoint::from_libzmq(text))
    }
}
