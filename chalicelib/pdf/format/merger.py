"""Many of our documents as one, for the print room: written as they come, what they share (fonts) written once.

Only what is printed is kept: the structure that screen readers follow stays in each family's own document.
"""

import re
from hashlib import sha256
from typing import BinaryIO

from chalicelib.pdf.format.reader import REFERENCE, Unpacked
from chalicelib.pdf.format.writer import HEADER

FOR_SCREENS = re.compile(rb"/Parent \d+ 0 R|/StructParents \d+|/Tabs/S|/Annots\[[^]]*]")
CATALOG, TREE = 1, 2
DATA = b"stream\n"
A4 = b"[0 0 595.28 841.89]"
"""The page, in points: this module loads nothing that draws."""


class Binder:
    """Writes a PDF to a stream. Memory holds one document, and a few octets for each object written."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._places = [0, 0, 0]
        self._shared: dict[bytes, int] = {}
        self._offset = 0
        self.pages: list[int] = []
        self._write(HEADER)

    def add(self, content: bytes) -> int:
        """Append a document; answers its number of pages. Raises ValueError, and nothing is added, when it is not of
        our making.
        """
        source = Unpacked(content)
        copied: dict[int, int] = {}
        bodies = [FOR_SCREENS.sub(b"", source.body(number)) for number in source.pages]
        mine = [self._place(_adopted(self._renumbered(body, source, copied))) for body in bodies]
        self.pages += mine
        return len(mine)

    def close(self) -> None:
        """Write what ends the file. Raises ValueError when it has no page."""
        if not self.pages:
            raise ValueError("a document has at least one page")
        kids = b" ".join(b"%d 0 R" % number for number in self.pages)
        self._object(CATALOG, b"<</Type/Catalog/Pages %d 0 R/Lang(fr-FR)>>" % TREE)
        self._object(TREE, b"<</Type/Pages/Count %d/Kids[%b]/MediaBox%b>>" % (len(self.pages), kids, A4))
        start = self._offset
        self._write(b"xref\n0 %d\n0000000000 65535 f \n" % len(self._places))
        for place in self._places[1:]:
            self._write(b"%010d 00000 n \n" % place)
        self._write(b"trailer\n<</Size %d/Root %d 0 R>>\n" % (len(self._places), CATALOG))
        self._write(b"startxref\n%d\n%%%%EOF\n" % start)

    def _copy(self, number: int, source: Unpacked, copied: dict[int, int]) -> int:
        """The new number of an object of the source, written unless the same one already was."""
        if number not in copied:
            body = self._renumbered(source.body(number), source, copied)
            digest = sha256(body).digest()
            if digest not in self._shared:
                self._shared[digest] = self._place(body)
            copied[number] = self._shared[digest]
        return copied[number]

    def _renumbered(self, body: bytes, source: Unpacked, copied: dict[int, int]) -> bytes:
        """The same, with its references led to the copies; the data of a stream is left alone."""
        entries, stream, data = body.partition(DATA)

        def led(found: re.Match[bytes]) -> bytes:
            return b"%d 0 R" % self._copy(int(found[1]), source, copied)

        return REFERENCE.sub(led, entries) + stream + data

    def _place(self, body: bytes) -> int:
        self._places.append(0)
        self._object(len(self._places) - 1, body)
        return len(self._places) - 1

    def _object(self, number: int, body: bytes) -> None:
        self._places[number] = self._offset
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _write(self, octets: bytes) -> None:
        self._out.write(octets)
        self._offset += len(octets)


def _adopted(page: bytes) -> bytes:
    """A page of the new tree."""
    return page.replace(b"/Type/Page", b"/Type/Page/Parent %d 0 R" % TREE, 1)
