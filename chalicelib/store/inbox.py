"""The inbox: the bucket in which the town's software puts its billing files."""

import shutil
from typing import Any, BinaryIO

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.table import reaching


class Inbox:
    """Read only: what was deposited stays as it was deposited."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def copy(self, key: str, out: BinaryIO, *, version: str = "") -> None:
        """Copy an object, that version of it, into a stream, by pieces. Raises NotFound."""
        which = {"VersionId": version} if version else {}
        with reaching(self._bucket):
            try:
                answer = self._client.get_object(Bucket=self._bucket, Key=key, **which)
            except ClientError as failure:
                if failure.response["Error"]["Code"] not in ("NoSuchKey", "NoSuchVersion"):
                    raise
                raise NotFound from failure
            shutil.copyfileobj(answer["Body"], out)
