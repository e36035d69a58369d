"""Font subsetting and embedding: one prebuilt subset for everyday French, or a subset made for one document.

Subsetting, compressing and describing fonts takes nine tenths of the time of a small document. The objects that fpdf2
makes for the frozen set are built once per process and copied into each file under the same numbers. This uses private
methods of fpdf2: hence its version is pinned to the patch, and our documents are checked by veraPDF.
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
"""French, and the commonest letters of neighbouring languages: each one more costs 80 bytes in every document."""

UNUSED_TABLES = ("OS/2", "cmap", "name", "post")
"""Tables that a font embedded in a PDF does not need (ISO 32000-1, 9.9)."""


@dataclass(frozen=True)
class FrozenFonts:
    """The prebuilt subset, immutable, shared by all documents and threads. `taken`: its object numbers, from 1."""

    typeface: Typeface
    taken: int
    plain: dict[int, str]
    streams: dict[int, bytes]
    roots: dict[int, int]

    def place(self, objects: Objects) -> dict[int, int]:
        """Add the fonts to the file. Returns face → object number."""
        objects.plain.update(self.plain)
        objects.streams.update(self.streams)
        return self.roots


class FreshFonts:
    """Fonts of one document with rarer letters, subset when it is finished to the characters it used (some 50 ms)."""

    taken = 0

    def __init__(self) -> None:
        self.pdf = FPDF()
        self.typeface = add_fonts(self.pdf)

    def place(self, objects: Objects) -> dict[int, int]:
        producer = OutputProducer(self.pdf)
        producer.obj_id = objects.count
        roots = producer._add_fonts({}, {}, {})
        for item in producer.pdf_objs:
            if isinstance(item, PDFObject):
                add_object(item, objects)
        objects.count = producer.obj_id
        return {face: root.id for face, root in roots.items()}


Fonts = FrozenFonts | FreshFonts


@cache
def frozen_fonts() -> FrozenFonts:
    """Returns the fonts that suit nearly every document (built once per process, about 100 ms)."""
    fresh = FreshFonts()
    faces = {style: frozen_face(face) for style, face in fresh.typeface.faces.items()}
    objects = Objects()
    roots = fresh.place(objects)
    typeface = replace(fresh.typeface, faces=faces, ready=FROZEN)
    return FrozenFonts(typeface, objects.count, objects.plain, objects.streams, roots)


def frozen_face(face: Face) -> Face:
    """Returns a face with fixed codes: any other character raises KeyError instead of drawing a wrong glyph."""
    return Face({character: face.encode(character) for character in sorted(FROZEN)}, face.widths)


def add_object(item: PDFObject, objects: Objects) -> None:
    """Add an object of fpdf2 under its own number, in the form that our writer expects."""
    body = item.serialize().partition(" obj\n")[2]
    if not isinstance(item, PDFContentStream):
        objects.plain[item.id] = body.removesuffix("\nendobj")
    elif isinstance(item, PDFFontStream):
        font = drop_unused_tables(zlib.decompress(item.content_stream()))
        objects.put_stream(item.id, f"/Length1 {len(font)}", font)
    else:
        data = item.content_stream()
        objects.put_stream(item.id, "", zlib.decompress(data) if item.filter else data)


def drop_unused_tables(font: bytes) -> bytes:
    """Returns a font file without the tables whose data the PDF stores elsewhere."""
    file = TTFont(BytesIO(font), recalcTimestamp=False)
    for table in UNUSED_TABLES:
        if table in file:
            del file[table]
    smaller = BytesIO()
    file.save(smaller)
    return smaller.getvalue()
