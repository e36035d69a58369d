"""From bytes to numbered lines of text: UTF-8 or Windows-1252, with or without a byte-order mark."""

import codecs
from collections import Counter
from collections.abc import Iterator
from typing import BinaryIO

from chalicelib.importing.problems import BadLine, FileRefused
from chalicelib.importing.wording import UTF_16

SAMPLE = 4096
"""Bytes of a file that tell a text from an image or a workbook."""

RARE = 20
"""One character in this many may be a control, in a text; in arbitrary bytes, one in nine is."""

CONTROLS = bytes({*range(32), 127} - set(b"\t\n\r\f"))
UTF_16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def numbered_lines(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    """Every line of a seekable stream from its beginning, numbered from 1, without its end.

    A byte that its encoding does not know becomes U+FFFD, which no cell accepts. Raises FileRefused for UTF-16.
    """
    encoding = encoding_of(stream)
    stream.seek(0)
    for number, line in enumerate(stream, start=1):
        text = line.decode(encoding, errors="replace")
        if number == 1:
            text = text.removeprefix("\ufeff")
        yield number, text.removesuffix("\n").removesuffix("\r")


def encoding_of(stream: BinaryIO) -> str:
    """What most of the accented lines are written in: one stray byte must not turn every « é » into « Ã© »."""
    stream.seek(0)
    start = stream.read(3)
    if start.startswith(UTF_16_MARKS):
        raise FileRefused(BadLine(line=1, column="", reason=UTF_16))
    if start == codecs.BOM_UTF8:
        return "utf-8"
    stream.seek(0)
    verdicts = Counter(_is_utf8(line) for line in stream if not line.isascii())
    return "utf-8" if verdicts[True] >= verdicts[False] else "cp1252"


def looks_like_text(stream: BinaryIO) -> bool:
    """Whether the beginning of a seekable stream may be text; moves the stream."""
    stream.seek(0)
    start = stream.read(SAMPLE)
    strange = sum(start.count(byte) for byte in CONTROLS)
    return b"\0" not in start and strange * RARE <= len(start)


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True
