"""Read the environment as strictly as Dify does: an empty number or switch ends the process."""

import os

STORAGE_TYPES = (
    "opendal s3 aliyun-oss azure-blob baidu-obs clickzetta-volume google-storage huawei-obs oci-storage "
    "tencent-cos volcengine-tos supabase local"
).split()


class SettingsError(ValueError):
    """A variable has a value that Dify refuses."""


def text(name: str, default: str = "") -> str:
    """Return a variable, which may be empty."""
    return os.environ.get(name, default)


def number(name: str, default: float) -> float:
    """Return a number; present and empty is an error."""
    value = os.environ.get(name)
    if value is None:
        return default
    try:
        return float(value)
    except ValueError:
        raise SettingsError(f"{name}: Input should be a valid number, got {value!r}") from None


def switch(name: str, default: bool = False) -> bool:
    """Return a boolean; present and empty is an error."""
    value = os.environ.get(name)
    if value is None:
        return default
    lowered = value.lower()
    if lowered in ("1", "true", "yes", "on", "t", "y"):
        return True
    if lowered in ("0", "false", "no", "off", "f", "n"):
        return False
    raise SettingsError(f"{name}: Input should be a valid boolean, got {value!r}")


def version() -> str:
    """Return the version of Dify that this image stands for."""
    return text("STANDIN_VERSION", "1.16.1")


def is_legacy() -> bool:
    """Tell whether the version is one that swallows errors of migrations (before 1.13)."""
    return version().startswith("1.10.")


def validate() -> None:
    """Check what Dify checks before anything else runs."""
    for name in ("REDIS_PORT", "REDIS_DB", "DB_PORT", "SQLALCHEMY_POOL_SIZE", "REDIS_SENTINEL_SOCKET_TIMEOUT"):
        number(name, 0)
    for name in ("REDIS_USE_SSL", "REDIS_USE_SENTINEL", "REDIS_USE_CLUSTERS", "CELERY_USE_SENTINEL"):
        switch(name)
    types = ("postgresql", "mysql", "oceanbase") if is_legacy() else ("postgresql", "mysql", "oceanbase", "seekdb")
    if text("DB_TYPE", "postgresql") not in types:
        raise SettingsError(f"DB_TYPE: Input should be one of {', '.join(types)}")
    if text("DB_TYPE", "postgresql") != "postgresql":
        raise SettingsError("DB_TYPE: the stand-in knows PostgreSQL alone")
    if text("STORAGE_TYPE", "opendal") not in STORAGE_TYPES:
        raise SettingsError(f"STORAGE_TYPE: Input should be one of {', '.join(STORAGE_TYPES)}")
