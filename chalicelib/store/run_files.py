"""What is too long for a run's item: its billing file, what is wrong in it, each account's amount. Private, in S3."""

import json
from collections.abc import Iterator
from typing import IO, Any

from botocore.exceptions import ClientError

from chalicelib.errors import NotFound
from chalicelib.store.table import reaching

FILE, REPORT, AMOUNTS, COMPARISON = "fichier.csv", "controle.jsonl", "montants.json", "comparaison.json"


class RunFileStore:
    """The run's folder in the bucket of mailings; a later object replaces the earlier one of that name."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self._bucket = bucket

    def put(self, run: str, name: str, content: bytes | IO[bytes]) -> str:
        """Write an object, from where its stream stands; answers its key."""
        key = f"campagnes/{run}/{name}"
        with reaching(self._bucket):
            self._client.put_object(Bucket=self._bucket, Key=key, Body=content)
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
                return self._client.get_object(Bucket=self._bucket, Key=f"campagnes/{run}/{name}")["Body"]
            except ClientError as failure:
                if failure.response["Error"]["Code"] != "NoSuchKey":
                    raise
                raise NotFound from failure
