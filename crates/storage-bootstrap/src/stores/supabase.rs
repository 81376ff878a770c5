//! Supabase's storage, over its own HTTP interface, as Dify's client uses it: a bucket is looked for in the list of
//! buckets, an object is posted, and deleted by a list of names.

use preflight::http::{Http, Method, Reply, header};
use preflight::tls::TlsOptions;
use preflight::{ConfigError, Env, Finding, Secret};
use serde_json::Value;

use super::reply::{self, clock, json_text};
use super::token::words;
use super::{Made, Names, Place, Store, Trouble, Verdict, encode};
use crate::cli::Side;

const NAMES: Names = Names {
    endpoint: "SUPABASE_URL",
    region: "",
    bucket: "SUPABASE_BUCKET_NAME",
    access_key: "SUPABASE_API_KEY",
    secret_key: "",
    style: "",
};
/// What a key may do is a matter of policies, which only the service role is above.
const POLICY: &str = "use the service_role key in SUPABASE_API_KEY, or allow it by a policy on storage";

/// The api's `STORAGE_TYPE=supabase`.
pub(crate) fn api(env: &Env) -> Result<Supabase, ConfigError> {
    let url = env.required(NAMES.endpoint)?;
    let key = env.required_secret(NAMES.access_key)?;
    if !is_key(key.reveal()) {
        return Err(ConfigError::new(NAMES.access_key, "is no key that Supabase's client takes").hint(
            "give the service_role key of the project: three parts with dots between, or sb_secret_...",
        ));
    }
    Supabase::new(&url, env.required(NAMES.bucket)?, key, &TlsOptions::default())
}

/// A JSON web token, or one of the newer keys.
fn is_key(key: &str) -> bool {
    let is_word = |part: &str| {
        !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_=+/".contains(&byte))
    };
    key.split('.').count() == 3 && key.split('.').all(is_word) || key.starts_with("sb_") && is_word(key)
}

/// A bucket of a project.
pub(crate) struct Supabase {
    http: Http,
    key: Secret,
    place: Place,
}

impl Supabase {
    fn new(url: &str, bucket: String, key: Secret, tls: &TlsOptions) -> Result<Self, ConfigError> {
        if bucket.contains(['/', '?', '#']) {
            return Err(ConfigError::new(NAMES.bucket, format!("{bucket:?} is no name of a bucket"))
                .hint("give the name alone, without a path or URL"));
        }
        let http = Http::new(NAMES.endpoint, url, tls)?;
        let place = Place {
            product: "Supabase",
            kind: "bucket",
            bucket,
            server: http.address().to_string(),
            region: String::new(),
            names: NAMES,
        };
        Ok(Self { http, key, place })
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: Option<(&str, Vec<u8>)>,
    ) -> Result<Reply, Finding> {
        let mut request = self.http.request(method, &format!("/storage/v1/{path}"));
        request = request.header("apikey", self.key.reveal()).bearer_auth(self.key.reveal());
        if let Some((kind, body)) = body {
            request = request.header(header::CONTENT_TYPE, kind).body(body);
        }
        self.http.send(request).await
    }

    fn object(&self, object: &str) -> String {
        format!("object/{}/{}", encode::path(&self.place.bucket), encode::path(object))
    }

    /// A reply that is no success. Its status is often 400, and the true one stands in the body.
    pub(crate) fn trouble(&self, reply: &Reply) -> Trouble {
        let text = |name: &str| json_text(&reply.body, &[name]).filter(|text| !text.is_empty());
        let Some(message) = text("message").or_else(|| text("error")) else {
            return reply::without_code(reply);
        };
        let status = text("statusCode").and_then(|status| status.parse().ok()).unwrap_or(reply.status);
        let code = text("code").or_else(|| text("error").filter(|error| *error != message));
        let lower = message.to_ascii_lowercase();
        let verdict = match status {
            404 if lower.contains("bucket") => Verdict::Missing,
            404 if lower.contains("object") => Verdict::NoObject,
            401 => Verdict::BadCredential,
            400 | 403 if ["jws", "jwt", "signature", "api key"].iter().any(|word| lower.contains(word)) => {
                Verdict::BadCredential
            }
            403 => Verdict::Forbidden,
            402 | 413 => Verdict::Quota,
            409 => Verdict::Foreign,
            429 => Verdict::Throttled,
            400 if lower.contains("bucket name") => Verdict::BadName,
            // The gateway in front of it.
            502..=504 => Verdict::NothingBehind,
            500.. => Verdict::Busy,
            _ => Verdict::Unclear,
        };
        let date = reply.headers.get("date").and_then(|value| value.to_str().ok()).and_then(clock);
        let found = Trouble::new(verdict).message(words(&message, &[&self.key])).clock(date);
        let found = found.code(code.unwrap_or_else(|| status.to_string()));
        if status == 403 && found.verdict == Verdict::Forbidden { found.hint(POLICY) } else { found }
    }

