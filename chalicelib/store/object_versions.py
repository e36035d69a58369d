"""The versions of an object in a versioned bucket: whether one is locked, and removing them all for good."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any


def remove_versions(client: Any, bucket: str, key: str) -> None:
    """Delete every version of one key, and the marks of earlier removals.

    Raises botocore's ClientError, AccessDenied when a version is locked.
    """
    for version in _listed(client, bucket, key, "Versions", "DeleteMarkers"):
        client.delete_object(Bucket=bucket, Key=key, VersionId=version)


def is_locked(client: Any, bucket: str, key: str, now: datetime) -> bool:
    """Whether S3 would refuse to delete one of the versions at this instant. Raises botocore's ClientError."""
    return any(
        _held(client.head_object(Bucket=bucket, Key=key, VersionId=version), now)
        for version in _listed(client, bucket, key, "Versions")
    )


def _held(head: dict[str, Any], now: datetime) -> bool:
    until = head.get("ObjectLockRetainUntilDate")
    return head.get("ObjectLockLegalHoldStatus") == "ON" or (until is not None and until > now)


def _listed(client: Any, bucket: str, key: str, *kinds: str) -> Iterator[str]:
    """The version ids of this very key: a prefix also lists its longer neighbours."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        found = (version for kind in kinds for version in page.get(kind, ()))
        yield from (version["VersionId"] for version in found if version["Key"] == key)
