//! What adapters of several libraries need.

/// A pattern as the library's own type, whose variants have ZeroMQ's names too: `named!(pattern, SocketType)`.
#[macro_export]
macro_rules! named {
    ($pattern:expr, $kind:ident) => {
        match $pattern {
            $crate::Pattern::Push => $kind::Push,
            $crate::Pattern::Pull => $kind::Pull,
            $crate::Pattern::Req => $kind::Req,
            $crate::Pattern::Rep => $kind::Rep,
            $crate::Pattern::Dealer => $kind::Dealer,
            $crate::Pattern::Router => $kind::Router,
            $crate::Pattern::Pub => $kind::Pub,
            $crate::Pattern::Sub => $kind::Sub,
        }
    };
}

/// Where each pattern has a type of its own, which the adapter has in an enum `Typed`: calls the method of
/// those that have it.
#[macro_export]
macro_rules! call {
    ($typed:expr, [$($kind:ident)*], $socket:ident => $call:expr) => {
        match $typed {
            $(Typed::$kind($socket) => $call,)*
            #[allow(unreachable_patterns)]
            _ => unreachable!("the work does not do this here"),
        }
    };
}
