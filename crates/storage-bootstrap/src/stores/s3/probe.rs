//! The primitive calls of S3.

use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};

use preflight::Hop;

use super::verdict::{self, Answer};
use super::{S3, Style};
use crate::cli::Side;
use crate::stores::{Made, Place, Store, Trouble, Verdict, kept};

impl S3 {
    fn trouble<E: Answer>(&self, error: &SdkError<E>) -> Trouble {
        let trouble = verdict::trouble(error, &self.address, &self.bucket.region);
        // The next try asks for the key anew: it may have been replaced before its end.
        if matches!(trouble.verdict, Verdict::UnknownKey | Verdict::Expired | Verdict::BadCredential) {
            self.client.take();
        }
        self.with_style(trouble)
    }

    /// A server of one's own seldom has a name for each bucket.
    fn with_style(&self, trouble: Trouble) -> Trouble {
        let is_in_the_name = self.bucket.style == Style::Virtual && self.bucket.endpoint.is_some();
        match &trouble.verdict {
            Verdict::Told(finding) if is_in_the_name && finding.hop == Hop::Dns => {
                let style = self.bucket.names.style;
                trouble.hint(format!(
                    "the name begins with the bucket: set {style} to the path style, or make the name resolve"
                ))
            }
            _ => trouble,
        }
    }

    async fn delete_version(&self, object: &str, version: String) {
        let Ok(client) = self.client().await else { return };
        let delete = client.delete_object().bucket(&self.bucket.name).key(self.key(object));
        if let Err(error) = delete.version_id(version).send().await {
            let code = self.trouble(&error).code.map(|code| format!(" ({code})")).unwrap_or_default();
            self.kept.replace(Some(kept(&code)));
        }
    }

    /// A refused look at the bucket need not be the end: an account may be allowed to use objects and nothing else.
    fn head_refused(&self, trouble: Trouble, what: &str) -> Result<Option<String>, Trouble> {
        if self.bucket.must_head {
            return Err(Trouble { verdict: Verdict::Forbidden, ..trouble }.hint(format!(
                "the plugin daemon tries to create a bucket that it may {what} and ends: allow s3:ListBucket"
            )));
        }
        Ok(Some(format!("{} may {what} bucket {:?}", self.place.who(), self.bucket.name)))
    }
}

impl Store for S3 {
    fn side(&self) -> Side {
        self.bucket.side
    }

    fn target(&self) -> String {
        format!("s3://{} at {}", self.bucket.name, self.address)
    }

    fn place(&self) -> &Place {
        &self.place
    }

    fn warnings(&self) -> Vec<String> {
        self.warnings.iter().cloned().chain(self.kept.borrow().clone()).collect()
    }

    async fn find(&self) -> Result<Option<String>, Trouble> {
        let (client, bucket) = (self.client().await?, &self.bucket.name);
        let Err(error) = client.head_bucket().bucket(bucket).send().await else { return Ok(None) };
        let head = self.trouble(&error);
        if matches!(head.verdict, Verdict::Told(_) | Verdict::WrongRegion(_)) {
            return Err(head);
        }
        // The answer to HEAD has no body and so no code: a signed list of nothing gives it.
        match client.list_objects_v2().bucket(bucket).max_keys(1).send().await {
            Ok(_) => self.head_refused(head, "not look at"),
            Err(error) => {
                let list = self.trouble(&error);
                match list.verdict {
                    Verdict::Forbidden => self.head_refused(list, "neither look at nor list"),
                    _ => Err(list),
                }
            }
        }
    }

    async fn make(&self) -> Result<Made, Trouble> {
        let (client, bucket) = (self.client().await?, &self.bucket);
        let region = Some(bucket.region.as_str()).filter(|region| !matches!(*region, "us-east-1" | "auto"));
        let mut place = region.map(|region| {
            CreateBucketConfiguration::builder()
                .location_constraint(BucketLocationConstraint::from(region))
                .build()
        });
        loop {
            let request = client.create_bucket().bucket(&bucket.name);
            let reply = request.set_create_bucket_configuration(place.clone()).send().await;
            let Err(error) = reply else { return Ok(Made::Now) };
            let trouble = self.trouble(&error);
            match trouble.code.as_deref() {
                Some("BucketAlreadyOwnedByYou") => return Ok(Made::Already),
                // Some servers say so of one's own bucket too, when two of us make it at once.
                Some("BucketAlreadyExists")
                    if client.head_bucket().bucket(&bucket.name).send().await.is_ok() =>
                {
                    return Ok(Made::Already);
                }
                // A server of one's own may have a single, nameless region.
                Some(
                    "InvalidLocationConstraint"
                    | "InvalidRequest"
                    | "MalformedXML"
                    | "IllegalLocationConstraintException",
                ) if place.is_some() && bucket.endpoint.is_some() => place = None,
                _ => return Err(trouble),
            }
        }
    }

    async fn put(&self, object: &str, content: &[u8]) -> Result<(), Trouble> {
        let body = ByteStream::from(content.to_vec());
        let put =
            self.client().await?.put_object().bucket(&self.bucket.name).key(self.key(object)).body(body);
        let put = put.send().await.map_err(|error| self.trouble(&error))?;
        self.version.replace(put.version_id);
        Ok(())
    }

    async fn get(&self, object: &str) -> Result<Vec<u8>, Trouble> {
        let get = self.client().await?.get_object().bucket(&self.bucket.name).key(self.key(object));
        let reply = get.send().await.map_err(|error| self.trouble(&error))?;
        let cut = |_| Trouble::new(Verdict::WrongProduct("breaks off in the middle of an object".to_owned()));
        Ok(reply.body.collect().await.map_err(cut)?.to_vec())
    }

    async fn delete(&self, object: &str) -> Result<(), Trouble> {
        let delete = self.client().await?.delete_object().bucket(&self.bucket.name).key(self.key(object));
        let deleted = delete.send().await.map_err(|error| self.trouble(&error))?;
        // With versions, what Dify does hides the object behind a marker. Ours shall leave nothing.
        let versions = [self.version.take(), deleted.version_id];
        for version in versions.into_iter().flatten().filter(|version| version != "null") {
            self.delete_version(object, version).await;
        }
        Ok(())
    }
}
