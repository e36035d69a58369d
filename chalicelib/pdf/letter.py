"""The access letter: how a family that never signed in learns its identifiant and its activation code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from chalicelib.domain.account import Account
from chalicelib.domain.town_settings import Town
from chalicelib.pdf.code_frame import draw_frame
from chalicelib.pdf.format.pen import Pen
from chalicelib.pdf.format.tagged_pdf import Drawing, TaggedPDF, draw
from chalicelib.pdf.letterhead import draw_letterhead
from chalicelib.pdf.paper import LEFT, RIGHT, Paper
from chalicelib.pdf.payment_terms import draw_link
from chalicelib.pdf.qr import draw_qr
from chalicelib.pdf.small_print import draw_small_print
from chalicelib.pdf.title import draw_heading
from chalicelib.wording import documents as wording
from chalicelib.wording import documents as words

BODY = Pen(10)
QR_SIDE = 27.0
STEPS_LEFT = LEFT + 6


@dataclass(frozen=True)
class AccessLetter:
    """One letter: whom to, the code, and the last day on which it works."""

    account: Account
    activation_code: str
    valid_until: date


def draw_access_letter(
    account: Account, *, town: Town, activation_code: str, portal_url: str, valid_until: date, drawn_at: datetime
) -> Drawing:
    """One letter on one page, as PDF/A-2A and PDF/UA-1. `portal_url`: absolute, ASCII. `drawn_at`: an aware instant."""
    letter = AccessLetter(account, activation_code, valid_until)
    return draw_access_letters([letter], town=town, portal_url=portal_url, drawn_at=drawn_at)


def draw_access_letters(letters: Iterable[AccessLetter], *, town: Town, portal_url: str, drawn_at: datetime) -> Drawing:
    """Letters for the print room in one document, each on its own page. Raises ValueError when there is none."""
    kept = tuple(letters)
    if not kept:
        raise ValueError("a document has at least one page")

    def compose(document: TaggedPDF) -> None:
        title = words.letter_title(town)
        document.name(title, author=wording.city(town))
        for letter in kept:
            with document.group("Sect"):
                draw_letter(Paper(document, town, running_head=title), letter, portal_url, drawn_at)

    return draw(compose, drawn_at=drawn_at)


def draw_letter(paper: Paper, letter: AccessLetter, portal_url: str, drawn_at: datetime) -> None:
    username = letter.account.username
    draw_letterhead(paper, letter.account, words.letter_facts(drawn_at))
    draw_heading(paper, words.letter_title(paper.town))
    paper.y += 4
    for paragraph in (words.SALUTATION, words.letter_opening(paper.town)):
        paper.paragraph(paragraph, BODY)
        paper.y += 3
    values = [(wording.USERNAME, username), (wording.ACTIVATION_CODE, letter.activation_code)]
    draw_frame(paper, values, words.valid_until(letter.valid_until))
    draw_steps(paper, portal_url)
    paper.paragraph(words.letter_warning(paper.town), BODY)
    draw_small_print(paper, words.letter_notices(paper.town))
    paper.close()


def draw_steps(paper: Paper, portal_url: str) -> None:
    """What to do, as a list, with the portal's address in a code beside it."""
    top, width = paper.y, RIGHT - LEFT - QR_SIDE - 6
    paper.paragraph(words.FIRST_TIME, BODY, width=width)
    draw_link(paper, portal_url, named=words.OPEN_PORTAL, width=width)
    paper.y += 2
    with paper.document.group("L"):
        for rank, step in enumerate(words.FIRST_STEPS, start=1):
            draw_step(paper, f"{rank}.", step, width - 6)
    alternative = words.portal_code(portal_url)
    draw_qr(paper.document, portal_url, left=RIGHT - QR_SIDE, top=top + 1, side=QR_SIDE, alternative=alternative)
    paper.y = max(paper.y, top + QR_SIDE) + 5


def draw_step(paper: Paper, label: str, step: str, width: float) -> None:
    top = paper.y
    with paper.document.group("LI"):
        paper.paragraph(label, BODY, kind="Lbl")
        paper.y = top
        paper.paragraph(step, BODY, kind="LBody", x=STEPS_LEFT, width=width)
    paper.y += 1
