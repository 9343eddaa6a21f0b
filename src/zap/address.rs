//! From where peers may come.

use std::net::IpAddr;

use ipnet::IpNet;

use crate::error::{Error, Result};
use crate::message::PeerAddress;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pattern {
    Everywhere,
    /// Over `ipc`.
    Local,
    Net(IpNet),
}

impl Pattern {
    pub(super) fn parse(text: &str) -> Result<Self> {
        match text {
            "*" => return Ok(Self::Everywhere),
            "ipc" => return Ok(Self::Local),
            _ => {}
        }
        let address = |text: &str| text.parse().ok().map(|ip: IpAddr| IpNet::from(ip));
        let net = text.parse().ok().or_else(|| address(text));
        net.map(Self::Net).ok_or_else(|| {
            Error::invalid(
                "read address rule",
                "it is `*` for all, `ipc` for this host by ipc, or an IP address, with the length \
                 of its prefix for all of a net: `10.0.0.0/8`",
            )
            .on(format_args!("{text:?}"))
        })
    }

    fn covers(&self, address: Option<&PeerAddress>) -> bool {
        match (self, address) {
            (Self::Everywhere, _) => true,
            (Self::Local, Some(PeerAddress::Process { .. })) => true,
            // A socket for IPv6 tells IPv4 addresses in the form of IPv6.
            (Self::Net(net), Some(PeerAddress::Ip(ip))) => {
                net.contains(ip) || net.contains(&ip.to_canonical())
            }
            _ => false,
        }
    }
}

/// What the rules say of an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Standing {
    /// An `allow` names it.
    Allowed,
    /// Nothing is said of any.
    Open,
    Denied,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Addresses {
    pub(super) allowed: Vec<Pattern>,
    pub(super) denied: Vec<Pattern>,
}

impl Addresses {
    pub(super) fn standing(&self, address: Option<&PeerAddress>) -> Standing {
        let named = |patterns: &[Pattern]| patterns.iter().any(|pattern| pattern.covers(address));
        // Of an address that libzmq could not tell nobody knows that it is not a denied one.
        let unknown = address.is_none() && !self.denied.is_empty();
        if unknown || named(&self.denied) {
            Standing::Denied
        } else if named(&self.allowed) {
            Standing::Allowed
        } else if self.allowed.is_empty() {
            Standing::Open
        } else {
            Standing::Denied
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn standing(allowed: &[&str], denied: &[&str], address: &str) -> Standing {
        let patterns = |texts: &[&str]| texts.iter().map(|t| Pattern::parse(t).unwrap()).collect();
        let addresses = Addresses {
            allowed: patterns(allowed),
            denied: patterns(denied),
        };
        addresses.standing(PeerAddress::parse(address).as_ref())
    }

    #[test]
    fn what_is_denied_is_not_allowed() {
        use Standing::{Allowed, Denied, Open};

        let ipc = ":1000:100:4711";
        for (allowed, denied, address, expected) in [
            (&[][..], &[][..], "10.1.2.3", Open),
            (&[], &[], "", Open),
            (&["10.0.0.0/8"], &[], "10.1.2.3", Allowed),
            (&["10.0.0.0/8"], &[], "::ffff:10.1.2.3", Allowed),
            (&["10.0.0.0/8"], &[], "11.1.2.3", Denied),
            (&["10.0.0.0/8"], &[], ipc, Denied),
            (&["10.0.0.0/8"], &[], "", Denied),
            (&["10.0.0.0/8", "ipc"], &[], ipc, Allowed),
            (&["10.0.0.0/8"], &["10.1.2.3"], "10.1.2.3", Denied),
            (&["10.0.0.0/8"], &["10.1.2.3"], "10.1.2.4", Allowed),
            (&["*"], &["10.1.0.0/16"], "10.1.2.3", Denied),
            (&["*"], &["10.1.0.0/16"], "::ffff:10.1.2.3", Denied),
            (&["*"], &["10.1.0.0/16"], "::1", Allowed),
            (&["*"], &["10.1.0.0/16"], ipc, Allowed),
            (&["*"], &["10.1.0.0/16"], "", Denied),
            (&["*"], &[], "", Allowed),
            (&[], &["10.1.2.3"], "10.1.2.4", Open),
            (&[], &["10.1.2.3"], "10.1.2.3", Denied),
            (&[], &["ipc"], ipc, Denied),
            (&[], &["*"], "10.1.2.3", Denied),
            (&["::1/128", "fe80::/10"], &[], "fe80::1", Allowed),
            (&["::ffff:10.0.0.0/104"], &[], "::ffff:10.1.2.3", Allowed),
        ] {
            let found = standing(allowed, denied, address);
            assert_eq!(found, expected, "{allowed:?} {denied:?} {address}");
        }
    }

    #[test]
    fn patterns_that_are_none_are_refused() {
        for text in [
            "",
            "10",
            "10.0.0.0/33",
            "10.0.0.0/-1",
            "localhost",
            "::1/129",
            "**",
        ] {
            let error = Pattern::parse(text).unwrap_err().to_string();
            assert!(error.contains(&format!("{text:?}")), "{error}");
            assert!(error.contains("10.0.0.0/8"), "{error}");
        }
    }
}
