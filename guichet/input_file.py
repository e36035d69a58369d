"""Opens an input file of a command as a seekable stream, a pipe too."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from typing import BinaryIO


@contextmanager
def open_input_file(path: Path) -> Iterator[BinaryIO]:
    """Yields a seekable binary stream. Imports read the file twice, and a pipe can be read once: it is copied."""
    with path.open("rb") as stream:
        if stream.seekable():
            yield stream
            return
        with TemporaryFile() as copy:
            shutil.copyfileobj(stream, copy)
            yield copy
