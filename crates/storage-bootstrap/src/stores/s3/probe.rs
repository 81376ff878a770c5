//! The steps of one try: the bucket, then an object written, read and deleted.

use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::primitives::ByteStream;
use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
use preflight::{Check, Finding, Hop, ProbeFuture};

use super::S3;
use super::verdict::{Answer, Trouble};
use crate::stores::Task;

/// One bucket as a check.
pub(crate) struct S3Check {
    s3: S3,
    task: Task,
    /// What our creating it came to, at this or an earlier try.
    created: Created,
}

/// What is known of a bucket that could not be seen at first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Created {
    No,
    /// It was ours before; the server says so.
    Already,
    Now,
}

impl S3Check {
    pub(crate) fn new(s3: S3, task: Task) -> Self {
        Self { s3, task, created: Created::No }
    }

    /// A bucket that was created a moment ago may be known to a part of the server only.
    fn judge(&self, trouble: &Trouble) -> Finding {
        if trouble.code() == Some("NoSuchBucket") && self.created != Created::No {
            let what = format!("bucket {:?} was created but cannot be used yet", self.s3.bucket.name);
            return Finding::not_yet(Hop::State, what).code("NoSuchBucket");
        }
        self.s3.judge(trouble)
    }

    async fn look(&mut self) -> Finding {
        let refused = match self.find_bucket().await {
            Ok(refused) => refused,
            Err(finding) => return finding,
        };
        match self.round_trip().await {
            Ok(finding) => match refused {
                Some(warning) => finding.warning(warning),
                None => finding,
            },
            Err(finding) => finding,
        }
    }

    /// Finds the bucket, or makes it. A refused look at it need not be the end: the text is then a warning.
    async fn find_bucket(&mut self) -> Result<Option<String>, Finding> {
        let Err(head) = self.s3.client.head_bucket().bucket(&self.s3.bucket.name).send().await else {
            return Ok(None);
        };
        let head = self.trouble("look at", &head)?;
        if let Some(region) = head.other_region(&self.s3.bucket.region) {
            return Err(self.s3.wrong_region(&head, &region));
        }
        // The answer to HEAD has no body and so no code: a signed list of nothing gives it.
        let list = self.s3.client.list_objects_v2().bucket(&self.s3.bucket.name).max_keys(1).send().await;
        let list = match list {
            Ok(_) => return self.head_refused(&head, None),
            Err(error) => self.trouble("look at", &error)?,
        };
        match list.code() {
            Some("NoSuchBucket") if self.task == Task::Ensure && self.created == Created::No => {
                self.created = self.create().await?;
                Ok(None)
            }
            // An account may be allowed to use objects and nothing else; the round trip shows it.
            Some("AccessDenied") if !list.is_about_the_key() => self.head_refused(&head, Some(&list)),
            _ => Err(self.judge(&list)),
        }
    }

    fn head_refused(&self, head: &Trouble, list: Option<&Trouble>) -> Result<Option<String>, Finding> {
        let what = if list.is_some() { "neither look at nor list" } else { "not look at" };
        if self.s3.bucket.must_head {
            let finding = self.judge(list.unwrap_or(head));
            return Err(Finding {
                hint: Some(format!(
                    "{} tries to create a bucket that it may {what} and ends: allow s3:ListBucket",
                    "the plugin daemon"
                )),
                ..finding
            });
        }
        Ok(Some(format!("the key may {what} bucket {:?}", self.s3.bucket.name)))
    }

    async fn create(&self) -> Result<Created, Finding> {
        let (bucket, client) = (&self.s3.bucket, &self.s3.client);
        let region = Some(bucket.region.as_str()).filter(|region| *region != "us-east-1");
        let mut place = region.map(|region| {
            CreateBucketConfiguration::builder()
                .location_constraint(BucketLocationConstraint::from(region))
                .build()
        });
        loop {
            let request = client.create_bucket().bucket(&bucket.name);
            let reply = request.set_create_bucket_configuration(place.clone()).send().await;
            let Err(error) = reply else { return Ok(Created::Now) };
            let trouble = self.trouble("create", &error)?;
            match trouble.code() {
                Some("BucketAlreadyOwnedByYou") => return Ok(Created::Already),
                // Some servers say so of one's own bucket too, when two of us make it at once.
                Some("BucketAlreadyExists")
                    if client.head_bucket().bucket(&bucket.name).send().await.is_ok() =>
                {
                    return Ok(Created::Already);
                }
                // A server of one's own may have a single, nameless region.
                Some(
                    "InvalidLocationConstraint"
                    | "InvalidRequest"
                    | "MalformedXML"
                    | "IllegalLocationConstraintException",
                ) if place.is_some() && bucket.endpoint.is_some() => place = None,
                _ => return Err(self.judge(&trouble)),
            }
        }
    }

    async fn round_trip(&self) -> Result<Finding, Finding> {
        let (client, bucket, key) = (&self.s3.client, &self.s3.bucket.name, self.s3.key());
        let content = &self.s3.scratch.content;
        let body = ByteStream::from(content.clone().into_bytes());
        let put = client.put_object().bucket(bucket).key(&key).body(body).send().await;
        if let Err(error) = put {
            return Err(self.judge(&self.trouble("write to", &error)?));
        }
        let got = client.get_object().bucket(bucket).key(&key).send().await;
        let read = match got {
            Ok(reply) => Ok(reply.body.collect().await.map(aws_sdk_s3::primitives::AggregatedBytes::to_vec)),
            Err(error) => Err(self.trouble("read from", &error)?),
        };
        // Whatever was read, nothing of ours shall stay.
        let deleted = client.delete_object().bucket(bucket).key(&key).send().await;
        match read {
            Err(trouble) => return Err(self.judge(&trouble)),
            Ok(Ok(bytes)) if bytes == content.as_bytes() => {}
            Ok(_) => return Err(self.s3.not_s3("gave back something else than was written")),
        }
        let made = if self.created == Created::Now { "created, and " } else { "" };
        let name = format!("bucket {bucket:?} at {}", self.s3.address);
        let Err(error) = deleted else {
            return Ok(Finding::ready(format!("{name}: {made}written to, read from and deleted from")));
        };
        let trouble = self.trouble("delete from", &error)?;
        if trouble.code() == Some("AccessDenied") {
            return Ok(Finding::ready(format!("{name}: {made}written to and read from")).warning(format!(
                "the key may not delete: object {key} stays, and Dify cannot remove files (AccessDenied)"
            )));
        }
        Err(self.judge(&trouble))
    }

    /// What went wrong at the other end; what went wrong on the way is a finding already.
    fn trouble<E: Answer>(&self, step: &'static str, error: &SdkError<E>) -> Result<Trouble, Finding> {
        Trouble::of(step, error, &self.s3.address)
    }
}

impl Check for S3Check {
    fn name(&self) -> &'static str {
        self.s3.bucket.side.name()
    }

    fn target(&self) -> String {
        format!("s3://{} at {}", self.s3.bucket.name, self.s3.address)
    }

    fn probe(&mut self) -> ProbeFuture<'_> {
        Box::pin(self.look())
    }
}
