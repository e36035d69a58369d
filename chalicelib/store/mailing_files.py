"""What the mailing of a run works from and leaves behind: batches, manifests, drawn papers, lists, reports. In S3.

What is kept with the run and what only serves while it goes on lie in two folders: a bucket ends objects by how their
keys begin.
"""

import json
from collections.abc import Iterator
from typing import IO, Any

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.table import reaching

KEPT = "campagnes/{run}/envoi"
PDF_BUNDLES = "paquets/{run}"
"""Each batch's papers, ready to be mailed: forgotten by the bucket after a month; a run resumed makes them again."""


class MailingFiles:
    """A run's folder in the bucket of mailings; the same name written again replaces the object."""

    def __init__(self, clients: Any, bucket: str, *, folder: str = KEPT) -> None:
        self._clients = clients
        self._folder = folder
        self.bucket = bucket

    def key(self, run: str, name: str) -> str:
        return f"{self._folder.format(run=run)}/{name}"

    def put(self, run: str, name: str, content: bytes | IO[bytes]) -> str:
        """Write an object, from where its stream stands; answers its key."""
        key = self.key(run, name)
        with reaching(self.bucket):
            self._clients.s3.put_object(Bucket=self.bucket, Key=key, Body=content)
        return key

    def put_json(self, run: str, name: str, value: Any) -> str:
        return self.put(run, name, json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())

    def read(self, run: str, name: str) -> bytes:
        """Raises NotFound."""
        with reaching(self.bucket):
            try:
                content: bytes = self._clients.s3.get_object(Bucket=self.bucket, Key=self.key(run, name))["Body"].read()
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "NoSuchKey":
                    raise
                raise NotFound from failure
        return content

    def read_json(self, run: str, name: str) -> Any:
        """What `put_json` wrote. Raises NotFound."""
        return json.loads(self.read(run, name))

    def names(self, run: str, folder: str) -> Iterator[str]:
        """The names of a folder's objects, in order."""
        start = self.key(run, "")
        with reaching(self.bucket):
            pages = self._clients.s3.get_paginator("list_objects_v2").paginate(
                Bucket=self.bucket, Prefix=f"{start}{folder}/"
            )
            for page in pages:
                yield from (entry["Key"].removeprefix(start) for entry in page.get("Contents", ()))

    def clear(self, run: str, folder: str) -> None:
        """Remove a folder's objects."""
        for name in list(self.names(run, folder)):
            with reaching(self.bucket):
                self._clients.s3.delete_object(Bucket=self.bucket, Key=self.key(run, name))
