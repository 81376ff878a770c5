"""Object storage, as far as Dify touches it when it starts."""

import os
from pathlib import Path

from standin import s3, settings


def init() -> None:
    """Do what the api does at import: make a folder, or look for the bucket and make it."""
    kind = settings.text("STORAGE_TYPE", "opendal")
    if kind == "local":
        _folder(settings.text("STORAGE_LOCAL_PATH", "storage"))
    elif kind == "opendal" and settings.text("OPENDAL_SCHEME", "fs") == "fs":
        _folder(settings.text("OPENDAL_FS_ROOT", "storage"))
    elif kind == "s3":
        _bucket()


def _folder(path: str) -> None:
    Path(path).mkdir(parents=True, exist_ok=True)
    if not os.access(path, os.W_OK):
        raise PermissionError(13, "Permission denied", path)


def _bucket() -> None:
    if settings.switch("S3_USE_AWS_MANAGED_IAM"):
        return
    endpoint = os.environ.get("S3_ENDPOINT")
    if endpoint is not None and not endpoint.startswith(("http://", "https://")):
        raise ValueError(f"Invalid endpoint: {endpoint}")
    client = s3.Client(
        endpoint=endpoint or "https://s3.amazonaws.com",
        region=settings.text("S3_REGION") or "us-east-1",
        access_key=settings.text("S3_ACCESS_KEY"),
        secret_key=settings.text("S3_SECRET_KEY"),
    )
    s3.need_bucket(client, settings.text("S3_BUCKET_NAME"))
