"""A file given to a command, readable from its beginning as often as needed, a pipe too."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO


@contextmanager
def reading(path: Path) -> Iterator[BinaryIO]:
    """The file's bytes. Checking before writing reads them twice, and a pipe gives them once: it is copied aside."""
    with path.open("rb") as stream:
        if stream.seekable():
            yield stream
            return
        with TemporaryFile() as copy:
            shutil.copyfileobj(stream, copy)
            yield copy
