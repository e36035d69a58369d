"""The PDF of a quittance: what the régie received at the counter, from whom and for which invoice; or its duplicate."""

from datetime import datetime

from chalicelib.domain.cash_desk.quittance import Quittance
from chalicelib.domain.town_settings import Town
from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.tagged_pdf import Drawing, TaggedPDF, draw
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.key_value_table import draw_key_values
from chalicelib.pdf.letterhead import BODY_TOP, draw_sender, draw_stamp
from chalicelib.pdf.paper import PageLayout
from chalicelib.pdf.small_print import draw_small_print
from chalicelib.pdf.title import draw_title
from chalicelib.wording import counter as words
from chalicelib.wording.documents import city

STATEMENT = Pen(10)
WARNING = Pen(10, Style.BOLD)


def draw_quittance(
    quittance: Quittance, *, town: Town, drawn_at: datetime, duplicate: bool = False, undone: bool = False
) -> Drawing:
    """Returns the quittance as PDF/A-2A and PDF/UA-1; the same bytes for the same arguments. `drawn_at`: aware.

    `duplicate`: marked as such; `undone`: marked as cancelled, for a duplicate only.
    """

    def compose(document: TaggedPDF) -> None:
        title, marks = words.quittance_title(quittance), words.quittance_marks(duplicate=duplicate, undone=undone)
        document.set_title(f"{title} – {marks}" if marks else title, author=city(town))
        layout = PageLayout(document, town, running_head=title, watermark=marks)
        if marks:
            draw_stamp(layout, marks)
        draw_sender(layout)
        layout.y = max(BODY_TOP - 30, layout.y + 8)
        amount = (words.RECEIVED, quittance.amount_cents)
        draw_title(layout, title, (words.quittance_invoice(quittance),), amount=amount)
        layout.paragraph(words.quittance_statement(quittance, town), STATEMENT)
        if undone:
            layout.y += 3
            layout.paragraph(words.quittance_undone(quittance), WARNING)
        layout.y += 5
        draw_key_values(layout, words.quittance_rows(quittance, town))
        draw_small_print(layout, words.quittance_small_print(town))
        layout.draw_footers()

    return draw(compose, drawn_at=drawn_at)
