//! The two forms in which this crate declares things.

/// Constants of one type, a row each: `NAME = value, "what it means";`.
macro_rules! constants {
    ($type:ty: $($name:ident = $value:expr, $doc:literal;)*) => {
        $(
            #[doc = $doc]
            pub const $name: $type = $value;
        )*
    };
}

/// Functions of libzmq, under the vendored library's private names where that library is linked.
macro_rules! functions {
    ($(
        #[doc = $doc:literal]
        fn $name:ident($($parameter:ident: $type:ty),* $(,)?) $(-> $result:ty)?;
    )*) => {
        unsafe extern "C" {
            $(
                #[doc = $doc]
                #[cfg_attr(ferromq_vendored, link_name = concat!("ferromq_", stringify!($name)))]
                pub fn $name($($parameter: $type),*) $(-> $result)?;
            )*
        }
    };
}
