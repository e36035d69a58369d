"""Writes a tagged, accessible PDF (PDF/A-2A, PDF/UA-1): pages, marked content, artifacts, links."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import cos, sin

from chalicelib.pdf.format.font_embedding import Fonts, FreshFonts, frozen_fonts
from chalicelib.pdf.format.pen import PAGE_HEIGHT, PAGE_WIDTH, POINTS, Pen
from chalicelib.pdf.format.structure_tree import Element, StructureTree
from chalicelib.pdf.format.typeface import OutsideFrozenSet
from chalicelib.pdf.format.writer import Objects, pdf_string
from chalicelib.pdf.format.xmp_metadata import info_dictionary, output_intent, xmp_packet


@dataclass(frozen=True)
class Drawing:
    """One PDF. `missing_characters`: those that the fonts lack, sorted, each once; they are drawn as « � »."""

    content: bytes
    missing_characters: str


Box = tuple[float, float, float, float]
"""Left, top, width, height, in millimetres."""


@dataclass
class Page:
    """A page being written. `marked`: the element of each marked content, by MCID."""

    number: int
    parents: int
    marked: list[int]
    operators: list[str] = field(default_factory=list)
    annotations: list[int] = field(default_factory=list)


class TaggedPDF:
    """A document being written. Lengths are millimetres from the top left corner of an A4 page."""

    def __init__(self, *, fonts: Fonts, drawn_at: datetime) -> None:
        self.fonts = fonts
        self.drawn_at = drawn_at.astimezone(UTC)
        self.objects = Objects(taken=fonts.taken)
        self.structure = StructureTree(self.objects)
        self.tree = self.objects.reserve()
        self.resources = self.objects.reserve()
        self.pages: list[Page] = []
        self.missing: set[str] = set()
        self.title = self.author = ""

    def set_title(self, title: str, *, author: str) -> None:
        """Set the title, which viewers show, and the author, in the metadata."""
        self.title, self.author = self.drawable(title), self.drawable(author)

    def drawable(self, text: str) -> str:
        """Returns the text as it can be drawn. Raises OutsideFrozenSet, which `draw` handles."""
        return self.fonts.typeface.drawable(text, self.missing)

    def width(self, text: str, pen: Pen) -> float:
        """Returns the width in millimetres of drawable text."""
        return self.fonts.typeface.faces[pen.style].width(text) * pen.size / (1000 * POINTS)

    def add_page(self) -> None:
        marked: list[int] = []
        self.pages.append(Page(self.objects.reserve(), self.structure.parent_key(marked), marked))

    @contextmanager
    def group(self, kind: str) -> Iterator[None]:
        """Open an element that holds other elements."""
        self.structure.open.append(self.structure.add(kind))
        yield
        self.structure.open.pop()

    @contextmanager
    def mark(self, kind: str, *, attributes: str = "", alternative: str = "") -> Iterator[Element]:
        """Open an element that holds what is written inside the context, on one page."""
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
        """Open an artifact, which screen readers skip: rules, tints, footers. `page`: its index, default last."""
        self.pages[page].operators.append("/Artifact BMC")
        yield
        self.pages[page].operators.append("EMC")

    def text(self, x: float, y: float, text: str, pen: Pen, *, page: int = -1, slope: float = 0) -> None:
        """Write one line of drawable text, its left end and baseline at (x, y), turned by `slope` radians."""
        code = self.fonts.typeface.faces[pen.style].encode(text)
        place = f"{x * POINTS:.2f} {(PAGE_HEIGHT - y) * POINTS:.2f}"
        moved = f"{rotation(slope)} {place} Tm" if slope else f"{place} Td"
        font = f"/F{pen.style:d} {pen.size:g} Tf"
        self.pages[page].operators.append(f"BT {pen.colour} rg{font} {moved}({code})Tj ET")

    def fill(self, boxes: list[Box], colour: str) -> None:
        rectangles = " ".join(
            f"{x * POINTS:.2f} {(PAGE_HEIGHT - y - height) * POINTS:.2f} {width * POINTS:.2f} {height * POINTS:.2f} re"
            for x, y, width, height in boxes
        )
        self.pages[-1].operators.append(f"{colour} rg {rectangles} f")

    def fill_grid(
        self, runs: list[tuple[int, int, int]], colour: str, *, left: float, top: float, module: float
    ) -> None:
        """Fill cells of a grid, as runs (column, row, length); `module` is the side of a cell."""
        place = f"{left * POINTS:.2f} {(PAGE_HEIGHT - top) * POINTS:.2f}"
        rectangles = " ".join(f"{column} {row} {length} 1 re" for column, row, length in runs)
        scale = module * POINTS
        self.pages[-1].operators.append(f"q {scale:.4f} 0 0 {-scale:.4f} {place} cm {colour} rg {rectangles} f Q")

    def link(self, box: Box, url: str, *, words: str, element: Element) -> None:
        """Add a link annotation to a marked element. `url`: ASCII; `words`: its description for screen readers."""
        left, right = box[0] * POINTS, (box[0] + box[2]) * POINTS
        top, bottom = (PAGE_HEIGHT - box[1]) * POINTS, (PAGE_HEIGHT - box[1] - box[3]) * POINTS
        annotation = self.objects.add(
            f"<</Type/Annot/Subtype/Link/Rect[{left:.2f} {bottom:.2f} {right:.2f} {top:.2f}]/Border[0 0 0]/F 4"
            f"/Contents{pdf_string(self.drawable(words))}/A<</S/URI/URI{pdf_string(url)}>>"
            f"/StructParent {self.structure.parent_key(element.number)}>>"
        )
        self.pages[-1].annotations.append(annotation)
        element.kids.append(f"<</Type/OBJR/Obj {annotation} 0 R>>")

    def finish(self) -> bytes:
        """Returns the bytes of the file. Nothing more can be written."""
        for page in self.pages:
            self.place_page(page)
        kids = " ".join(f"{page.number} 0 R" for page in self.pages)
        box = f"[0 0 {PAGE_WIDTH * POINTS:.2f} {PAGE_HEIGHT * POINTS:.2f}]"
        self.objects.plain[self.tree] = f"<</Type/Pages/Count {len(self.pages)}/Kids[{kids}]/MediaBox{box}>>"
        info = self.objects.add(info_dictionary(title=self.title, author=self.author, instant=self.drawn_at))
        packet = xmp_packet(title=self.title, author=self.author, instant=self.drawn_at)
        metadata = self.objects.add_stream("/Type/Metadata/Subtype/XML", packet, filtered=True)
        root = self.objects.add(
            f"<</Type/Catalog/Pages {self.tree} 0 R/Lang(fr-FR)/MarkInfo<</Marked true>>/Metadata {metadata} 0 R"
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
    """Returns a document made with the frozen fonts, or with fonts of its own when it needs rarer characters.

    `compose` may thus be called twice. `drawn_at`: an aware instant, the only source of difference between two runs.
    """
    try:
        return composed(compose, TaggedPDF(fonts=frozen_fonts(), drawn_at=drawn_at))
    except OutsideFrozenSet:
        return composed(compose, TaggedPDF(fonts=FreshFonts(), drawn_at=drawn_at))


def composed(compose: Callable[[TaggedPDF], None], document: TaggedPDF) -> Drawing:
    compose(document)
    return Drawing(content=document.finish(), missing_characters="".join(sorted(document.missing)))
