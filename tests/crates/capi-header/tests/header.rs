//! `FERROMQ_BLESS=1` writes the header anew.

use std::fs;

#[test]
fn is_up_to_date() {
    let path = capi_header::capi().join("include/ferromq.h");
    let header = capi_header::generate();
    if std::env::var_os("FERROMQ_BLESS").is_some() {
        fs::write(path, header).unwrap();
    } else {
        assert_eq!(
            fs::read_to_string(path).unwrap(),
            header,
            "capi/include/ferromq.h is out of date; in tests/crates/capi-header: FERROMQ_BLESS=1 cargo test"
        );
    }
}
