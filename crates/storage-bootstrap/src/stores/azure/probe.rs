//! The primitive calls of Azure Blob.

use preflight::http::Method;

use super::Azure;
use crate::cli::Side;
use crate::stores::{Made, Place, Store, Trouble, Verdict, kept};

impl Store for Azure {
    fn side(&self) -> Side {
        self.side
    }

    fn target(&self) -> String {
        format!("azure://{} at {}", self.container, self.place.server)
    }

    fn place(&self) -> &Place {
        &self.place
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.iter().cloned().chain(self.kept.borrow().clone()).collect()
    }

    /// A signature for one container may list it and not look at it, so the list has the last word.
    async fn find(&self) -> Result<Option<String>, Trouble> {
        let reply = self.send(Method::GET, "", &[("restype", "container")], None).await?;
        if reply.status == 200 && reply.headers.contains_key("x-ms-version") {
            return Ok(None);
        }
        let trouble = self.trouble(&reply);
        if trouble.verdict != Verdict::Forbidden {
            return Err(trouble);
        }
        let query = [("restype", "container"), ("comp", "list"), ("maxresults", "1")];
        let reply = self.send(Method::GET, "", &query, None).await?;
        if reply.status == 200 {
            return Ok(None);
        }
        let trouble = self.trouble(&reply);
        match trouble.verdict {
            Verdict::Forbidden => Ok(Some(format!(
                "{} may neither look at nor list container {:?}",
                self.place.who(),
                self.container
            ))),
            _ => Err(trouble),
        }
    }

    async fn make(&self) -> Result<Made, Trouble> {
        let reply = self.send(Method::PUT, "", &[("restype", "container")], None).await?;
        if reply.status == 201 {
            return Ok(Made::Now);
        }
        let trouble = self.trouble(&reply);
        if trouble.code.as_deref() == Some("ContainerAlreadyExists") {
            return Ok(Made::Already);
        }
        Err(trouble)
    }

    async fn put(&self, object: &str, content: &[u8]) -> Result<(), Trouble> {
        let reply = self.send(Method::PUT, &self.tail(object), &[], Some(content)).await?;
        let version = reply.headers.get("x-ms-version-id").and_then(|version| version.to_str().ok());
        self.version.replace(version.map(str::to_owned));
        if reply.status == 201 { Ok(()) } else { Err(self.trouble(&reply)) }
    }

    async fn get(&self, object: &str) -> Result<Vec<u8>, Trouble> {
        let reply = self.send(Method::GET, &self.tail(object), &[], None).await?;
        if reply.status == 200 { Ok(reply.body.into_bytes()) } else { Err(self.trouble(&reply)) }
    }

    async fn delete(&self, object: &str) -> Result<(), Trouble> {
        let reply = self.send(Method::DELETE, &self.tail(object), &[], None).await?;
        if reply.status != 202 {
            return Err(self.trouble(&reply));
        }
        // With versions, what Dify does keeps the blob as an older one. Ours shall leave nothing.
        if let Some(version) = self.version.take() {
            let query = [("versionid", version.as_str())];
            let reply = self.send(Method::DELETE, &self.tail(object), &query, None).await?;
            if !matches!(reply.status, 202 | 404) {
                let code = self.trouble(&reply).code.map(|code| format!(" ({code})")).unwrap_or_default();
                self.kept.replace(Some(kept(&code)));
            }
        }
        Ok(())
    }
}
