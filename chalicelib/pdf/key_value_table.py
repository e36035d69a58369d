"""Names and what they stand for, one below the other: a table of two columns whose headers are the names."""

from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, RIGHT, Paper

VALUES_LEFT = LEFT + 68
NAME = Pen(9.5)
VALUE = Pen(9.5, Style.BOLD)
PAD = 1.1


def draw_key_values(paper: Paper, pairs: list[tuple[str, str]]) -> None:
    with paper.document.group("Table"):
        for name, value in pairs:
            draw_key_value(paper, name, value)


def draw_key_value(paper: Paper, name: str, value: str) -> None:
    names = paper.wrap(name, NAME, VALUES_LEFT - LEFT - 3)
    values = paper.wrap(value, VALUE, RIGHT - VALUES_LEFT)
    height = paper.height(NAME, max(len(names), len(values))) + 2 * PAD
    paper.room(height)
    top = paper.y + PAD
    with paper.document.group("TR"):
        for kind, lines, pen, x in (("TH", names, NAME, LEFT), ("TD", values, VALUE, VALUES_LEFT)):
            paper.y = top
            with paper.document.mark(kind, attributes="/O/Table/Scope/Row" if kind == "TH" else ""):
                paper.stack(lines, pen, x=x)
    paper.y = top - PAD + height
    paper.rule()
