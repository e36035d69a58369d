"""Payment section of an invoice: online, by cheque or at the office; by direct debit; or nothing to pay."""

from chalicelib.domain.invoice import Invoice
from chalicelib.pdf.format.pen import POINTS, Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, RIGHT, WIDTH, PageLayout
from chalicelib.pdf.qr import draw_qr
from chalicelib.wording import documents as words

QR_SIDE = 27.0
GAP = 6.0
PARAGRAPH_GAP = 1.6
HEADING = 13.0
LEAD = Pen(8.5, Style.BOLD)
PLAIN = Pen(8.5)


def draw_payment_terms(layout: PageLayout, invoice: Invoice, payment_url: str, portal_url: str) -> None:
    if words.left_to_pay(invoice) == 0:
        draw_statement(layout, *words.nothing_to_pay(invoice))
    elif invoice.direct_debit:
        draw_statement(layout, *words.direct_debit(invoice))
    else:
        draw_payment_methods(layout, invoice, payment_url, portal_url)


def draw_statement(layout: PageLayout, title: str, sentence: str) -> None:
    layout.ensure_room(24)
    draw_heading(layout, title)
    layout.paragraph(sentence, PLAIN)


def draw_heading(layout: PageLayout, title: str) -> None:
    """Takes HEADING millimetres of height."""
    layout.y += 5.5
    layout.paragraph(title, Pen(11.5, Style.BOLD, layout.accent), kind="H2")
    layout.y += 1.5


def draw_payment_methods(layout: PageLayout, invoice: Invoice, payment_url: str, portal_url: str) -> None:
    """Draw all payment methods on one page, so that a reader sees them together."""
    left = LEFT + QR_SIDE + GAP if payment_url else LEFT
    methods = [
        (words.BY_CHEQUE, words.pay_by_cheque(layout.town, invoice.number)),
        (words.AT_THE_OFFICE, words.pay_at_office(layout.town)),
    ]
    online = payment_method_height(layout, words.ONLINE_HOW, left) + 2 * layout.height(PLAIN) if payment_url else 0
    layout.ensure_room(HEADING + online + sum(payment_method_height(layout, sentence, left) for _, sentence in methods))
    draw_heading(layout, words.how_to_pay(invoice))
    if payment_url:
        draw_online(layout, payment_url, portal_url, left)
    for title, sentence in methods:
        draw_payment_method(layout, title, sentence, left)


def payment_method_height(layout: PageLayout, sentence: str, left: float) -> float:
    return layout.height(PLAIN, 1 + len(layout.wrap(sentence, PLAIN, RIGHT - left))) + PARAGRAPH_GAP


def draw_payment_method(layout: PageLayout, title: str, sentence: str, left: float) -> None:
    layout.paragraph(title, LEAD, kind="H3", x=left)
    layout.paragraph(sentence, PLAIN, x=left, width=RIGHT - left)
    layout.y += PARAGRAPH_GAP


def draw_online(layout: PageLayout, url: str, portal_url: str, left: float) -> None:
    """The code and the link lead to the invoice's payment; the address to type is the portal's, which is shorter."""
    top, alternative = layout.y + 1, words.payment_qr_alternative(url)
    layout.paragraph(words.ONLINE, LEAD, kind="H3", x=left)
    layout.paragraph(words.ONLINE_HOW, PLAIN, x=left, width=RIGHT - left)
    draw_link(layout, url, shown=portal_url, named=words.PAY_ONLINE, left=left, width=RIGHT - left)
    draw_qr(layout.document, url, left=LEFT, top=top, side=QR_SIDE, alternative=alternative)
    layout.y += PARAGRAPH_GAP


def draw_link(
    layout: PageLayout, url: str, *, named: str, shown: str = "", left: float = LEFT, width: float = WIDTH
) -> None:
    """Draw `shown` (or the URL itself) as it can be typed, as a link; over several lines when it is long."""
    shown = shown or url
    address = shown.partition("://")[2] or shown
    pen = layout.shrink_to_fit([address], Pen(8.5, colour=layout.accent), width)
    lines = layout.wrap(address, pen, width)
    top = layout.y
    with (
        layout.document.group("P"),
        layout.document.mark("Link", alternative=layout.document.drawable(named)) as element,
    ):
        layout.draw_lines(lines, pen, x=left)
        widest = max(layout.document.width(line, pen) for line in lines)
        underline = (left, layout.y - pen.size * 0.2 / POINTS, widest, 0.15)
        layout.document.fill([underline], layout.accent)
        layout.document.link((left, top, widest, layout.y - top), url, words=named, element=element)
