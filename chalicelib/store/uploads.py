"""Proofs uploaded by families, in a private S3 bucket: generated keys, read by their owner and the office only."""

from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.object_versions import remove_versions
from chalicelib.store.table import as_unavailable

DOWNLOAD_ONLY = {"ContentType": "application/octet-stream", "ContentDisposition": "attachment"}
"""Whatever the file is, browsers download it and do not display it."""


class UploadStore:
    """The objects of the uploads bucket in S3."""

    def __init__(self, clients: Any, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket

    def keep(self, key: str, content: bytes) -> None:
        with as_unavailable(self._bucket):
            self._clients.s3.put_object(Bucket=self._bucket, Key=key, Body=content, **DOWNLOAD_ONLY)

    def read(self, key: str) -> bytes:
        """Returns the file's bytes. Raises NotFound."""
        with as_unavailable(self._bucket):
            try:
                content: bytes = self._clients.s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "NoSuchKey":
                    raise
                raise NotFound from failure
        return content

    def remove(self, key: str) -> None:
        """Delete the file with every version: the bucket is versioned."""
        with as_unavailable(self._bucket):
            remove_versions(self._clients.s3, self._bucket, key)
