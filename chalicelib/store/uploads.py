"""Proofs that families send, in a private bucket: kept under names of ours, read by their owner and the desk alone."""

from typing import Any

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.object_versions import remove_versions
from chalicelib.store.table import reaching

NEVER_SHOWN = {"ContentType": "application/octet-stream", "ContentDisposition": "attachment"}
"""Whatever the file is, no browser is invited to open it in place."""


class UploadStore:
    """The bucket of proofs."""

    def __init__(self, clients: Any, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket

    def keep(self, key: str, content: bytes) -> None:
        with reaching(self._bucket):
            self._clients.s3.put_object(Bucket=self._bucket, Key=key, Body=content, **NEVER_SHOWN)

    def read(self, key: str) -> bytes:
        """The file, byte for byte. Raises NotFound."""
        with reaching(self._bucket):
            try:
                content: bytes = self._clients.s3.get_object(Bucket=self._bucket, Key=key)["Body"].read()
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "NoSuchKey":
                    raise
                raise NotFound from failure
        return content

    def remove(self, key: str) -> None:
        """Forget the file: the bucket is versioned, so every version goes."""
        with reaching(self._bucket):
            remove_versions(self._clients.s3, self._bucket, key)
