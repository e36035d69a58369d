"""Removing an object of a versioned bucket for good: each of its versions, and the marks of earlier removals."""

from typing import Any


def remove_versions(client: Any, bucket: str, key: str) -> None:
    """Delete every version of one key. Raises botocore's ClientError, AccessDenied when one of them is locked."""
    for page in client.get_paginator("list_object_versions").paginate(Bucket=bucket, Prefix=key):
        for version in (*page.get("Versions", ()), *page.get("DeleteMarkers", ())):
            if version["Key"] == key:
                client.delete_object(Bucket=bucket, Key=key, VersionId=version["VersionId"])
