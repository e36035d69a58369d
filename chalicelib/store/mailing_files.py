"""Files of a run's mailing in S3: batches, manifests, PDF bundles, lists, reports.

Files kept with the run and temporary ones have different prefixes: S3 lifecycle rules expire objects by prefix.
"""

import json
from collections.abc import Iterator
from typing import IO, Any

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.table import as_unavailable

RUN_FOLDER = "campagnes/{run}/envoi"
PDF_BUNDLES = "paquets/{run}"
"""Each batch's PDFs, ready to be mailed: expired by the bucket after a month; a resumed run makes them again."""


class MailingFiles:
    """The objects of a run's folder in the mailings bucket in S3; a name written again replaces the object."""

    def __init__(self, clients: Any, bucket: str, *, folder: str = RUN_FOLDER) -> None:
        self._clients = clients
        self._folder = folder
        self.bucket = bucket

    def key(self, run: str, name: str) -> str:
        return f"{self._folder.format(run=run)}/{name}"

    def put(self, run: str, name: str, content: bytes | IO[bytes]) -> str:
        """Write an object, from its stream's current position; returns its key."""
        key = self.key(run, name)
        with as_unavailable(self.bucket):
            self._clients.s3.put_object(Bucket=self.bucket, Key=key, Body=content)
        return key

    def put_json(self, run: str, name: str, value: Any) -> str:
        return self.put(run, name, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def read(self, run: str, name: str) -> bytes:
        """Returns the object's bytes. Raises NotFound."""
        with as_unavailable(self.bucket):
            try:
                content: bytes = self._clients.s3.get_object(Bucket=self.bucket, Key=self.key(run, name))["Body"].read()
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "NoSuchKey":
                    raise
                raise NotFound from failure
        return content

    def read_json(self, run: str, name: str) -> Any:
        """Returns what `put_json` wrote. Raises NotFound."""
        return json.loads(self.read(run, name))

    def names(self, run: str, folder: str) -> Iterator[str]:
        """Yields the names of a folder's objects, sorted."""
        start = self.key(run, "")
        with as_unavailable(self.bucket):
            pages = self._clients.s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=f"{start}{folder}/"
            )
            for page in pages:
                yield from (entry["Key"].removeprefix(start) for entry in page.get("Contents", ()))

    def clear(self, run: str, folder: str) -> None:
        """Remove a folder's objects."""
        for name in list(self.names(run, folder)):
            with as_unavailable(self.bucket):
                self._clients.s3.delete_object(Bucket=self.bucket, Key=self.key(run, name))
