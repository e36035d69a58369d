"""The two font faces of our documents: supported characters, widths, and their codes in a page."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from fpdf import FPDF
from fpdf.fonts import TTFFont
from fpdf.util import escape_parens

FONTS = Path(__file__).parent / "fonts"
FAMILY = "dejavu"
REPLACEMENT = "\ufffd"


class Style(IntEnum):
    """A face, by its resource number in the document: /F1 and /F2."""

    REGULAR = 1
    BOLD = 2


FILES = {Style.REGULAR: ("", "DejaVuSans-Latin.ttf"), Style.BOLD: ("B", "DejaVuSans-Bold-Latin.ttf")}


class OutsideFrozenSet(Exception):
    """The text needs a character outside the frozen subset: the document must embed a subset of its own."""


@dataclass(frozen=True)
class Face:
    """One face. `codes`: character → escaped two-byte code; `widths`: character → thousandths of the size."""

    codes: Mapping[str, str]
    widths: Mapping[str, float]

    def encode(self, text: str) -> str:
        return "".join(map(self.codes.__getitem__, text))

    def width(self, text: str) -> float:
        return sum(map(self.widths.__getitem__, text))


@dataclass(frozen=True)
class Typeface:
    """Both faces. `ready`: characters with a code already; `whole`: all characters of the font files."""

    faces: Mapping[Style, Face]
    ready: frozenset[str]
    whole: frozenset[str]

    def drawable(self, text: str, missing: set[str]) -> str:
        """Returns the text as it can be drawn; what no face has becomes « � » and is added to `missing`.

        Raises OutsideFrozenSet when the text needs a character that the font files have but that is not ready.
        """
        if self.ready.issuperset(text):
            return text
        clean = normalise(text)
        outside = set(clean) - self.ready
        if outside & self.whole:
            raise OutsideFrozenSet
        missing |= outside
        return "".join(REPLACEMENT if character in outside else character for character in clean)


def normalise(text: str) -> str:
    """Returns text with composed accents (NFC), controls and line breaks as spaces, format characters removed."""
    return "".join(map(visible, unicodedata.normalize("NFC", text)))


def visible(character: str) -> str:
    """Returns the character, a space or nothing. Bidirectional marks must not remain: they could reorder an amount."""
    match unicodedata.category(character):
        case "Cf":
            return ""
        case "Cc" | "Zl" | "Zp":
            return " "
    return character


class SubsetCodes(dict[str, str]):
    """Codes assigned at first use; the document's font is then subset to exactly these characters."""

    def __init__(self, font: TTFFont) -> None:
        super().__init__()
        self.font = font

    def __missing__(self, character: str) -> str:
        code = self.font.subset.pick(ord(character)) or 0
        self[character] = escape_parens(code.to_bytes(2, "big").decode("latin-1"))
        return self[character]


def add_fonts(pdf: FPDF) -> Typeface:
    """Add the whole fonts to a document. Returns faces that record the characters used, for subsetting."""
    faces = {}
    for style, (emphasis, file) in FILES.items():
        pdf.add_font(FAMILY, emphasis, FONTS / file)
        font = pdf.fonts[FAMILY + emphasis]
        if not isinstance(font, TTFFont):
            raise TypeError(f"{file} is no TrueType font")
        faces[style] = Face(SubsetCodes(font), {chr(code): width for code, width in font.cw.items()})
    whole = frozenset(faces[Style.REGULAR].widths) & frozenset(faces[Style.BOLD].widths)
    return Typeface(faces=faces, ready=whole, whole=whole)
