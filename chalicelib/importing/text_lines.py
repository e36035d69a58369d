"""The lines of a text file as a text editor numbers them, whatever its encoding, its marks and its line ends."""

import codecs
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast

from chalicelib.importing.encoding import detect_encoding

IN_MEMORY = 4_000_000
"""Bytes of a converted file kept in memory before they are written to a temporary file."""

START = 65_536
"""Bytes read to recognise UTF-16 and the line ends of old Macs."""

MARK, MARK_IN_WINDOWS = "\ufeff", "ï»¿"
"""The byte order mark, and what it became where UTF-8 was taken for Windows-1252 and saved as UTF-8 again."""

END_OF_FILE = b"\x1a"
"""Ctrl-Z: DOS programs end a file with one, or fill its last block with them."""

WIDE = {
    codecs.BOM_UTF32_LE: "utf-32",
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
FIRST_LINE_END = re.compile(rb"[^\r\n](\r\n|\n|\r)")


@contextmanager
def open_lines(stream: BinaryIO) -> Iterator[Iterator[tuple[int, str]]]:
    """Yields the lines of a seekable stream from its beginning, numbered from 1, without line ends.

    What cannot be read in the file's encoding becomes U+FFFD, which no cell accepts. Raises FileRefused.
    """
    stream.seek(0)
    start = stream.read(START)
    wide, old_mac = _wide_codec(start), _ends_like_old_macs(start)
    if not wide and not old_mac:
        yield _decoded(stream)
        return
    with SpooledTemporaryFile(IN_MEMORY) as file:
        converted = cast(BinaryIO, file)
        stream.seek(0)
        if wide:
            _write_utf_8(stream, converted, wide)
        else:
            shutil.copyfileobj(stream, converted)
        converted.seek(0)
        if old_mac or _ends_like_old_macs(converted.read(START)):
            with SpooledTemporaryFile(IN_MEMORY) as again:
                _write_line_feeds(converted, cast(BinaryIO, again))
                yield _decoded(cast(BinaryIO, again))
            return
        yield _decoded(converted)


def _decoded(stream: BinaryIO) -> Iterator[tuple[int, str]]:
    encoding = detect_encoding(stream)
    stream.seek(0)
    for number, line in enumerate(stream, start=1):
        if END_OF_FILE in line and _at_end(stream):
            line = line.rstrip(b"\r\n").rstrip(END_OF_FILE)
        text = encoding.decode(line).removesuffix("\n").removesuffix("\r")
        if not text.isascii():
            text = text.lstrip(MARK)
            text = text.removeprefix(MARK_IN_WINDOWS) if number == 1 else text
        yield number, text


def _at_end(stream: BinaryIO) -> bool:
    here = stream.tell()
    at_end = not stream.read(1)
    stream.seek(here)
    return at_end


def _wide_codec(start: bytes) -> str:
    """Returns the codec of two or four bytes a sign, by its mark or by the zeros between its letters; else ""."""
    marked = next((codec for mark, codec in WIDE.items() if start.startswith(mark)), "")
    if marked or len(start) < 8:
        return marked
    evens, odds = start[:200:2], start[1:200:2]
    if odds.count(0) > len(odds) * 0.8 and not evens.count(0):
        return "utf-16-le"
    return "utf-16-be" if evens.count(0) > len(evens) * 0.8 and not odds.count(0) else ""


def _write_utf_8(stream: BinaryIO, out: BinaryIO, codec: str) -> None:
    decoder = codecs.getincrementaldecoder(codec)(errors="replace")
    while chunk := stream.read(START):
        out.write(decoder.decode(chunk).encode(errors="replace"))
    out.write(decoder.decode(b"", final=True).encode(errors="replace"))


def _ends_like_old_macs(start: bytes) -> bool:
    """Whether the first line ends with CR alone."""
    found = FIRST_LINE_END.search(start)
    return found is not None and found[1] == b"\r"


def _write_line_feeds(stream: BinaryIO, out: BinaryIO) -> None:
    """Copy a file with CR alone, or CR and LF, as line ends into one with LF."""
    stream.seek(0)
    before = b""
    while chunk := stream.read(START):
        whole = before + chunk
        before = b"\r" if whole.endswith(b"\r") else b""
        out.write(whole.removesuffix(before).replace(b"\r\n", b"\n").replace(b"\r", b"\n"))
    out.write(b"\n" if before else b"")
