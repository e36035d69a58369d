"""The files of billing runs in memory."""

import json
from collections.abc import Iterator
from typing import IO, Any

from chalicelib.errors import NotFound
from chalicelib.store.bucket import RUN_FOLDER
from tests.support.fakes.writes import Writes


class FakeRunFiles:
    """`items`: bytes by (run, name)."""

    def __init__(self, writes: Writes | None = None, *, folder: str = RUN_FOLDER) -> None:
        self.writes = writes or Writes()
        self.folder = folder
        self.items: dict[tuple[str, str], bytes] = {}

    def put(self, run: str, name: str, content: bytes | IO[bytes]) -> str:
        self.writes.one(lambda: self._put(run, name, content))
        return f"{self.folder.format(run=run)}/{name}"

    def _put(self, run: str, name: str, content: bytes | IO[bytes]) -> None:
        self.items[run, name] = content if isinstance(content, bytes) else content.read()

    def put_json(self, run: str, name: str, value: Any) -> str:
        return self.put(run, name, json.dumps(value, ensure_ascii=False).encode())

    def put_json_first(self, run: str, name: str, value: Any) -> bool:
        content = json.dumps(value, ensure_ascii=False).encode()
        return self.writes.one(lambda: self.items.setdefault((run, name), content) is content)

    def names(self, run: str, folder: str) -> Iterator[str]:
        return iter(sorted(name for of, name in self.items if of == run and name.startswith(f"{folder}/")))

    def read(self, run: str, name: str) -> bytes:
        return self._content(run, name)

    def read_json(self, run: str, name: str) -> Any:
        return json.loads(self._content(run, name))

    def lines(self, run: str, name: str) -> Iterator[Any]:
        yield from (json.loads(line) for line in self._content(run, name).splitlines())

    def _content(self, run: str, name: str) -> bytes:
        if (run, name) not in self.items:
            raise NotFound
        return self.items[run, name]
