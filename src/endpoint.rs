use std::borrow::Cow;
use std::ffi::{CStr, CString};
use std::fmt;
use std::net::Ipv4Addr;
use std::str::FromStr;

use crate::error::{Error, ErrorKind, Result};

/// Where a socket binds or connects: `transport://address`.
///
/// [`Socket::bind`](crate::Socket::bind) and [`Socket::connect`](crate::Socket::connect) take
/// strings as well and check them in the same way. What libzmq would take for something else is
/// refused here: ports beyond 65535, which it wraps, and text after an embedded NUL, which it
/// does not see.
///
/// ```
/// use ferromq::{Endpoint, Transport};
///
/// # fn main() -> ferromq::Result<()> {
/// let endpoint: Endpoint = "tcp://127.0.0.1:5555".parse()?;
/// assert_eq!(endpoint.transport(), &Transport::Tcp);
/// assert_eq!(endpoint.address(), "127.0.0.1:5555");
/// assert!("tcp://127.0.0.1:99999".parse::<Endpoint>().is_err());
/// # Ok(()) }
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Endpoint {
    text: CString,
    transport: Transport,
}

/// The transport of an [`Endpoint`].
///
/// ```
/// # use ferromq::*;
/// # fn main() -> Result<()> {
/// let endpoint: Endpoint = "ipc:///run/app.sock".parse()?;
/// assert_eq!(endpoint.transport(), &Transport::Ipc);
/// # Ok(()) }
/// ```
#[non_exhaustive]
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// Between hosts: `tcp://host:port`.
    Tcp,
    /// Between processes of a host: `ipc://path`, `ipc://@name` (Linux), `ipc://*`.
    Ipc,
    /// Between threads that share a context: `inproc://name`.
    Inproc,
    /// Datagrams, for RADIO, DISH and DGRAM: `udp://address:port`.
    Udp,
    /// WebSocket: `ws://host:port/path`.
    Ws,
    /// WebSocket over TLS: `wss://host:port/path`.
    Wss,
    /// Any other, which the linked libzmq may know: `tipc`, `pgm`, `norm`, `vmci`.
    Other(String),
}

