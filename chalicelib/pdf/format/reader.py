"""Reads the objects of a PDF file that `writer.py` wrote, so that its pages can be merged with others."""

import re
import zlib
from functools import cached_property

START = re.compile(rb"startxref\n(\d+)\n%%EOF\n\Z")
ROOT = re.compile(rb"/Root (\d+) 0 R")
HEAD = re.compile(rb"\d+ 0 obj\n")
REFERENCE = re.compile(rb"\b(\d+) 0 R\b")
ROW = 7
"""Bytes of one row of the cross-reference stream: kind (1), place (4), rank (2)."""


class PDFReader:
    """The objects of one file by their number. Raises ValueError for a PDF not made by us."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        start = START.search(content)
        if not start:
            raise ValueError("not a PDF of ours")
        entries, rows = self._stream(int(start[1]))
        root = ROOT.search(entries)
        if not root or not rows or len(rows) % ROW:
            raise ValueError("no index")
        self._rows = rows
        self._packs: dict[int, list[bytes]] = {}
        self.root = int(root[1])

    def body(self, number: int) -> bytes:
        """Returns an object as written in the file; a stream with its data. Raises ValueError for a free number."""
        row = self._rows[number * ROW : number * ROW + ROW]
        kind, place, rank = row[0], int.from_bytes(row[1:5], "big"), int.from_bytes(row[5:], "big")
        if kind == 2:
            return self._packed(place)[rank]
        if kind != 1:
            raise ValueError(f"object {number} is free")
        entries, data = self._raw(place)
        return entries + b"stream\n" + data + b"\nendstream"

    @cached_property
    def pages(self) -> list[int]:
        """Returns the object numbers of the pages, in order."""
        tree = re.search(rb"/Pages (\d+) 0 R", self.body(self.root))
        kids = re.search(rb"/Kids\[([^]]*)]", self.body(int(tree[1]))) if tree else None
        if not kids:
            raise ValueError("no pages")
        return [int(number) for number in REFERENCE.findall(kids[1])]

    def _packed(self, stream: int) -> list[bytes]:
        if stream not in self._packs:
            row = self._rows[stream * ROW : stream * ROW + ROW]
            entries, data = self._stream(int.from_bytes(row[1:5], "big"))
            count, first = (_number(entries, name) for name in (b"N", b"First"))
            offsets = [int(word) for word in data[:first].split()][1::2]
            ends = [*offsets[1:], len(data) - first + 1]
            if len(offsets) != count:
                raise ValueError("a pack of objects is not whole")
            bounds = zip(offsets, ends, strict=True)
            self._packs[stream] = [data[first + start : first + end - 1] for start, end in bounds]
        return self._packs[stream]

    def _stream(self, offset: int) -> tuple[bytes, bytes]:
        entries, data = self._raw(offset)
        return entries, zlib.decompress(data)

    def _raw(self, offset: int) -> tuple[bytes, bytes]:
        """Returns the dictionary and the data, as stored, of the stream at this offset."""
        head = HEAD.match(self._content, offset)
        end = self._content.find(b"stream\n", offset)
        if not head or end < 0:
            raise ValueError("no stream where the index says")
        entries = self._content[head.end() : end]
        return entries, self._content[end + 7 : end + 7 + _number(entries, b"Length")]


def _number(entries: bytes, name: bytes) -> int:
    found = re.search(rb"/%b (\d+)" % name, entries)
    if not found:
        raise ValueError(f"no {name.decode()}")
    return int(found[1])
