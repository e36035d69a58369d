"""Key-value table: two columns, names (the row headers) and values."""

from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, RIGHT, PageLayout

VALUES_LEFT = LEFT + 68
NAME = Pen(9.5)
VALUE = Pen(9.5, Style.BOLD)
PAD = 1.1


def draw_key_values(layout: PageLayout, rows: list[tuple[str, str]]) -> None:
    with layout.document.group("Table"):
        for name, value in rows:
            draw_key_value(layout, name, value)


def draw_key_value(layout: PageLayout, name: str, value: str) -> None:
    names = layout.wrap(name, NAME, VALUES_LEFT - LEFT - 3)
    values = layout.wrap(value, VALUE, RIGHT - VALUES_LEFT)
    height = layout.height(NAME, max(len(names), len(values))) + 2 * PAD
    layout.ensure_room(height)
    top = layout.y + PAD
    with layout.document.group("TR"):
        for kind, lines, pen, x in (("TH", names, NAME, LEFT), ("TD", values, VALUE, VALUES_LEFT)):
            layout.y = top
            with layout.document.mark(kind, attributes="/O/Table/Scope/Row" if kind == "TH" else ""):
                layout.draw_lines(lines, pen, x=x)
    layout.y = top - PAD + height
    layout.draw_rule()
