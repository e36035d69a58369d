"""Merges PDFs of ours into one file for the print room, streamed; objects that they share (fonts) are written once.

Only what is printed is copied: structure tree and links, for screen readers, stay in each family's own document.
"""

import re
from hashlib import sha256
from typing import BinaryIO

from chalicelib.pdf.format.reader import REFERENCE, PDFReader
from chalicelib.pdf.format.writer import HEADER

SCREEN_ONLY = re.compile(rb"/Parent \d+ 0 R|/StructParents \d+|/Tabs/S|/Annots\[[^]]*]")
CATALOG, TREE = 1, 2
DATA = b"stream\n"
A4 = b"[0 0 595.28 841.89]"
"""Page size in points, repeated here so that this module does not load fpdf2."""


class PDFMerger:
    """Writes a PDF to a stream. Memory use: one document, and a few bytes for each object written."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._places = [0, 0, 0]
        self._shared: dict[bytes, int] = {}
        self._offset = 0
        self.pages: list[int] = []
        self._write(HEADER)

    def add(self, content: bytes) -> int:
        """Append a document. Returns its number of pages. Raises ValueError, adding nothing, if not made by us."""
        source = PDFReader(content)
        copied: dict[int, int] = {}
        bodies = [SCREEN_ONLY.sub(b"", source.body(number)) for number in source.pages]
        added = [self._place(_with_parent(self._renumbered(body, source, copied))) for body in bodies]
        self.pages += added
        return len(added)

    def close(self) -> None:
        """Write the catalog, page tree and cross-reference table. Raises ValueError when there is no page."""
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

    def _copy(self, number: int, source: PDFReader, copied: dict[int, int]) -> int:
        """Returns the new number of an object of the source, written unless an identical one already was."""
        if number not in copied:
            body = self._renumbered(source.body(number), source, copied)
            digest = sha256(body).digest()
            if digest not in self._shared:
                self._shared[digest] = self._place(body)
            copied[number] = self._shared[digest]
        return copied[number]

    def _renumbered(self, body: bytes, source: PDFReader, copied: dict[int, int]) -> bytes:
        """Returns the body with its references renumbered to the copies; stream data is unchanged."""
        entries, stream, data = body.partition(DATA)

        def new_reference(found: re.Match[bytes]) -> bytes:
            return b"%d 0 R" % self._copy(int(found[1]), source, copied)

        return REFERENCE.sub(new_reference, entries) + stream + data

    def _place(self, body: bytes) -> int:
        self._places.append(0)
        self._object(len(self._places) - 1, body)
        return len(self._places) - 1

    def _object(self, number: int, body: bytes) -> None:
        self._places[number] = self._offset
        self._write(b"%d 0 obj\n%b\nendobj\n" % (number, body))

    def _write(self, data: bytes) -> None:
        self._out.write(data)
        self._offset += len(data)


def _with_parent(page: bytes) -> bytes:
    """Returns the page object, attached to the new page tree."""
    return page.replace(b"/Type/Page", b"/Type/Page/Parent %d 0 R" % TREE, 1)
