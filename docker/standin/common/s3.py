"""The two S3 requests that Dify sends when it starts, signed (version 4), in path style."""

import datetime
import hashlib
import hmac
import urllib.error
import urllib.request
from dataclasses import dataclass
from urllib.parse import quote, urlsplit


@dataclass(frozen=True)
class Client:
    """Where the server is and who asks."""

    endpoint: str
    region: str
    access_key: str
    secret_key: str

    def status(self, method: str, bucket: str) -> int:
        """Send a request without a body for a bucket; return its status."""
        url = f"{self.endpoint.rstrip('/')}/{quote(bucket)}"
        request = urllib.request.Request(url, method=method, headers=self._headers(method, url))
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:
                return int(answer.status)
        except urllib.error.HTTPError as error:
            return error.code

    def _headers(self, method: str, url: str) -> dict[str, str]:
        parts = urlsplit(url)
        empty = hashlib.sha256(b"").hexdigest()
        now = datetime.datetime.now(datetime.UTC)
        stamp, day = now.strftime("%Y%m%dT%H%M%SZ"), now.strftime("%Y%m%d")
        headers = {"host": parts.netloc, "x-amz-content-sha256": empty, "x-amz-date": stamp}
        names = ";".join(sorted(headers))
        lines = "".join(f"{name}:{headers[name]}\n" for name in sorted(headers))
        canonical = "\n".join([method, parts.path, "", lines, names, empty])
        scope = f"{day}/{self.region}/s3/aws4_request"
        to_sign = "\n".join(["AWS4-HMAC-SHA256", stamp, scope, hashlib.sha256(canonical.encode()).hexdigest()])
        key = f"AWS4{self.secret_key}".encode()
        for part in (day, self.region, "s3", "aws4_request", to_sign):
            key = hmac.new(key, part.encode(), hashlib.sha256).digest()
        credential = f"AWS4-HMAC-SHA256 Credential={self.access_key}/{scope}"
        headers["Authorization"] = f"{credential}, SignedHeaders={names}, Signature={key.hex()}"
        return headers


def need_bucket(client: Client, bucket: str) -> None:
    """Look for the bucket: missing is made, forbidden is taken for good, anything else is an error."""
    status = client.status("HEAD", bucket)
    if status == 404:
        status = client.status("PUT", bucket)
        if status != 200:
            raise RuntimeError(f"CreateBucket {bucket}: {status}")
    elif status not in (200, 403):
        raise RuntimeError(f"HeadBucket {bucket}: {status}")
