"""What a drawing gives back: the document, and the characters it could not draw."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import cos, sin

from chalicelib.pdf.format.font_embedding import Fonts, FreshFonts, frozen_fonts
from chalicelib.pdf.format.pen import PAGE_HEIGHT, PAGE_WIDTH, POINTS, Pen
from chalicelib.pdf.format.structure_tree import Element, Structure
from chalicelib.pdf.format.typeface import OutsideFrozenSet
from chalicelib.pdf.format.writer import Objects, string
from chalicelib.pdf.format.xmp_metadata import information, metadata, output_intent


@dataclass(frozen=True)
class Drawing:
    """One PDF. `missing_characters`: those the font has not, sorted, each once; they are drawn as « � »."""

    content: bytes
    missing_characters: str


Box = tuple[float, float, float, float]
"""Left, top, width, height."""


@dataclass
class Page:
    """What is written on a page so far. `marked`: the element of each mark, in their order."""

    number: int
    parents: int
    marked: list[int]
    operators: list[str] = field(default_factory=list)
    annotations: list[int] = field(default_factory=list)


class TaggedPDF:
    """A document under the pen. Lengths are millimetres from the top left corner of an A4 page."""

    def __init__(self, *, fonts: Fonts, drawn_at: datetime) -> None:
        self.fonts = fonts
        self.drawn_at = drawn_at.astimezone(UTC)
        self.objects = Objects(taken=fonts.taken)
        self.structure = Structure(self.objects)
        self.tree = self.objects.reserve()
        self.resources = self.objects.reserve()
        self.pages: list[Page] = []
        self.missing: set[str] = set()
        self.title = self.author = ""

    def name(self, title: str, *, author: str) -> None:
        """What the reader's window and the archive call this document."""
        self.title, self.author = self.settle(title), self.settle(author)

    def settle(self, text: str) -> str:
        """The text as it can be drawn. Raises OutsideFrozenSet, which `draw` answers."""
        return self.fonts.typeface.settle(text, self.missing)

    def width(self, text: str, pen: Pen) -> float:
        """Of settled text."""
        return self.fonts.typeface.faces[pen.style].width(text) * pen.size / (1000 * POINTS)

    def add_page(self) -> None:
        marked: list[int] = []
        self.pages.append(Page(self.objects.reserve(), self.structure.parent_key(marked), marked))

    @contextmanager
    def group(self, kind: str) -> Iterator[None]:
        """An element that holds other elements."""
        self.structure.open.append(self.structure.add(kind))
        yield
        self.structure.open.pop()

    @contextmanager
    def mark(self, kind: str, *, attributes: str = "", alternative: str = "") -> Iterator[Element]:
        """An element that holds what is written meanwhile, on this one page."""
        page = self.pages[-1]
        element = self.structure.add(kind, page=page.number, attributes=attributes, alternative=alternative)
        rank = len(page.marked)
        page.marked.append(element.number)
        element.kids.append(str(rank))
        page.operators.append(f"/{kind}<</MCID {rank}>>BDC")
        yield element
        page.operators.append("EMC")

    @contextmanager
    def artifact(self, *, page: int = -1) -> Iterator[None]:
        """What a screen reader skips: rules, tints, running heads. `page`: its rank, when it is not the last."""
        self.pages[page].operators.append("/Artifact BMC")
        yield
        self.pages[page].operators.append("EMC")

    def text(self, x: float, y: float, text: str, pen: Pen, *, page: int = -1, slope: float = 0) -> None:
        """One line of settled text, its left end and baseline at (x, y), turned by `slope` radians."""
        code = self.fonts.typeface.faces[pen.style].encode(text)
        place = f"{x * POINTS:.2f} {(PAGE_HEIGHT - y) * POINTS:.2f}"
        moved = f"{rotation(slope)} {place} Tm" if slope else f"{place} Td"
        font = f"/F{pen.style:d} {pen.size:g} Tf"
        self.pages[page].operators.append(f"BT {pen.colour} rg{font} {moved}({code})Tj ET")

    def fill(self, boxes: list[Box], colour: str) -> None:
        said = " ".join(
            f"{x * POINTS:.2f} {(PAGE_HEIGHT - y - height) * POINTS:.2f} {width * POINTS:.2f} {height * POINTS:.2f} re"
            for x, y, width, height in boxes
        )
        self.pages[-1].operators.append(f"{colour} rg {said} f")

    def fill_grid(
        self, runs: list[tuple[int, int, int]], colour: str, *, left: float, top: float, module: float
    ) -> None:
        """Squares of a grid, as runs (column, row, length) of one module's height."""
        place = f"{left * POINTS:.2f} {(PAGE_HEIGHT - top) * POINTS:.2f}"
        said = " ".join(f"{column} {row} {length} 1 re" for column, row, length in runs)
        scale = module * POINTS
        self.pages[-1].operators.append(f"q {scale:.4f} 0 0 {-scale:.4f} {place} cm {colour} rg {said} f Q")

    def link(self, box: Box, url: str, *, words: str, element: Element) -> None:
        """Make a marked element lead to an ASCII address; `words` say where to."""
        left, right = box[0] * POINTS, (box[0] + box[2]) * POINTS
        top, bottom = (PAGE_HEIGHT - box[1]) * POINTS, (PAGE_HEIGHT - box[1] - box[3]) * POINTS
        annotation = self.objects.add(
            f"<</Type/Annot/Subtype/Link/Rect[{left:.2f} {bottom:.2f} {right:.2f} {top:.2f}]/Border[0 0 0]/F 4"
            f"/Contents{string(self.settle(words))}/A<</S/URI/URI{string(url)}>>"
            f"/StructParent {self.structure.parent_key(element.number)}>>"
        )
        self.pages[-1].annotations.append(annotation)
        element.kids.append(f"<</Type/OBJR/Obj {annotation} 0 R>>")

    def finish(self) -> bytes:
        """The file. Nothing more can be written."""
        for page in self.pages:
            self.place_page(page)
        kids = " ".join(f"{page.number} 0 R" for page in self.pages)
        box = f"[0 0 {PAGE_WIDTH * POINTS:.2f} {PAGE_HEIGHT * POINTS:.2f}]"
        self.objects.plain[self.tree] = f"<</Type/Pages/Count {len(self.pages)}/Kids[{kids}]/MediaBox{box}>>"
        info = self.objects.add(information(title=self.title, author=self.author, instant=self.drawn_at))
        packet = metadata(title=self.title, author=self.author, instant=self.drawn_at)
        said = self.objects.add_stream("/Type/Metadata/Subtype/XML", packet, filtered=True)
        root = self.objects.add(
            f"<</Type/Catalog/Pages {self.tree} 0 R/Lang(fr-FR)/MarkInfo<</Marked true>>/Metadata {said} 0 R"
            f"/StructTreeRoot {self.structure.place()} 0 R/ViewerPreferences<</DisplayDocTitle true>>"
            f"/OutputIntents[{output_intent(self.objects)}]>>"
        )
        self.place_fonts()
        return self.objects.file(root=root, info=info)

    def place_page(self, page: Page) -> None:
        content = self.objects.add_stream("", "\n".join(page.operators).encode("latin-1"))
        links = " ".join(f"{number} 0 R" for number in page.annotations)
        annotations = f"/Annots[{links}]" if links else ""
        self.objects.plain[page.number] = (
            f"<</Type/Page/Parent {self.tree} 0 R/Resources {self.resources} 0 R/Contents {content} 0 R"
            f"/StructParents {page.parents}/Tabs/S{annotations}>>"
        )

    def place_fonts(self) -> None:
        fonts = "".join(f"/F{face} {number} 0 R" for face, number in self.fonts.place(self.objects).items())
        self.objects.plain[self.resources] = f"<</Font<<{fonts}>>>>"


def rotation(radians: float) -> str:
    return f"{cos(radians):.4f} {sin(radians):.4f} {-sin(radians):.4f} {cos(radians):.4f}"


def draw(compose: Callable[[TaggedPDF], None], *, drawn_at: datetime) -> Drawing:
    """Compose a document with the frozen fonts, or once more with fonts of its own when it needs rarer letters.

    `compose` may thus be called twice. `drawn_at`: an aware instant, all that two equal drawings may differ by.
    """
    try:
        return composed(compose, TaggedPDF(fonts=frozen_fonts(), drawn_at=drawn_at))
    except OutsideFrozenSet:
        return composed(compose, TaggedPDF(fonts=FreshFonts(), drawn_at=drawn_at))


def composed(compose: Callable[[TaggedPDF], None], document: TaggedPDF) -> Drawing:
    compose(document)
    return Drawing(content=document.finish(), missing_characters="".join(sorted(document.missing)))
