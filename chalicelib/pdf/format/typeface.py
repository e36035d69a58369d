"""The two faces of our documents: what they can draw, how wide it is, and the codes that say it in a page."""

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
    """A face, by its number in the document: /F1 and /F2."""

    REGULAR = 1
    BOLD = 2


FILES = {Style.REGULAR: ("", "DejaVuSans-Latin.ttf"), Style.BOLD: ("B", "DejaVuSans-Bold-Latin.ttf")}


class OutsideFrozenSet(Exception):
    """A text needs a character that the frozen fonts were not drawn with: the document must make its own fonts."""


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
    """Both faces. `ready`: what is drawn without more ado; `whole`: all that the font files hold."""

    faces: Mapping[Style, Face]
    ready: frozenset[str]
    whole: frozenset[str]

    def settle(self, text: str, missing: set[str]) -> str:
        """The text as it can be drawn; what no face holds becomes « � » and is added to `missing`.

        Raises OutsideFrozenSet when the font files hold more than what is ready, and the text needs it.
        """
        if self.ready.issuperset(text):
            return text
        settled = plain(text)
        outside = set(settled) - self.ready
        if outside & self.whole:
            raise OutsideFrozenSet
        missing |= outside
        return "".join(REPLACEMENT if character in outside else character for character in settled)


def plain(text: str) -> str:
    """Accents joined to their letters, any control or line break as a space, invisible marks dropped."""
    return "".join(map(visible, unicodedata.normalize("NFC", text)))


def visible(character: str) -> str:
    """A mark that turns the direction of writing must not reach a document: it could reorder an amount."""
    match unicodedata.category(character):
        case "Cf":
            return ""
        case "Cc" | "Zl" | "Zp":
            return " "
    return character


class PickedCodes(dict[str, str]):
    """Codes given out as characters come: the document's font is then cut to exactly these."""

    def __init__(self, font: TTFFont) -> None:
        super().__init__()
        self.font = font

    def __missing__(self, character: str) -> str:
        code = self.font.subset.pick(ord(character)) or 0
        self[character] = escape_parens(code.to_bytes(2, "big").decode("latin-1"))
        return self[character]


def add_fonts(pdf: FPDF) -> Typeface:
    """Give a document the whole fonts, to be cut to what it uses."""
    faces = {}
    for style, (emphasis, file) in FILES.items():
        pdf.add_font(FAMILY, emphasis, FONTS / file)
        font = pdf.fonts[FAMILY + emphasis]
        if not isinstance(font, TTFFont):
            raise TypeError(f"{file} is no TrueType font")
        faces[style] = Face(PickedCodes(font), {chr(code): width for code, width in font.cw.items()})
    whole = frozenset(faces[Style.REGULAR].widths) & frozenset(faces[Style.BOLD].widths)
    return Typeface(faces=faces, ready=whole, whole=whole)
