"""Documents in S3, written once: what a family downloads for years is the object of the first day."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.object_versions import is_locked, remove_versions
from chalicelib.store.table import reaching

ALREADY_THERE = {"PreconditionFailed", "ConditionalRequestConflict"}


@dataclass(frozen=True)
class Kept:
    """What is stored under a key; `first`: this very call wrote it."""

    sha256: str
    octets: int
    first: bool


class DocumentStore:
    """The bucket of documents."""

    def __init__(self, clients: Any, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket

    def keep(self, key: str, content: bytes, content_type: str = "application/pdf") -> Kept:
        """Write the object unless the key holds one already; answers the facts of the one that stands."""
        with reaching(self._bucket):
            try:
                self._clients.s3.put_object(
                    Bucket=self._bucket, Key=key, Body=content, ContentType=content_type, IfNoneMatch="*"
                )
            except ClientError as failure:
                if failure.response["Error"]["Code"] not in ALREADY_THERE:
                    raise
                return facts(self.read(key), first=False)
        return facts(content, first=True)

    def read(self, key: str) -> bytes:
        """The object, byte for byte. Raises NotFound."""
        with reaching(self._bucket):
            try:
                content: bytes = self._clients.s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "NoSuchKey":
                    raise
                raise NotFound from failure
        return content

    def is_locked(self, key: str, now: datetime) -> bool:
        """Whether a version of the object may not be deleted yet; False for a key that holds nothing."""
        with reaching(self._bucket):
            return is_locked(self._clients.s3, self._bucket, key, now)

    def erase(self, key: str) -> bool:
        """Delete the object with all its versions; False when one of them is still locked. Safe to repeat."""
        with reaching(self._bucket):
            try:
                remove_versions(self._clients.s3, self._bucket, key)
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "AccessDenied":
                    raise
                return False
        return True


def invoice_key(number: str) -> str:
    """Where the document of an invoice stands."""
    return f"factures/{number}.pdf"


def facts(content: bytes, *, first: bool) -> Kept:
    return Kept(sha256=hashlib.sha256(content).hexdigest(), octets=len(content), first=first)
