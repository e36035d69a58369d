"""PDF documents in S3, written once (If-None-Match) and served unchanged for years."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.object_versions import is_locked, remove_versions
from chalicelib.store.table import as_unavailable

ALREADY_THERE = {"PreconditionFailed", "ConditionalRequestConflict"}


@dataclass(frozen=True)
class StoredDocument:
    """The object stored under a key, its size in bytes; `first`: this call wrote it."""

    sha256: str
    octets: int
    first: bool


class DocumentStore:
    """The objects of the documents bucket in S3."""

    def __init__(self, clients: Any, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket

    def keep(self, key: str, content: bytes, content_type: str = "application/pdf") -> StoredDocument:
        """Write the object unless the key exists; returns the description of the stored one."""
        with as_unavailable(self._bucket):
            try:
                self._clients.s3.put_object(
                    Bucket=self._bucket, Key=key, Body=content, ContentType=content_type, IfNoneMatch="*"
                )
            except ClientError as failure:
                if failure.response["Error"]["Code"] not in ALREADY_THERE:
                    raise
                return describe(self.read(key), first=False)
        return describe(content, first=True)

    def read(self, key: str) -> bytes:
        """Returns the object's bytes. Raises NotFound."""
        with as_unavailable(self._bucket):
            try:
                content: bytes = self._clients.s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "NoSuchKey":
                    raise
                raise NotFound from failure
        return content

    def is_locked(self, key: str, now: datetime) -> bool:
        """Whether a version of the object is under Object Lock; False for a missing key."""
        with as_unavailable(self._bucket):
            return is_locked(self._clients.s3, self._bucket, key, now)

    def erase(self, key: str) -> bool:
        """Delete the object with all its versions; returns False when one is still locked. Safe to repeat."""
        with as_unavailable(self._bucket):
            try:
                remove_versions(self._clients.s3, self._bucket, key)
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "AccessDenied":
                    raise
                return False
        return True


def invoice_key(number: str) -> str:
    """Returns the S3 key of an invoice's document."""
    return f"factures/{number}.pdf"


def describe(content: bytes, *, first: bool) -> StoredDocument:
    return StoredDocument(sha256=hashlib.sha256(content).hexdigest(), octets=len(content), first=first)
