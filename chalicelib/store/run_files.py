"""Files of billing runs in S3: the inbox where billing files are deposited, and each run's files.

A run's files are too long for its DynamoDB item: the billing file, its findings, each account's amount.
"""

import json
import shutil
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.table import as_unavailable

FILE, REPORT, AMOUNTS, COMPARISON = "fichier.csv", "controle.jsonl", "montants.json", "comparaison.json"


class RunFileStore:
    """The objects of a run's folder in the mailings bucket in S3; a name written again replaces the object."""

    def __init__(self, clients: Any, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket

    def put(self, run: str, name: str, content: bytes | IO[bytes]) -> str:
        """Write an object, from its stream's current position; returns its key."""
        key = f"campagnes/{run}/{name}"
        with as_unavailable(self._bucket):
            self._clients.s3.put_object(Bucket=self._bucket, Key=key, Body=content)
        return key

    def put_json(self, run: str, name: str, value: Any) -> str:
        return self.put(run, name, json.dumps(value, ensure_ascii=False).encode())

    def read_json(self, run: str, name: str) -> Any:
        """Returns what `put_json` wrote. Raises NotFound."""
        return json.loads(self._body(run, name).read())

    def lines(self, run: str, name: str) -> Iterator[Any]:
        """Yields the values of a file of JSON lines. Raises NotFound."""
        body = self._body(run, name)
        with as_unavailable(self._bucket):
            yield from (json.loads(line) for line in body.iter_lines())

    def _body(self, run: str, name: str) -> Any:
        with as_unavailable(self._bucket):
            try:
                return self._clients.s3.get_object(Bucket=self._bucket, Key=f"campagnes/{run}/{name}")["Body"]
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "NoSuchKey":
                    raise
                raise NotFound from failure


class Inbox:
    """The objects of the inbox bucket in S3, read only: a deposited file is never changed."""

    def __init__(self, clients: Any, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket

    def copy(self, key: str, out: BinaryIO, *, version: str = "") -> None:
        """Copy an object, or that version of it, into a stream, by chunks. Raises NotFound."""
        which = {"VersionId": version} if version else {}
        with as_unavailable(self._bucket):
            try:
                response = self._clients.s3.get_object(Bucket=self._bucket, Key=key, **which)
            except ClientError as failure:
                if failure.response["Error"]["Code"] not in ("NoSuchKey", "NoSuchVersion"):
                    raise
                raise NotFound from failure
            shutil.copyfileobj(response["Body"], out)
