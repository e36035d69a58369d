"""Page layout: margins, line wrapping, page breaks, running heads and footers of a town's documents."""

import re
from collections.abc import Callable

from chalicelib.domain.town_settings import Town
from chalicelib.formats import NBSP
from chalicelib.pdf.format.pen import GREY, HAIRLINE, PAGE_WIDTH, POINTS, Pen, colour
from chalicelib.pdf.format.tagged_pdf import TaggedPDF
from chalicelib.pdf.format.typeface import Style
from chalicelib.wording.documents import SPECIMEN, city, page_number

LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 20.0, 281.0
WIDTH = RIGHT - LEFT
FOOT = 287.0
FOLDS = (99.0, 198.0)
"""Heights in millimetres at which an A4 sheet folds in three for a DL envelope."""

RUNNING_HEAD = Pen(7.5, colour=GREY)
WATERMARK = Pen(40, Style.BOLD, colour("#000000", share=0.08))
LINE_SPACING = 1.38
"""Line height, as a multiple of the font size."""

NO_BREAK_SPACES = re.compile(r" (?=[:;!?»%€])|(?<=«) |(?<=\d) (?=\d|h\b)|(?<=\bh) (?=\d)")
"""Spaces at which French does not break a line; towns and billing software type them as plain spaces."""

MIN_POINTS = 6.0
"""Smallest font size, in points: below it, text wraps rather than shrinks."""


class PageLayout:
    """Lays text out on A4 pages. Lengths are millimetres; `y` is the cursor, the top of what comes next."""

    def __init__(
        self, document: TaggedPDF, town: Town, *, running_head: str, specimen: bool = False, watermark: str = ""
    ) -> None:
        self.document = document
        self.town = town
        self.running_head = document.drawable(running_head)
        self.specimen = specimen
        self.watermark = SPECIMEN if specimen else watermark
        self.accent = colour(town.accent)
        self.tint = colour(town.accent, share=0.07)
        self.first = len(document.pages)
        self.y = TOP
        self.begin_page()

    def begin_page(self) -> None:
        self.document.add_page()
        self.y = TOP
        with self.document.artifact():
            self.document.fill([(LEFT, 12, WIDTH, 1.2)], self.accent)
            self.document.fill([(5, fold, 4, 0.1) for fold in FOLDS], HAIRLINE)
            if self.watermark:
                self.document.text(38, 255, self.watermark, WATERMARK, slope=0.65)

    def ensure_room(self, height: float, *, then: Callable[[], None] | None = None) -> None:
        """Begin a new page unless this height is left on the current one; `then` draws the top of a new page."""
        if self.y + height <= BOTTOM:
            return
        self.begin_page()
        if then:
            then()

    def height(self, pen: Pen, lines: int = 1) -> float:
        return lines * pen.size * LINE_SPACING / POINTS

    def wrap(self, text: str, pen: Pen, width: float) -> list[str]:
        """Returns drawable lines no wider than `width`; a word wider than a line is split."""
        text = self.document.drawable(NO_BREAK_SPACES.sub(NBSP, text))
        if self.document.width(text, pen) <= width:
            return [text]
        return self.wrap_words(text.split(" "), pen, width)

    def wrap_words(self, words: list[str], pen: Pen, width: float) -> list[str]:
        lines = [""]
        space = self.document.width(" ", pen)
        used = 0.0
        for word in words:
            for part in self.split_word(word, pen, width):
                length = self.document.width(part, pen)
                if lines[-1] and used + space + length > width:
                    lines.append(part)
                    used = length
                    continue
                used += length + (space if lines[-1] else 0)
                lines[-1] += f" {part}" if lines[-1] else part
        return lines

    def split_word(self, word: str, pen: Pen, width: float) -> list[str]:
        """Returns the word, or its pieces when it alone is wider than a line."""
        if self.document.width(word, pen) <= width:
            return [word]
        pieces = [""]
        used = 0.0
        for character in word:
            step = self.document.width(character, pen)
            if pieces[-1] and used + step > width:
                pieces.append("")
                used = 0
            pieces[-1] += character
            used += step
        return pieces

    def shrink_to_fit(self, texts: list[str], pen: Pen, width: float) -> Pen:
        """Returns the pen, reduced so that each of these lines fits, but never below MIN_POINTS."""
        widest = max((self.document.width(self.document.drawable(text), pen) for text in texts), default=0)
        if widest <= width:
            return pen
        return Pen(max(MIN_POINTS, pen.size * width / widest), pen.style, pen.colour)

    def draw_lines(
        self, lines: list[str], pen: Pen, *, x: float = LEFT, width: float = WIDTH, right: bool = False
    ) -> None:
        """Draw drawable lines one below the other, left- or right-aligned in a column, inside an open tag."""
        for line in lines:
            indent = width - self.document.width(line, pen) if right else 0
            # without the space at the end, a screen reader joins this line's last word to the next one's first
            self.document.text(x + indent, self.y + pen.size * 1.02 / POINTS, line + " ", pen)
            self.y += self.height(pen)

    def paragraph(self, text: str, pen: Pen, *, kind: str = "P", x: float = LEFT, width: float = WIDTH) -> None:
        """Draw wrapped text as one tagged element of this `kind` (P, H1, LBody…)."""
        with self.document.mark(kind):
            self.draw_lines(self.wrap(text, pen, width), pen, x=x, width=width)

    def draw_rule(
        self, *, left: float = LEFT, right: float = RIGHT, colour: str = HAIRLINE, weight: float = 0.15
    ) -> None:
        with self.document.artifact():
            self.document.fill([(left, self.y - weight / 2, right - left, weight)], colour)

    def draw_tint(self, height: float, *, left: float = LEFT, width: float = WIDTH) -> None:
        with self.document.artifact():
            self.document.fill([(left, self.y, width, height)], self.tint)

    def draw_footers(self) -> None:
        """Write the footer of every page of this piece: town, title, and the page number when there are several."""
        count = len(self.document.pages) - self.first
        owner = self.document.drawable(f"{city(self.town)} – {self.running_head}")
        for number in range(1, count + 1):
            page, numbering = self.first + number - 1, page_number(number, count)
            with self.document.artifact(page=page):
                self.document.text(LEFT, FOOT, owner, RUNNING_HEAD, page=page)
                if count > 1:
                    right = PAGE_WIDTH - LEFT - self.document.width(numbering, RUNNING_HEAD)
                    self.document.text(right, FOOT, numbering, RUNNING_HEAD, page=page)
