"""How this invoice is settled: online, by cheque or at the counter; by direct debit; or not at all."""

from chalicelib.domain.invoice import Invoice
from chalicelib.pdf.format.pen import POINTS, Pen
from chalicelib.pdf.format.typeface import Style
from chalicelib.pdf.paper import LEFT, RIGHT, WIDTH, Paper
from chalicelib.pdf.qr import draw_qr
from chalicelib.wording import documents as words

QR_SIDE = 27.0
GAP = 6.0
APART = 1.6
HEADING = 13.0
LEAD = Pen(8.5, Style.BOLD)
PLAIN = Pen(8.5)


def draw_payment_terms(paper: Paper, invoice: Invoice, payment_url: str) -> None:
    if words.left_to_pay(invoice) == 0:
        draw_statement(paper, *words.nothing_to_pay(invoice))
    elif invoice.direct_debit:
        draw_statement(paper, *words.direct_debit(invoice))
    else:
        draw_ways_to_pay(paper, invoice, payment_url)


def draw_statement(paper: Paper, title: str, sentence: str) -> None:
    paper.room(24)
    draw_heading(paper, title)
    paper.paragraph(sentence, PLAIN)


def draw_heading(paper: Paper, title: str) -> None:
    """Takes HEADING of the height."""
    paper.y += 5.5
    paper.paragraph(title, Pen(11.5, Style.BOLD, paper.accent), kind="H2")
    paper.y += 1.5


def draw_ways_to_pay(paper: Paper, invoice: Invoice, payment_url: str) -> None:
    """All on one page: whoever looks for one way sees the others."""
    left = LEFT + QR_SIDE + GAP if payment_url else LEFT
    ways = [
        (words.BY_CHEQUE, words.cheque(paper.town, invoice.number)),
        (words.AT_THE_COUNTER, words.counter(paper.town)),
    ]
    online = way_height(paper, words.ONLINE_HOW, left) + 2 * paper.height(PLAIN) if payment_url else 0
    paper.room(HEADING + online + sum(way_height(paper, sentence, left) for _, sentence in ways))
    draw_heading(paper, words.how_to_pay(invoice))
    if payment_url:
        draw_online(paper, payment_url, left)
    for title, sentence in ways:
        draw_way(paper, title, sentence, left)


def way_height(paper: Paper, sentence: str, left: float) -> float:
    return paper.height(PLAIN, 1 + len(paper.wrap(sentence, PLAIN, RIGHT - left))) + APART


def draw_way(paper: Paper, title: str, sentence: str, left: float) -> None:
    paper.paragraph(title, LEAD, kind="H3", x=left)
    paper.paragraph(sentence, PLAIN, x=left, width=RIGHT - left)
    paper.y += APART


def draw_online(paper: Paper, url: str, left: float) -> None:
    top, said = paper.y + 1, words.payment_code(url)
    paper.paragraph(words.ONLINE, LEAD, kind="H3", x=left)
    paper.paragraph(words.ONLINE_HOW, PLAIN, x=left, width=RIGHT - left)
    draw_link(paper, url, named=words.PAY_ONLINE, left=left, width=RIGHT - left)
    draw_qr(paper.document, url, left=LEFT, top=top, side=QR_SIDE, alternative=said)
    paper.y += APART


def draw_link(paper: Paper, url: str, *, named: str, left: float = LEFT, width: float = WIDTH) -> None:
    """The address as it can be typed, which a click follows; over several lines when it is long."""
    shown = url.partition("://")[2] or url
    pen = paper.fitting([shown], Pen(8.5, colour=paper.accent), width)
    lines = paper.wrap(shown, pen, width)
    top = paper.y
    with paper.document.group("P"), paper.document.mark("Link", alternative=paper.document.settle(named)) as element:
        paper.stack(lines, pen, x=left)
        widest = max(paper.document.width(line, pen) for line in lines)
        underline = (left, paper.y - pen.size * 0.2 / POINTS, widest, 0.15)
        paper.document.fill([underline], paper.accent)
        paper.document.link((left, top, widest, paper.y - top), url, words=named, element=element)
