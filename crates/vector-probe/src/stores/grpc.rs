//! The second port of the stores whose client library speaks gRPC too.

use preflight::{Address, Finding, net};

/// Whether it accepts connections, as a part of a sentence; a call there would need the product's own messages.
pub(super) async fn accepts(address: &Address, hint: &str) -> Result<String, Finding> {
    match net::connect(address).await {
        Ok(_) => Ok(format!("its gRPC port {address} accepts connections (nothing more was asked there)")),
        Err(finding) => {
            let message = format!("gRPC: {}", finding.message);
            Err(Finding { message, ..finding }.hint(hint))
        }
    }
}
