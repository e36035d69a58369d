"""One S3 bucket: objects read, written, listed and removed with their versions; and the files of a billing run."""

import json
import shutil
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Any, BinaryIO

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound, Unavailable
from chalicelib.store.table import as_unavailable

MISSING = {"NoSuchKey", "NoSuchVersion"}
ALREADY_THERE = {"PreconditionFailed", "ConditionalRequestConflict"}

RUN_FOLDER = "campagnes/{run}"
MAILING_FOLDER = "campagnes/{run}/envoi"
PDF_BUNDLES = "paquets/{run}"
"""Each batch's PDFs, ready to be mailed. S3 lifecycle rules expire objects by prefix: these after a month; a resumed
run makes them again."""

FILE, REPORT, AMOUNTS, COMPARISON = "fichier.csv", "controle.jsonl", "montants.json", "comparaison.json"
"""What is too long for a run's DynamoDB item: the billing file, its findings, each account's amount, the comparison."""


class ObjectLocked(Unavailable):
    """A version of the object is under retention or legal hold, or may not be deleted."""


class Bucket:
    """A bucket by its deployed name. Every method raises Unavailable when S3 fails."""

    def __init__(self, clients: Any, bucket: str) -> None:
        self._clients = clients
        self.bucket = bucket

    def write(self, key: str, content: bytes | IO[bytes], **options: Any) -> None:
        """Write an object, from its stream's current position; one of that key is replaced."""
        with as_unavailable(self.bucket):
            self._clients.s3.put_object(Bucket=self.bucket, Key=key, Body=content, **options)

    def write_first(self, key: str, content: bytes, **options: Any) -> bool:
        """Write an object unless its key exists. Returns whether this call wrote it."""
        with as_unavailable(self.bucket):
            try:
                self._clients.s3.put_object(Bucket=self.bucket, Key=key, Body=content, IfNoneMatch="*", **options)
            except ClientError as failure:
                if failure.response["Error"]["Code"] not in ALREADY_THERE:
                    raise
                return False
        return True

    def body(self, key: str, *, version: str = "") -> Any:
        """Returns the object, or that version of it, as a stream. Raises NotFound."""
        which = {"VersionId": version} if version else {}
        with as_unavailable(self.bucket):
            try:
                return self._clients.s3.get_object(Bucket=self.bucket, Key=key, **which)["Body"]
            except ClientError as failure:
                if failure.response["Error"]["Code"] not in MISSING:
                    raise
                raise NotFound from failure

    def content(self, key: str) -> bytes:
        """Returns the object's bytes. Raises NotFound."""
        body = self.body(key)
        with as_unavailable(self.bucket):
            content: bytes = body.read()
        return content

    def copy(self, key: str, out: BinaryIO, *, version: str = "") -> None:
        """Copy an object, or that version of it, into a stream, by chunks. Raises NotFound."""
        body = self.body(key, version=version)
        with as_unavailable(self.bucket):
            shutil.copyfileobj(body, out)

    def keys(self, prefix: str) -> Iterator[str]:
        """Yields the keys that begin so, sorted."""
        with as_unavailable(self.bucket):
            for page in self._clients.s3.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=prefix):
                yield from (entry["Key"] for entry in page.get("Contents", ()))

    def delete(self, key: str) -> None:
        with as_unavailable(self.bucket):
            self._clients.s3.delete_object(Bucket=self.bucket, Key=key)

    def delete_versions(self, key: str) -> None:
        """Delete every version and delete marker of one key. Safe to repeat. Raises ObjectLocked when one is locked."""
        with as_unavailable(self.bucket):
            try:
                for version in self._versions(key, "Versions", "DeleteMarkers"):
                    self._clients.s3.delete_object(Bucket=self.bucket, Key=key, VersionId=version)
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "AccessDenied":
                    raise
                raise ObjectLocked(self.bucket) from failure

    def is_locked(self, key: str, now: datetime) -> bool:
        """Whether a version is under retention or legal hold at this instant; False for a missing key."""
        with as_unavailable(self.bucket):
            heads = (
                self._clients.s3.head_object(Bucket=self.bucket, Key=key, VersionId=version)
                for version in self._versions(key, "Versions")
            )
            return any(_is_locked(head, now) for head in heads)

    def _versions(self, key: str, *kinds: str) -> Iterator[str]:
        """Yields the version ids of exactly this key: a prefix also lists longer keys."""
        for page in self._clients.s3.get_paginator("list_object_versions").paginate(Bucket=self.bucket, Prefix=key):
            found = (version for kind in kinds for version in page.get(kind, ()))
            yield from (version["VersionId"] for version in found if version["Key"] == key)


class RunFiles(Bucket):
    """The files of billing runs, by run and name, in one folder of each run; a name written again replaces the file."""

    def __init__(self, clients: Any, bucket: str, *, folder: str) -> None:
        super().__init__(clients, bucket)
        self._folder = folder

    def key(self, run: str, name: str) -> str:
        return f"{self._folder.format(run=run)}/{name}"

    def put(self, run: str, name: str, content: bytes | IO[bytes]) -> str:
        """Write a file, from its stream's current position; returns its key."""
        key = self.key(run, name)
        self.write(key, content)
        return key

    def put_json(self, run: str, name: str, value: Any) -> str:
        return self.put(run, name, _json(value))

    def put_json_first(self, run: str, name: str, value: Any) -> bool:
        """Write the file unless the name is taken. Returns whether this call wrote it."""
        return self.write_first(self.key(run, name), _json(value))

    def read(self, run: str, name: str) -> bytes:
        """Returns the file's bytes. Raises NotFound."""
        return self.content(self.key(run, name))

    def read_json(self, run: str, name: str) -> Any:
        """Returns what `put_json` wrote. Raises NotFound."""
        return json.loads(self.read(run, name))

    def lines(self, run: str, name: str) -> Iterator[Any]:
        """Yields the values of a file of JSON lines. Raises NotFound."""
        body = self.body(self.key(run, name))
        with as_unavailable(self.bucket):
            yield from (json.loads(line) for line in body.iter_lines())

    def names(self, run: str, folder: str) -> Iterator[str]:
        """Yields the names of a folder's files, sorted."""
        start = self.key(run, "")
        yield from (key.removeprefix(start) for key in self.keys(f"{start}{folder}/"))

    def clear(self, run: str, folder: str) -> None:
        """Remove a folder's files."""
        for name in list(self.names(run, folder)):
            self.delete(self.key(run, name))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _is_locked(head: dict[str, Any], now: datetime) -> bool:
    until = head.get("ObjectLockRetainUntilDate")
    return head.get("ObjectLockLegalHoldStatus") == "ON" or (until is not None and until > now)
