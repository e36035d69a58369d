"""The PDF of access letters: identifiant and activation code of a family that never signed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.account import Account
from chalicelib.domain.town_settings import Town
from chalicelib.pdf.code_frame import draw_code_frame
from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.tagged_pdf import Drawing, TaggedPDF, draw
from chalicelib.pdf.letterhead import draw_letterhead
from chalicelib.pdf.paper import LEFT, RIGHT, PageLayout
from chalicelib.pdf.payment_terms import draw_link
from chalicelib.pdf.qr import draw_qr
from chalicelib.pdf.small_print import draw_small_print
from chalicelib.pdf.title import draw_heading
from chalicelib.wording import documents as words

BODY = Pen(10)
QR_SIDE = 27.0
STEPS_LEFT = LEFT + 6


@dataclass(frozen=True)
class AccessLetter:
    """One letter: the addressee, the code, and the last day on which it is valid."""

    account: Account
    activation_code: str
    valid_until: date


def draw_access_letters(letters: Iterable[AccessLetter], *, town: Town, portal_url: str, drawn_at: datetime) -> Drawing:
    """Returns letters as one document (PDF/A-2A, PDF/UA-1), each on its own page. Raises ValueError without any.

    `portal_url`: absolute, ASCII. `drawn_at`: an aware instant.
    """
    all_letters = tuple(letters)
    if not all_letters:
        raise ValueError("a document has at least one page")

    def compose(document: TaggedPDF) -> None:
        title = words.letter_title(town)
        document.set_title(title, author=words.city(town))
        for letter in all_letters:
            with document.group("Sect"):
                draw_letter(PageLayout(document, town, running_head=title), letter, portal_url, drawn_at)

    return draw(compose, drawn_at=drawn_at)


def draw_letter(layout: PageLayout, letter: AccessLetter, portal_url: str, drawn_at: datetime) -> None:
    username = letter.account.username
    draw_letterhead(layout, letter.account, words.letter_facts(drawn_at))
    draw_heading(layout, words.letter_title(layout.town))
    layout.y += 4
    for paragraph in (words.SALUTATION, words.letter_opening(layout.town)):
        layout.paragraph(paragraph, BODY)
        layout.y += 3
    values = [(words.USERNAME, username), (words.ACTIVATION_CODE, letter.activation_code)]
    draw_code_frame(layout, values, words.valid_until(letter.valid_until))
    draw_steps(layout, portal_url)
    layout.paragraph(words.letter_warning(layout.town), BODY)
    draw_small_print(layout, words.letter_small_print(layout.town))
    layout.draw_footers()


def draw_steps(layout: PageLayout, portal_url: str) -> None:
    """What to do, as a list, with the portal's address as a QR code at its right."""
    top, width = layout.y, RIGHT - LEFT - QR_SIDE - 6
    layout.paragraph(words.FIRST_TIME, BODY, width=width)
    draw_link(layout, portal_url, named=words.OPEN_PORTAL, width=width)
    layout.y += 2
    with layout.document.group("L"):
        for rank, step in enumerate(words.FIRST_STEPS, start=1):
            draw_step(layout, f"{rank}.", step, width - 6)
    alternative = words.portal_qr_alternative(portal_url)
    draw_qr(layout.document, portal_url, left=RIGHT - QR_SIDE, top=top + 1, side=QR_SIDE, alternative=alternative)
    layout.y = max(layout.y, top + QR_SIDE) + 5


def draw_step(layout: PageLayout, label: str, step: str, width: float) -> None:
    top = layout.y
    with layout.document.group("LI"):
        layout.paragraph(label, BODY, kind="Lbl")
        layout.y = top
        layout.paragraph(step, BODY, kind="LBody", x=STEPS_LEFT, width=width)
    layout.y += 1
