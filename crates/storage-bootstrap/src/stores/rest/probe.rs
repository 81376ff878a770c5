//! The primitive calls that all these vendors have in common.

use preflight::http::Method;

use super::{Rest, Vendor};
use crate::cli::Side;
use crate::stores::{Made, Place, Store, Trouble, Verdict, kept};

impl<V: Vendor> Store for Rest<V> {
    fn side(&self) -> Side {
        self.settings.side
    }

    fn target(&self) -> String {
        format!("{}://{} at {}", V::SCHEME, self.settings.bucket, self.place.server)
    }

    fn place(&self) -> &Place {
        &self.place
    }

    /// By a list of one, because the answer to HEAD has no body and so no code.
    async fn find(&self) -> Result<Option<String>, Trouble> {
        let reply = self.send(Method::GET, None, &[(V::LIMIT, "1")], None).await?;
        let listed = if self.is_list(&reply) { Ok(()) } else { Err(self.trouble(&reply)) };
        if let Err(trouble) = &listed
            && trouble.verdict != Verdict::Forbidden
        {
            return Err(trouble.clone());
        }
        if self.settings.must_head {
            let reply = self.send(Method::HEAD, None, &[], None).await?;
            if reply.status != 200 {
                let hint = "the plugin daemon looks at the bucket when it starts, and ends where it may not: allow HeadBucket";
                return Err(Trouble::new(Verdict::Forbidden).code(reply.status.to_string()).hint(hint));
            }
        }
        Ok(listed
            .is_err()
            .then(|| format!("{} may not list bucket {:?}", self.place.who(), self.settings.bucket)))
    }

    async fn make(&self) -> Result<Made, Trouble> {
        let body = self.settings.vendor.creation(&self.place).into_bytes();
        let reply = self.send(Method::PUT, None, &[], Some(body)).await?;
        if matches!(reply.status, 200 | 201) {
            return Ok(Made::Now);
        }
        let trouble = self.trouble(&reply);
        match trouble.code.as_deref() {
            Some("BucketAlreadyOwnedByYou") => Ok(Made::Already),
            // Some say so of one's own bucket too, when two of us make it at once.
            Some("BucketAlreadyExists")
                if self.is_list(&self.send(Method::GET, None, &[(V::LIMIT, "1")], None).await?) =>
            {
                Ok(Made::Already)
            }
            _ => Err(trouble),
        }
    }

    async fn put(&self, object: &str, content: &[u8]) -> Result<(), Trouble> {
        let reply = self.send(Method::PUT, Some(object), &[], Some(content.to_vec())).await?;
        self.version.replace(Self::version_of(&reply));
        if reply.status == 200 { Ok(()) } else { Err(self.trouble(&reply)) }
    }

    async fn get(&self, object: &str) -> Result<Vec<u8>, Trouble> {
        let reply = self.send(Method::GET, Some(object), &[], None).await?;
        if reply.status == 200 { Ok(reply.body.into_bytes()) } else { Err(self.trouble(&reply)) }
    }

    async fn delete(&self, object: &str) -> Result<(), Trouble> {
        let reply = self.send(Method::DELETE, Some(object), &[], None).await?;
        if !matches!(reply.status, 200 | 204) {
            return Err(self.trouble(&reply));
        }
        // With versions, what Dify does hides the object behind a marker. Ours shall leave nothing.
        for version in [self.version.take(), Self::version_of(&reply)].into_iter().flatten() {
            self.delete_version(object, &version).await;
        }
        Ok(())
    }

    fn warnings(&self) -> Vec<String> {
        self.kept.borrow().iter().cloned().collect()
    }
}

impl<V: Vendor> Rest<V> {
    async fn delete_version(&self, object: &str, version: &str) {
        let query = [("versionId", version)];
        let Ok(reply) = self.send(Method::DELETE, Some(object), &query, None).await else { return };
        if !matches!(reply.status, 200 | 204) {
            let code = self.trouble(&reply).code.map(|code| format!(" ({code})")).unwrap_or_default();
            self.kept.replace(Some(kept(&code)));
        }
    }
}
