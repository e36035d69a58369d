"""The structure tree of a tagged PDF, which screen readers follow (ISO 32000-1, 14.7 and 14.8)."""

from dataclasses import dataclass, field

from chalicelib.pdf.format.writer import Objects, pdf_string


@dataclass
class Element:
    """A heading, a paragraph, a cell… `kids`: references of elements, MCIDs of its page, references of links."""

    number: int
    kind: str
    parent: int
    page: int = 0
    attributes: str = ""
    alternative: str = ""
    kids: list[str] = field(default_factory=list)

    def dictionary(self) -> str:
        """Returns the PDF dictionary, as short as the format allows: an invoice has some hundred elements."""
        page = f"/Pg {self.page} 0 R" if self.page else ""
        attributes = f"/A<<{self.attributes}>>" if self.attributes else ""
        alternative = f"/Alt{pdf_string(self.alternative)}" if self.alternative else ""
        kids = " ".join(self.kids)
        return f"<</S/{self.kind}/P {self.parent} 0 R{page}{attributes}{alternative}/K[{kids}]>>"


class StructureTree:
    """The tree of one document, and its parent tree: from marks and annotations back to elements."""

    def __init__(self, objects: Objects) -> None:
        self.objects = objects
        self.root = objects.reserve()
        self.document = Element(objects.reserve(), "Document", self.root)
        self.elements = [self.document]
        self.open = [self.document]
        self.parents: list[list[int] | int] = []

    def add(self, kind: str, *, page: int = 0, attributes: str = "", alternative: str = "") -> Element:
        """Append an element to the one that is open. `page`: the page's object number, when it will hold marks."""
        parent = self.open[-1]
        element = Element(self.objects.reserve(), kind, parent.number, page, attributes, alternative)
        parent.kids.append(f"{element.number} 0 R")
        self.elements.append(element)
        return element

    def parent_key(self, row: list[int] | int) -> int:
        """Returns the parent tree's key for a page's marks (a list that may still grow) or for an annotation."""
        self.parents.append(row)
        return len(self.parents) - 1

    def place(self) -> int:
        """Add the tree to the file. Returns the object number of its root."""
        for element in self.elements:
            self.objects.plain[element.number] = element.dictionary()
        rows = " ".join(f"{key} {references(row)}" for key, row in enumerate(self.parents))
        parents = self.objects.add(f"<</Nums[{rows}]>>")
        root = f"<</Type/StructTreeRoot/K {self.document.number} 0 R/ParentTree {parents} 0 R>>"
        self.objects.plain[self.root] = root
        return self.root


def references(row: list[int] | int) -> str:
    if isinstance(row, int):
        return f"{row} 0 R"
    return "[" + " ".join(f"{number} 0 R" for number in row) + "]"
