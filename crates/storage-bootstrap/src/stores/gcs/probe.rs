//! The primitive calls of Google Cloud Storage.

use preflight::http::Method;
use preflight::{Finding, Hop};
use serde_json::json;

use super::Gcs;
use crate::cli::Side;
use crate::stores::encode::strict;
use crate::stores::reply::json_text;
use crate::stores::{Made, Place, Store, Trouble, Verdict};

impl Gcs {
    fn object(&self, object: &str) -> String {
        format!("/storage/v1/b/{}/o/{}", self.bucket, strict(&self.name(object)))
    }
}

/// Whatever is not found where no object is asked for is the bucket.
fn of_the_bucket(trouble: Trouble) -> Trouble {
    let verdict = if trouble.verdict == Verdict::NoObject { Verdict::Missing } else { trouble.verdict };
    Trouble { verdict, ..trouble }
}

impl Store for Gcs {
    fn side(&self) -> Side {
        self.side
    }

    fn target(&self) -> String {
        format!("gs://{} at {}", self.bucket, self.place.server)
    }

    fn place(&self) -> &Place {
        &self.place
    }

    /// The api asks for the bucket before each of its calls, and fails where it may not; the others never do.
    async fn find(&self) -> Result<Option<String>, Trouble> {
        let reply = self.send(self.request(Method::GET, &format!("/storage/v1/b/{}", self.bucket))).await?;
        if reply.status == 200 && reply.body.contains("storage#bucket") {
            return Ok(None);
        }
        let trouble = of_the_bucket(self.trouble(&reply));
        if trouble.verdict != Verdict::Forbidden {
            return Err(trouble);
        }
        let is_the_api = self.side == Side::Api && self.place.names.bucket == "GOOGLE_STORAGE_BUCKET_NAME";
        if is_the_api && trouble.hint.is_none() {
            let hint = "the api asks for the bucket before each call: add roles/storage.legacyBucketReader to roles/storage.objectAdmin, or check whose bucket it is";
            return Err(trouble.hint(hint));
        }
        if is_the_api || trouble.hint.is_some() {
            return Err(trouble);
        }
        Ok(Some(format!("{} may not look at bucket {:?}", self.place.who(), self.bucket)))
    }

    async fn make(&self) -> Result<Made, Trouble> {
        let Some(project) = &self.project else {
            return Err(Finding::suspect(
                Hop::Config,
                "it is not known in which project to create the bucket",
            )
            .hint("set GOOGLE_CLOUD_PROJECT, or create the bucket")
            .into());
        };
        let path = format!("/storage/v1/b?project={}", strict(project));
        let body = json!({"name": self.bucket}).to_string();
        let request = self.request(Method::POST, &path).header("content-type", "application/json");
        let reply = self.send(request.body(body)).await?;
        if reply.status == 200 {
            return Ok(Made::Now);
        }
        let trouble = self.trouble(&reply);
        if reply.status == 409 && trouble.message.to_ascii_lowercase().contains("you already own") {
            return Ok(Made::Already);
        }
        Err(trouble)
    }

    async fn put(&self, object: &str, content: &[u8]) -> Result<(), Trouble> {
        let name = strict(&self.name(object));
        let path = format!("/upload/storage/v1/b/{}/o?uploadType=media&name={name}", self.bucket);
        let request = self.request(Method::POST, &path).header("content-type", "text/plain");
        let reply = self.send(request.body(content.to_vec())).await?;
        self.generation.replace(json_text(&reply.body, &["generation"]));
        if reply.status == 200 { Ok(()) } else { Err(of_the_bucket(self.trouble(&reply))) }
    }

    async fn get(&self, object: &str) -> Result<Vec<u8>, Trouble> {
        let path = format!("{}?alt=media", self.object(object));
        let reply = self.send(self.request(Method::GET, &path)).await?;
        if reply.status == 200 { Ok(reply.body.into_bytes()) } else { Err(self.trouble(&reply)) }
    }

    /// By its generation, so that a bucket that keeps versions keeps none of ours.
    async fn delete(&self, object: &str) -> Result<(), Trouble> {
        let digits = |text: &String| text.bytes().all(|byte| byte.is_ascii_digit());
        let generation = self.generation.take().filter(digits);
        let query = generation.map(|generation| format!("?generation={generation}")).unwrap_or_default();
        let path = format!("{}{query}", self.object(object));
        let reply = self.send(self.request(Method::DELETE, &path)).await?;
        if matches!(reply.status, 200 | 204) { Ok(()) } else { Err(self.trouble(&reply)) }
    }
}