impl Transport {
    fn named(name: &str) -> Self {
        match name {
            "tcp" => Self::Tcp,
            "ipc" => Self::Ipc,
            "inproc" => Self::Inproc,
            "udp" => Self::Udp,
            "ws" => Self::Ws,
            "wss" => Self::Wss,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// The longest path that fits a Unix socket address.
const IPC_PATH_MAX: usize = if cfg!(any(target_vendor = "apple", target_os = "freebsd")) {
    103
} else {
    107
};

impl Endpoint {
    /// The whole text.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let endpoint: Endpoint = "inproc://name".parse()?;
    /// assert_eq!(endpoint.as_str(), "inproc://name");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.text.to_str().unwrap_or_default()
    }

    /// The transport: what stands before `://`.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let endpoint: Endpoint = "inproc://name".parse()?;
    /// assert_eq!(endpoint.transport(), &Transport::Inproc);
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn transport(&self) -> &Transport {
        &self.transport
    }

    /// The address: what stands after `://`.
    ///
    /// ```
    /// # use ferromq::*;
    /// # fn main() -> Result<()> {
    /// let endpoint: Endpoint = "inproc://name".parse()?;
    /// assert_eq!(endpoint.address(), "name");
    /// # Ok(()) }
    /// ```
    #[must_use]
    pub fn address(&self) -> &str {
        self.as_str()
            .split_once("://")
            .map_or("", |(_, address)| address)
    }

    pub(crate) fn as_c_str(&self) -> &CStr {
        &self.text
    }

    /// What libzmq reports, which is not ours to judge.
    pub(crate) fn from_libzmq(text: Vec<u8>) -> Self {
        let text = String::from_utf8_lossy(&text).into_owned();
        let name = text
            .split_once("://")
            .map_or("", |(transport, _)| transport);
        let transport = Transport::named(name);
        Self {
            text: CString::new(text).unwrap_or_default(),
            transport,
        }
    }

    fn parse(text: Cow<'_, str>) -> Result<Self> {
        let invalid = |detail: &str| {
            Error::invalid("parse endpoint", detail.to_owned()).on(format_args!("{text:?}"))
        };
        if let Some(at) = text.find('\0') {
            return Err(invalid(&format!("a NUL character at byte {at}")));
        }
        let Some((transport, address)) = text.split_once("://") else {
            return Err(invalid(
                "expected transport://address, as in tcp://127.0.0.1:5555",
            ));
        };
        if address.is_empty() {
            return Err(invalid("the address after :// is empty"));
        }
        if transport.is_empty() {
            return Err(invalid("the transport before :// is empty"));
        }
        let transport = Transport::named(transport);
        match transport {
            Transport::Tcp => check_tcp(address).map_err(|detail| invalid(&detail))?,
            Transport::Udp => check_host_port(address).map_err(|detail| invalid(&detail))?,
            Transport::Ws | Transport::Wss => {
                let host_port = address.split_once('/').map_or(address, |(host, _)| host);
                check_host_port(host_port).map_err(|detail| invalid(&detail))?;
            }
            Transport::Ipc if address.len() > IPC_PATH_MAX => {
                return Err(Error::explained(
                    ErrorKind::NameTooLong,
                    libc::ENAMETOOLONG,
                    "parse endpoint",
                    format!(
                        "the path has {} bytes, this system allows {IPC_PATH_MAX}: choose a shorter one",
                        address.len()
                    ),
                )
                .on(&text));
            }
            Transport::Ipc | Transport::Inproc | Transport::Other(_) => {}
        }
        Ok(Self {
            text: CString::new(text.into_owned()).unwrap_or_default(),
            transport,
        })
    }
}

/// `host:port`, or for `connect` also `source-host:port;host:port`.
fn check_tcp(address: &str) -> Result<(), String> {
    address.splitn(2, ';').try_for_each(check_host_port)
}

fn check_host_port(address: &str) -> Result<(), String> {
    let Some((host, port)) = address.rsplit_once(':') else {
        return Err("expected host:port after ://".into());
    };
    let number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    let in_range = number && port.parse::<u16>().is_ok();
    if port != "*" && !in_range {
        return Err(format!(
            "port {port:?} is neither a number from 0 to 65535 nor `*`"
        ));
    }
    if host.is_empty() {
        return Err("the host before the port is empty: name one, or `*` for all".into());
    }
    let dotted = host
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if dotted && host.parse::<Ipv4Addr>().is_err() {
        return Err(format!("{host:?} is not an IPv4 address"));
    }
    Ok(())
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl AsRef<str> for Endpoint {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl FromStr for Endpoint {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        Self::parse(Cow::Borrowed(text))
    }
}

impl TryFrom<&str> for Endpoint {
    type Error = Error;

    fn try_from(text: &str) -> Result<Self> {
        Self::parse(Cow::Borrowed(text))
    }
}

impl TryFrom<&String> for Endpoint {
    type Error = Error;

    fn try_from(text: &String) -> Result<Self> {
        Self::parse(Cow::Borrowed(text))
    }
}

impl TryFrom<String> for Endpoint {
    type Error = Error;

    fn try_from(text: String) -> Result<Self> {
        Self::parse(Cow::Owned(text))
    }
}

impl From<&Endpoint> for Endpoint {
    fn from(endpoint: &Endpoint) -> Self {
        endpoint.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepts_what_libzmq_means() {
        for text in [
            "tcp://127.0.0.1:5555",
            "tcp://*:*",
            "tcp://eth0:0",
            "tcp://[::1]:65535",
            "tcp://[fe80::1%lo]:1",
            "tcp://example.com:80",
            "tcp://127.0.0.1:0;example.com:80",
            "ipc:///tmp/a b",
            "ipc://@abstract",
            "ipc://*",
            "inproc://name",
            "udp://239.0.0.1:7000",
            "ws://127.0.0.1:80/path:x",
            "tipc://{5560,0,0}",
            "inproc://消息",
        ] {
            let endpoint: Endpoint = text.parse().unwrap();
            assert_eq!(endpoint.as_str(), text);
            assert_eq!(endpoint.to_string(), text);
        }
    }

    #[test]
    fn refuses_with_the_reason() {
        for (text, reason) in [
            ("", "expected transport://"),
            ("tcp", "expected transport://"),
            ("tcp:/127.0.0.1:1", "expected transport://"),
            ("://x", "transport before :// is empty"),
            ("tcp://", "address after :// is empty"),
            ("tcp://127.0.0.1", "expected host:port"),
            ("tcp://127.0.0.1:", "port \"\""),
            ("tcp://127.0.0.1:65536", "port \"65536\""),
            ("tcp://127.0.0.1:99999", "port \"99999\""),
            ("tcp://127.0.0.1:-1", "port \"-1\""),
            ("tcp://127.0.0.1:+1", "port \"+1\""),
            ("tcp://127.0.0.1:abc", "port \"abc\""),
            ("tcp://:5555", "host before the port is empty"),
            ("tcp://256.0.0.1:1", "not an IPv4 address"),
            ("tcp://1.2.3:1", "not an IPv4 address"),
            ("inproc://a\0b", "NUL character at byte 10"),
        ] {
            let error = text.parse::<Endpoint>().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            assert!(error.to_string().contains(reason), "{error}");
        }
        let long = format!("ipc:///tmp/{}", "x".repeat(200));
        let error = long.parse::<Endpoint>().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NameTooLong);
        assert!(error.to_string().contains("205 bytes"), "{error}");
    }
}