    /// Whether the list of buckets, which is all that Dify looks at, holds ours.
    async fn is_listed(&self) -> Result<bool, Trouble> {
        let reply = self.send(Method::GET, "bucket", None).await?;
        let list = serde_json::from_str::<Vec<Value>>(&reply.body).ok().filter(|_| reply.status == 200);
        let list = list.ok_or_else(|| self.trouble(&reply))?;
        Ok(list.iter().any(|one| one["name"] == *self.place.bucket))
    }
}

impl Store for Supabase {
    fn side(&self) -> Side {
        Side::Api
    }

    fn target(&self) -> String {
        format!("supabase://{} at {}", self.place.bucket, self.place.server)
    }

    fn place(&self) -> &Place {
        &self.place
    }

    async fn find(&self) -> Result<Option<String>, Trouble> {
        if self.is_listed().await? {
            return Ok(None);
        }
        Err(Trouble::new(Verdict::Missing).hint(
            "run storage-bootstrap ensure, create it, or use the service_role key: with another nothing is listed",
        ))
    }

    async fn make(&self) -> Result<Made, Trouble> {
        let name = &self.place.bucket;
        let body = serde_json::json!({"id": name, "name": name, "public": false}).to_string();
        let reply = self.send(Method::POST, "bucket", Some(("application/json", body.into_bytes()))).await?;
        if reply.status == 200 {
            return Ok(Made::Now);
        }
        let trouble = self.trouble(&reply);
        // Another of us was faster.
        if trouble.verdict == Verdict::Foreign && self.is_listed().await? {
            return Ok(Made::Already);
        }
        Err(trouble)
    }

    async fn put(&self, object: &str, content: &[u8]) -> Result<(), Trouble> {
        let body = Some(("text/plain", content.to_vec()));
        let reply = self.send(Method::POST, &self.object(object), body).await?;
        match reply.status {
            200 => Ok(()),
            _ => match self.trouble(&reply) {
                // Left by a try of ours that was cut short.
                trouble if trouble.verdict == Verdict::Foreign => self.replace(object, content).await,
                trouble => Err(trouble),
            },
        }
    }

    async fn get(&self, object: &str) -> Result<Vec<u8>, Trouble> {
        let reply = self.send(Method::GET, &self.object(object), None).await?;
        if reply.status == 200 { Ok(reply.body.into_bytes()) } else { Err(self.trouble(&reply)) }
    }

    async fn delete(&self, object: &str) -> Result<(), Trouble> {
        let path = format!("object/{}", encode::path(&self.place.bucket));
        let body = serde_json::json!({"prefixes": [object]}).to_string();
        let reply = self.send(Method::DELETE, &path, Some(("application/json", body.into_bytes()))).await?;
        if reply.status != 200 {
            return Err(self.trouble(&reply));
        }
        // Without the right the answer is an empty list, and the object stays.
        if reply.body.trim() == "[]" { Err(Trouble::new(Verdict::Forbidden)) } else { Ok(()) }
    }
}

impl Supabase {
    async fn replace(&self, object: &str, content: &[u8]) -> Result<(), Trouble> {
        let reply =
            self.send(Method::PUT, &self.object(object), Some(("text/plain", content.to_vec()))).await?;
        if reply.status == 200 { Ok(()) } else { Err(self.trouble(&reply)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_has_three_parts_or_a_prefix() {
        for key in ["eyJh.eyJp.sig-_", "sb_secret_abc"] {
            assert!(is_key(key), "{key}");
        }
        for key in ["", "a.b", "a..c", "a.b.c.d", "key with space"] {
            assert!(!is_key(key), "{key}");
        }
    }
}
