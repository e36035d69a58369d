"""Proofs uploaded by families, in a private S3 bucket: generated keys, read by their owner and the office only."""

from chalicelib.store.bucket import Bucket

DOWNLOAD_ONLY = {"ContentType": "application/octet-stream", "ContentDisposition": "attachment"}
"""Whatever the file is, browsers download it and do not display it."""


class UploadStore(Bucket):
    """The objects of the uploads bucket in S3."""

    def keep(self, key: str, content: bytes) -> None:
        self.write(key, content, **DOWNLOAD_ONLY)

    def read(self, key: str) -> bytes:
        """Returns the file's bytes. Raises NotFound."""
        return self.content(key)

    def remove(self, key: str) -> None:
        """Delete the file with every version: the bucket is versioned."""
        self.delete_versions(key)
