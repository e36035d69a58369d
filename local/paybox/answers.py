"""Routes of the Paybox simulator: the payment page, its outcomes, and the back office (list, CSV export)."""

import json
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, parse_qsl, urlsplit

from chalicelib import formats
from local.pages import Answer, page_templates
from local.paybox import export
from local.paybox.bank import AlreadyPaid, Bank, FormRefused
from local.paybox.outcomes import OUTCOMES

PAGES = Path(__file__).parent / "pages"
PAYMENT_PATH = "/cgi/FramepagepaiementRWD.cgi"
DEFAULT_LATE_SECONDS = 10
MAX_LATE_SECONDS = 3600
# No form-action: after an outcome the browser goes back to the merchant, whoever that is.
POLICY = "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'"

pages = page_templates(PAGES)
pages.filters |= {"euros": formats.euros, "instant": formats.long_instant}


def page(name: str, status: int = 200, **context: object) -> Answer:
    """Returns one of the French pages."""
    return Answer(status, pages.get_template(name).render(context).encode())


class PayboxRoutes:
    """Routes of the simulator, by GET and by POST."""

    def __init__(self, bank: Bank) -> None:
        self._bank = bank

    def get(self, path: str) -> Answer:
        """Returns the answer to a GET; 404 for an unknown path."""
        payments = self._bank.register.all()
        match path:
            case "/":
                return page("office.html", payments=payments[::-1])
            case "/style.css":
                return Answer(200, (PAGES / "style.css").read_bytes(), "text/css; charset=utf-8")
            case "/payments.json":
                return Answer(200, json.dumps(export.listing(payments)).encode(), "application/json")
            case "/export.csv":
                headers = {"Content-Disposition": 'attachment; filename="paybox-journal.csv"'}
                return Answer(200, export.journal(payments), "text/csv; charset=windows-1252", headers)
        return page("missing.html", 405 if path == PAYMENT_PATH else 404)

    def post(self, path: str, raw: bytes) -> Answer:
        """Returns the answer to a POST: the merchant's signed form, or a button of the payment page."""
        if path == PAYMENT_PATH:
            return self._open(raw)
        payment = self._bank.register.find(path.removeprefix("/payer/"))
        return self._play(payment.reference, raw) if payment else page("missing.html", 404)

    def _open(self, raw: bytes) -> Answer:
        try:
            payment = self._bank.open(raw)
        except FormRefused as refused:
            return page("refused.html", 400, faults=refused.faults)
        return page("payment.html", payment=payment, outcomes=OUTCOMES, late=DEFAULT_LATE_SECONDS)

    def _play(self, reference: str, raw: bytes) -> Answer:
        form = {name: values[0] for name, values in parse_qs(raw.decode("ascii", "replace")).items()}
        outcome = OUTCOMES.get(form.get("issue", ""))
        if outcome is None:
            return page("missing.html", 404)
        try:
            address = self._bank.play(reference, outcome, late=_delay(form.get("delai", "")))
        except AlreadyPaid:
            return page("already_paid.html", 409, reference=reference)
        return _return_by_post(address) if form.get("retour") == "POST" else Answer(303, headers={"Location": address})


def _delay(seconds: str) -> timedelta:
    requested = int(seconds) if seconds.isascii() and seconds.isdigit() else DEFAULT_LATE_SECONDS
    return timedelta(seconds=min(requested, MAX_LATE_SECONDS))


def _return_by_post(address: str) -> Answer:
    """Returns a page with one button: no redirection can make a browser post these fields."""
    parts = urlsplit(address)
    return page("back.html", action=address.partition("?")[0], fields=parse_qsl(parts.query), host=parts.netloc)
