"""Versions of an object in a versioned S3 bucket: Object Lock status, and permanent deletion of all of them."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any


def remove_versions(client: Any, bucket: str, key: str) -> None:
    """Delete every version and delete marker of one key.

    Raises botocore's ClientError, AccessDenied when a version is locked.
    """
    for version in _listed(client, bucket, key, "Versions", "DeleteMarkers"):
        client.delete_object(Bucket=bucket, Key=key, VersionId=version)


def is_locked(client: Any, bucket: str, key: str, now: datetime) -> bool:
    """Whether a version is under retention or legal hold at this instant. Raises botocore's ClientError."""
    return any(
        _is_locked(client.head_object(Bucket=bucket, Key=key, VersionId=version), now)
        for version in _listed(client, bucket, key, "Versions")
    )


def _is_locked(head: dict[str, Any], now: datetime) -> bool:
    until = head.get("ObjectLockRetainUntilDate")
    return head.get("ObjectLockLegalHoldStatus") == "ON" or (until is not None and until > now)


def _listed(client: Any, bucket: str, key: str, *kinds: str) -> Iterator[str]:
    """Yields the version ids of exactly this key: a prefix also lists longer keys."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        found = (version for kind in kinds for version in page.get(kind, ()))
        yield from (version["VersionId"] for version in found if version["Key"] == key)
