"""Files of billing runs in S3: the inbox of the town's software, and what is too long for a run's item.

A run's billing file, what is wrong in it, each account's amount. Private.
"""

import json
import shutil
from collections.abc import Iterator
from typing import IO, Any, BinaryIO

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.table import reaching

FILE, REPORT, AMOUNTS, COMPARISON = "fichier.csv", "controle.jsonl", "montants.json", "comparaison.json"


class RunFileStore:
    """The run's folder in the bucket of mailings; a later object replaces the earlier one of that name."""

    def __init__(self, clients: Any, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket

    def put(self, run: str, name: str, content: bytes | IO[bytes]) -> str:
        """Write an object, from where its stream stands; answers its key."""
        key = f"campagnes/{run}/{name}"
        with reaching(self._bucket):
            self._clients.s3.put_object(Bucket=self._bucket, Key=key, Body=content)
        return key

    def put_json(self, run: str, name: str, value: Any) -> str:
        return self.put(run, name, json.dumps(value, ensure_ascii=False).encode())

    def read_json(self, run: str, name: str) -> Any:
        """What `put_json` wrote. Raises NotFound."""
        return json.loads(self._body(run, name).read())

    def lines(self, run: str, name: str) -> Iterator[Any]:
        """The values of a file of JSON lines, one at a time. Raises NotFound."""
        body = self._body(run, name)
        with reaching(self._bucket):
            yield from (json.loads(line) for line in body.iter_lines())

    def _body(self, run: str, name: str) -> Any:
        with reaching(self._bucket):
            try:
                return self._clients.s3.get_object(Bucket=self._bucket, Key=f"campagnes/{run}/{name}")["Body"]
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "NoSuchKey":
                    raise
                raise NotFound from failure


class Inbox:
    """Read only: what was deposited stays as it was deposited."""

    def __init__(self, clients: Any, bucket: str) -> None:
        self._clients = clients
        self._bucket = bucket

    def copy(self, key: str, out: BinaryIO, *, version: str = "") -> None:
        """Copy an object, that version of it, into a stream, by pieces. Raises NotFound."""
        which = {"VersionId": version} if version else {}
        with reaching(self._bucket):
            try:
                answer = self._clients.s3.get_object(Bucket=self._bucket, Key=key, **which)
            except ClientError as failure:
                if failure.response["Error"]["Code"] not in ("NoSuchKey", "NoSuchVersion"):
                    raise
                raise NotFound from failure
            shutil.copyfileobj(answer["Body"], out)
