"""The structure tree of a tagged PDF: what a screen reader walks through (ISO 32000-1, 14.7 and 14.8)."""

from dataclasses import dataclass, field

from chalicelib.pdf.format.writer import Objects, string


@dataclass
class Element:
    """A heading, a paragraph, a cell… `kids`: elements (by reference), marked contents of its page (by rank), links."""

    number: int
    kind: str
    parent: int
    page: int = 0
    attributes: str = ""
    alternative: str = ""
    kids: list[str] = field(default_factory=list)

    def said(self) -> str:
        """As tersely as the format allows: there are some hundred in an invoice."""
        page = f"/Pg {self.page} 0 R" if self.page else ""
        attributes = f"/A<<{self.attributes}>>" if self.attributes else ""
        alternative = f"/Alt{string(self.alternative)}" if self.alternative else ""
        kids = " ".join(self.kids)
        return f"<</S/{self.kind}/P {self.parent} 0 R{page}{attributes}{alternative}/K[{kids}]>>"


class Structure:
    """The tree of one document, and the way back from its pages."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.root = objects.reserve()
        self.document = Element(objects.reserve(), "Document", self.root)
        self.elements = [self.document]
        self.open = [self.document]
        self.parents: list[list[int] | int] = []

    def add(self, kind: str, *, page: int = 0, attributes: str = "", alternative: str = "") -> Element:
        """A new last kid of the element that is open. `page`: the object's number, when it will hold marks."""
        parent = self.open[-1]
        element = Element(self.objects.reserve(), kind, parent.number, page, attributes, alternative)
        parent.kids.append(f"{element.number} 0 R")
        self.elements.append(element)
        return element

    def parent_key(self, row: list[int] | int) -> int:
        """The key under which a page's marks (a list that may still grow) or an annotation find their elements."""
        self.parents.append(row)
        return len(self.parents) - 1

    def place(self) -> int:
        """Put the tree into the file; answers its root's number."""
        for element in self.elements:
            self.objects.plain[element.number] = element.said()
        rows = " ".join(f"{key} {references(row)}" for key, row in enumerate(self.parents))
        parents = self.objects.add(f"<</Nums[{rows}]>>")
        said = f"<</Type/StructTreeRoot/K {self.document.number} 0 R/ParentTree {parents} 0 R>>"
        self.objects.plain[self.root] = said
        return self.root


def references(row: list[int] | int) -> str:
    if isinstance(row, int):
        return f"{row} 0 R"
    return "[" + " ".join(f"{number} 0 R" for number in row) + "]"
