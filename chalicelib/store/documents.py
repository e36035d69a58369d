"""PDF documents in S3, written once (If-None-Match) and served unchanged for years."""

import hashlib
from dataclasses import dataclass

from chalicelib.store.bucket import Bucket, ObjectLocked


@dataclass(frozen=True)
class StoredDocument:
    """The object stored under a key, its size in bytes; `first`: this call wrote it."""

    sha256: str
    size_bytes: int
    first: bool


class DocumentStore(Bucket):
    """The objects of the documents bucket in S3."""

    def keep(self, key: str, content: bytes, content_type: str = "application/pdf") -> StoredDocument:
        """Write the object unless the key exists; returns the description of the stored one."""
        if self.write_first(key, content, ContentType=content_type):
            return describe(content, first=True)
        return describe(self.content(key), first=False)

    def read(self, key: str) -> bytes:
        """Returns the object's bytes. Raises NotFound."""
        return self.content(key)

    def erase(self, key: str) -> bool:
        """Delete the object with all its versions; returns False when one is still locked. Safe to repeat."""
        try:
            self.delete_versions(key)
        except ObjectLocked:
            return False
        return True


def invoice_key(number: str) -> str:
    """Returns the S3 key of an invoice's document."""
    return f"factures/{number}.pdf"


def describe(content: bytes, *, first: bool) -> StoredDocument:
    return StoredDocument(sha256=hashlib.sha256(content).hexdigest(), size_bytes=len(content), first=first)
