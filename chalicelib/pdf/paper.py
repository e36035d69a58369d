"""A town's stationery: a tagged document with margins, a cursor that goes down the page, and words that wrap."""

import re
from collections.abc import Callable

from chalicelib.domain.town_settings import Town
from chalicelib.formats import NBSP
from chalicelib.pdf.format.pen import GREY, HAIRLINE, PAGE_WIDTH, POINTS, Pen, colour
from chalicelib.pdf.format.tagged_pdf import TaggedPDF
from chalicelib.pdf.format.typeface import Style
from chalicelib.wording.documents import SPECIMEN, city, page_of

LEFT, RIGHT, TOP, BOTTOM = 20.0, 190.0, 20.0, 281.0
WIDTH = RIGHT - LEFT
FOOT = 287.0
FOLDS = (99.0, 198.0)
"""Where a sheet folds in three for a DL envelope."""

RUNNING = Pen(7.5, colour=GREY)
GHOST = Pen(40, Style.BOLD, colour("#000000", share=0.08))
LEADING = 1.38
"""From one line to the next, in sizes of the pen."""

STICKY = re.compile(r" (?=[:;!?»%€])|(?<=«) |(?<=\d) (?=\d|h\b)|(?<=\bh) (?=\d)")
"""Spaces at which French does not break a line: towns, and billing software, type them as any other."""

SMALLEST = 6.0
"""Points below which a line is broken rather than written smaller."""


class Paper:
    """Lengths are millimetres; `y` is the top of what comes next."""

    def __init__(self, document: TaggedPDF, town: Town, *, running_head: str, specimen: bool = False) -> None:
        self.document = document
        self.town = town
        self.running_head = document.settle(running_head)
        self.specimen = specimen
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
            if self.specimen:
                self.document.text(38, 255, SPECIMEN, GHOST, slope=0.65)

    def room(self, height: float, *, then: Callable[[], None] | None = None) -> None:
        """Go to a new page unless this height is left on this one; `then` draws what the new page begins with."""
        if self.y + height <= BOTTOM:
            return
        self.begin_page()
        if then:
            then()

    def height(self, pen: Pen, lines: int = 1) -> float:
        return lines * pen.size * LEADING / POINTS

    def wrap(self, text: str, pen: Pen, width: float) -> list[str]:
        """Settled lines no wider than this; a word that is too long is cut."""
        text = self.document.settle(STICKY.sub(NBSP, text))
        if self.document.width(text, pen) <= width:
            return [text]
        return self.wrap_words(text.split(" "), pen, width)

    def wrap_words(self, words: list[str], pen: Pen, width: float) -> list[str]:
        lines = [""]
        space = self.document.width(" ", pen)
        used = 0.0
        for word in words:
            for part in self.parts(word, pen, width):
                length = self.document.width(part, pen)
                if lines[-1] and used + space + length > width:
                    lines.append(part)
                    used = length
                    continue
                used += length + (space if lines[-1] else 0)
                lines[-1] += f" {part}" if lines[-1] else part
        return lines

    def parts(self, word: str, pen: Pen, width: float) -> list[str]:
        """The word, or its pieces when it alone is wider than a line."""
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

    def fitting(self, texts: list[str], pen: Pen, width: float) -> Pen:
        """The pen, made small enough for each of these lines to fit, but not smaller than what can be read."""
        widest = max((self.document.width(self.document.settle(text), pen) for text in texts), default=0)
        if widest <= width:
            return pen
        return Pen(max(SMALLEST, pen.size * width / widest), pen.style, pen.colour)

    def stack(self, lines: list[str], pen: Pen, *, x: float = LEFT, width: float = WIDTH, right: bool = False) -> None:
        """Settled lines one below the other, to the left or to the right of a column, inside an open mark."""
        for line in lines:
            indent = width - self.document.width(line, pen) if right else 0
            # the space at the end keeps a screen reader from joining this line's last word to the next one's first
            self.document.text(x + indent, self.y + pen.size * 1.02 / POINTS, line + " ", pen)
            self.y += self.height(pen)

    def paragraph(self, text: str, pen: Pen, *, kind: str = "P", x: float = LEFT, width: float = WIDTH) -> None:
        """One element of wrapped text."""
        with self.document.mark(kind):
            self.stack(self.wrap(text, pen, width), pen, x=x, width=width)

    def rule(self, *, left: float = LEFT, right: float = RIGHT, ink: str = HAIRLINE, weight: float = 0.15) -> None:
        with self.document.artifact():
            self.document.fill([(left, self.y - weight / 2, right - left, weight)], ink)

    def tinted(self, height: float, *, left: float = LEFT, width: float = WIDTH) -> None:
        with self.document.artifact():
            self.document.fill([(left, self.y, width, height)], self.tint)

    def close(self) -> None:
        """Foot every page of this piece: whose it is and, when there are several, which page of how many."""
        count = len(self.document.pages) - self.first
        owner = self.document.settle(f"{city(self.town)} – {self.running_head}")
        for number in range(1, count + 1):
            with self.document.artifact(page=self.first + number - 1):
                self.foot(owner, LEFT, page=self.first + number - 1)
                if count > 1:
                    self.foot_right(page_of(number, count), page=self.first + number - 1)

    def foot(self, text: str, x: float, *, page: int) -> None:
        self.document.text(x, FOOT, text, RUNNING, page=page)

    def foot_right(self, text: str, *, page: int) -> None:
        self.foot(text, PAGE_WIDTH - LEFT - self.document.width(text, RUNNING), page=page)
