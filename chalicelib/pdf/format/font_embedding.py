"""The fonts inside a document: those of everyday French, made once a process, or fonts cut for one document.

Cutting, compressing and describing fonts is nine tenths of the cost of a small document. What fpdf2 makes for the
frozen set is kept as written and put into each file under the same numbers. fpdf2's methods that begin with an
underscore are its own affair: they are why it is pinned to the patch, and why our documents are checked by veraPDF.
"""

import zlib
from dataclasses import dataclass, replace
from functools import cache
from io import BytesIO

from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.output import OutputProducer, PDFFontStream
from fpdf.syntax import PDFContentStream, PDFObject

from chalicelib.pdf.format.typeface import REPLACEMENT, Face, Typeface, add_fonts
from chalicelib.pdf.format.writer import Objects

LETTERS = "àâäçèéêëîïôöùûüÿæœáíóúñãõ"
SIGNS = "’‘“”«»…–—−·°×€\u00a0\u202f" + REPLACEMENT
FROZEN = frozenset(map(chr, range(0x20, 0x7F))) | frozenset(LETTERS + LETTERS.upper() + SIGNS)
"""French, and its neighbours' commonest letters: each one more costs 80 octets in every document."""

UNUSED_TABLES = ("OS/2", "cmap", "name", "post")
"""Tables that a font embedded in a PDF does not need (ISO 32000-1, 9.9)."""


@dataclass(frozen=True)
class FrozenFonts:
    """Fonts already written: shared by all documents and threads, changed by none. `taken`: their numbers, from 1."""

    typeface: Typeface
    taken: int
    plain: dict[int, str]
    streams: dict[int, bytes]
    roots: dict[int, int]

    def place(self, objects: Objects) -> dict[int, int]:
        """Put them into the file; answers the number of each face's font."""
        objects.plain.update(self.plain)
        objects.streams.update(self.streams)
        return self.roots


class FreshFonts:
    """Fonts of a document with rarer letters, cut to what it used when it is finished (some 50 ms)."""

    taken = 0

    def __init__(self) -> None:
        self.pdf = FPDF()
        self.typeface = add_fonts(self.pdf)

    def place(self, objects: Objects) -> dict[int, int]:
        producer = OutputProducer(self.pdf)
        producer.obj_id = objects.count
        roots = producer._add_fonts({}, {}, {})
        for made in producer.pdf_objs:
            if isinstance(made, PDFObject):
                put(made, objects)
        objects.count = producer.obj_id
        return {face: root.id for face, root in roots.items()}


Fonts = FrozenFonts | FreshFonts


@cache
def frozen_fonts() -> FrozenFonts:
    """The fonts that suit nearly every document (made once, about 100 ms)."""
    fresh = FreshFonts()
    faces = {style: frozen_face(face) for style, face in fresh.typeface.faces.items()}
    objects = Objects()
    roots = fresh.place(objects)
    typeface = replace(fresh.typeface, faces=faces, ready=FROZEN)
    return FrozenFonts(typeface, objects.count, objects.plain, objects.streams, roots)


def frozen_face(face: Face) -> Face:
    """A face whose codes are given out once for all: any other character is a KeyError, not another's glyph."""
    return Face({character: face.encode(character) for character in sorted(FROZEN)}, face.widths)


def put(made: PDFObject, objects: Objects) -> None:
    """One object of fpdf2's under its number, as our file says it."""
    said = made.serialize().partition(" obj\n")[2]
    if not isinstance(made, PDFContentStream):
        objects.plain[made.id] = said.removesuffix("\nendobj")
    elif isinstance(made, PDFFontStream):
        font = slim(zlib.decompress(made.content_stream()))
        objects.put_stream(made.id, f"/Length1 {len(font)}", font)
    else:
        data = made.content_stream()
        objects.put_stream(made.id, "", zlib.decompress(data) if made.filter else data)


def slim(font: bytes) -> bytes:
    """A font file without the tables that the PDF says in its own way."""
    file = TTFont(BytesIO(font), recalcTimestamp=False)
    for table in UNUSED_TABLES:
        if table in file:
            del file[table]
    slimmed = BytesIO()
    file.save(slimmed)
    return slimmed.getvalue()
