"""What every page template may be given: one representative context for each state that looks different."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

from chalicelib.domain.card_payment.share import Share
from chalicelib.domain.country import countries
from chalicelib.domain.invoice import Document, Invoice, InvoiceState, InvoiceSummary, lines_by_child
from chalicelib.domain.payment import Attempt, AttemptState
from chalicelib.domain.request import Proof, Request, RequestKind, RequestState
from chalicelib.domain.session import Session
from chalicelib.handlers.family.my_data import ListedSession
from chalicelib.services.account.delivery_mode import PaperLink
from chalicelib.stage_settings import load_town
from chalicelib.wording import guide
from chalicelib.wording.payment import BALANCE_CHANGED, left_out
from tests.support.people import CHILDREN, DUPONT, invoice

BASE = "/portail"
"""Our paths behind a base path, as on AWS: a link that forgets it is seen."""

Context = dict[str, Any]
Page = tuple[str, Context]
"""A template and what it is given."""

TODAY = date(2026, 6, 10)
NOW = datetime(2026, 6, 10, 7, 5, tzinfo=UTC)
OUTSIDE: Context = {
    "town": load_town("saint-aubin-les-pins"),
    "link": lambda path: BASE + path,
    "static": lambda file: f"{BASE}/static/0123456789ab/{file}",
    "signed_in": False,
    "csrf": "0123456789abcdef." + "c" * 43,
    "form_key": "k" * 43,
    "path": "",
    "flash": None,
}
INSIDE = OUTSIDE | {"signed_in": True}

DRAWN = Document(key="169165.pdf", sha256="0" * 64, size_bytes=24_312, drawn_at=NOW)
DUE = invoice(document=DRAWN)
PART_PAID = invoice("169870", paid_cents=2000)
DEBITED = invoice("170002", direct_debit=True)
CANCELLED = invoice("150002", state=InvoiceState.CANCELLED, cancelled_for="erreur de quantité", replaced_by="150003")
CREDIT = invoice("150004", billed_cents=-1200)
PAID = invoice("150001", issued_on=date(2025, 6, 1), paid_cents=5700)
PROOF = Proof(key="p1.pdf", extension="pdf", size_bytes=340_000, sha256="0" * 64, filename="bail.pdf")
PAPER_LINK = PaperLink("dupont", "2026-06-10", "s1")
SESSION = Session(username="dupont", opened_at=NOW, seen_at=NOW, ends_at=NOW, browser="Safari sur iPhone")
ATTEMPT = Attempt(
    reference="ABCDEF-GHIJKL-MNOPQR-STUVWX",
    invoice_number="169165",
    username="dupont",
    amount_cents=5700,
    receipt_email="dupont@example.org",
    created_at=NOW,
)
OF_SEVERAL = ATTEMPT.model_copy(
    update={
        "amount_cents": 10100,
        "surplus_cents": 4400,
        "shares": (
            Share(invoice_number="169165", amount_cents=5700),
            Share(invoice_number="169167", amount_cents=4400, surplus_cents=4400),
        ),
    }
)


def summaries(*invoices: Invoice) -> list[InvoiceSummary]:
    return [one.summary for one in invoices]


def sign_in(**changes: Any) -> Page:
    plain: Context = {"values": {}, "errors": {}, "refusal": None, "captcha": None, "captcha_sound": True, "suite": ""}
    return "sign_in", OUTSIDE | plain | changes


def home(*invoices: Invoice, overdue: bool = False, news: Sequence[str] = (), **changes: Any) -> Page:
    due = summaries(*invoices)
    cents = sum(row.balance_cents for row in due)
    first = due[0].due_on if due else None
    shown = {
        "due": due,
        "due_cents": cents,
        "first_due_on": first,
        "overdue": overdue,
        "today": TODAY,
        "news": news,
        "credit_cents": 0,
    }
    return "home", INSIDE | {"path": "/"} | shown | changes


def one_invoice(shown: Invoice, **changes: Any) -> Page:
    plain = {"invoice": shown, "children": lines_by_child(shown.lines), "can_pay": False, "why_not": None}
    return "invoice", INSIDE | plain | changes


def inside(template: str, **context: Any) -> Page:
    return template, INSIDE | {"path": "/x", "values": {}, "errors": {}} | context


def outside(template: str, **context: Any) -> Page:
    return template, OUTSIDE | {"path": "/x", "values": {}, "errors": {}} | context


def declared(state: RequestState, **changes: Any) -> Request:
    facts: dict[str, Any] = {
        "username": "dupont",
        "id": f"A-260610-{state:A<6.6}",
        "kind": RequestKind.ADDRESS,
        "asked_at": NOW,
        "address": DUPONT.address,
        "effective_on": date(2026, 9, 1),
    }
    return Request(**(facts | {"state": state} | changes))


def moving(*requests: Request, **context: Any) -> Page:
    states = {state: state.lower() for state in RequestState}
    choices = [(country.code, country.name) for country in countries().values()]
    return inside(
        "address", account=DUPONT, today=TODAY, requests=requests, states=states, countries=choices, **context
    )


def elsewhere(identifier: str, browser: str) -> ListedSession:
    return ListedSession(identifier, browser, NOW, NOW)


def outcome(state: AttemptState, *, signed_in: bool = True) -> Page:
    paid_at = NOW if state is AttemptState.PAID else None
    shown = ATTEMPT.model_copy(update={"state": state, "paid_at": paid_at}) if signed_in else None
    make = inside if signed_in else outside
    return make("payment_outcome", state=state, payment=shown)


READING = {
    "sign_in": sign_in(),
    "sign_in, captcha": sign_in(captcha="t1", refusal=guide.WRONG_CREDENTIALS, values={"identifiant": "dupont"}),
    "sign_in, captcha not typed": sign_in(captcha="t1", errors={"captcha": guide.TYPE_THE_CAPTCHA}),
    "sign_in, captcha wrong": sign_in(captcha="t1", errors={"captcha": guide.WRONG_CAPTCHA}, suite="/factures"),
    "sign_in, nothing typed": sign_in(
        errors={"identifiant": guide.USERNAME_MISSING, "mot_de_passe": guide.PASSWORD_MISSING}
    ),
    "sign_in, locked": sign_in(refusal=guide.locked(NOW)),
    "home": home(DUE, PART_PAID, DEBITED, news=["Votre adresse mail ne répond plus."]),
    "home, late": home(DUE, overdue=True),
    "home, debited": home(DEBITED),
    "home, credit": home(DUE, credit_cents=1200),
    "home, nothing due": home(flash=guide.PASSWORD_SAVED),
    "invoices_due": inside("invoices_due", invoices=summaries(DUE, PART_PAID, DEBITED), today=date(2026, 7, 1)),
    "invoices_due, several": inside(
        "invoices_due", invoices=summaries(DUE, PART_PAID, DEBITED), payable=summaries(DUE, PART_PAID)
    ),
    "invoices_due, one payable": inside(
        "invoices_due", invoices=summaries(DUE, DEBITED), payable=summaries(DUE), more_payable=False
    ),
    "invoices_due, more than one payment takes": inside(
        "invoices_due", invoices=summaries(DUE, PART_PAID), payable=summaries(DUE, PART_PAID), more_payable=True
    ),
    "invoices_due, none": inside("invoices_due", invoices=[]),
    "invoices_due, credit": inside("invoices_due", invoices=summaries(DUE), credit_cents=1200),
    "invoices_due, closed": inside(
        "invoices_due", invoices=summaries(DUE), why_not={"169165": "Le paiement en ligne est fermé."}
    ),
    "invoice_history": inside(
        "invoice_history", years=[(2026, summaries(DUE, CANCELLED, CREDIT)), (2025, summaries(PAID))]
    ),
    "invoice_history, none": inside("invoice_history", years=[]),
    "invoice": one_invoice(DUE, can_pay=True),
    "invoice, debited": one_invoice(DEBITED, why_not=guide.DIRECT_DEBIT),
    "invoice, cancelled": one_invoice(CANCELLED),
    "invoice, credit note": one_invoice(CREDIT),
    "error": outside("error", status=404, title="Page introuvable", message="Rien ici.", reference="7f3a-92c1"),
    "accessibility": outside("accessibility"),
    "legal": outside("legal"),
    "personal_data": inside("personal_data"),
}
ACCOUNT = {
    "password": inside("password", username="dupont"),
    "password, wrong": inside("password", errors={"ancien_mot_de_passe": "Ce n’est pas votre mot de passe."}),
    "password, locked": inside("password", refusal=guide.locked(NOW)),
    "forgotten": outside("forgotten", sent=False),
    "forgotten, wrong": outside(
        "forgotten", sent=False, values={"courriel": "dupont@"}, errors={"courriel": "Adresse incomplète."}
    ),
    "forgotten, sent": outside("forgotten", sent=True),
    "new_password": outside("new_password", username="dupont", token="j1", activation=True, usable=True),
    "new_password, worthless": outside("new_password", username="", token="", activation=False, usable=False),
    "family_file": inside("family_file", account=DUPONT, family=CHILDREN, today=TODAY),
    "family_file, wrong": inside(
        "family_file",
        account=DUPONT,
        family=CHILDREN,
        today=TODAY,
        values={"sujet": "enfants", "message": ""},
        errors={"message": "Dites ce qui est inexact."},
    ),
    "contact_details": inside(
        "contact_details",
        username="dupont",
        pending_email="nouvelle@example.org",
        suggestion=None,
        bounced=True,
        current_email=None,
    ),
    "contact_details, slip": inside(
        "contact_details",
        values={"courriel": "dupont@exmaple.org"},
        errors={"courriel": "Vérifiez l’adresse.", "mot_de_passe": "Saisissez-le."},
        username="dupont",
        pending_email=None,
        suggestion="dupont@example.org",
        bounced=False,
        current_email="dupont@example.org",
    ),
    "address": moving(
        declared(RequestState.PENDING, proof=PROOF),
        declared(RequestState.REFUSED, answer="illisible"),
        declared(RequestState.ACCEPTED),
    ),
    "address, wrong": moving(
        declared(RequestState.PENDING),
        declared(RequestState.WITHDRAWN),
        values={"code_postal": "6990", "justificatif_au_guichet": "oui"},
        errors={"code_postal": "Cinq chiffres.", "justificatif": "Fichier illisible."},
    ),
    "address_withdrawal": inside("address_withdrawal", request=declared(RequestState.PENDING, proof=PROOF)),
    "delivery_mode": inside("delivery_mode", mode="courrier", email=None, email_ready=False, password_needed=False),
    "delivery_mode, wrong": inside(
        "delivery_mode",
        mode="courriel",
        email="dupont@example.org",
        email_ready=True,
        password_needed=True,
        username="dupont",
        errors={"mode": "Confirmez d’abord l’adresse.", "mot_de_passe": "Saisissez-le."},
    ),
    "delivery_check": inside(
        "delivery_check",
        mode="courriel",
        email="dupont@example.org",
        address=DUPONT.address.lines,
        left=4,
        sent=True,
    ),
    "delivery_check, paper": inside(
        "delivery_check", mode="courrier", email=None, address=DUPONT.address.lines, left=0, sent=True
    ),
    "my_data": inside(
        "my_data",
        entries=[(NOW, "Connexion", ""), (NOW, "Déblocage", "Agent 7")],
        session=SESSION,
        other_sessions=[elsewhere("a" * 16, "Firefox sur Android"), elsewhere("b" * 16, "")],
        password_needed=True,
        username="dupont",
        errors={"mot_de_passe": "Ce n’est pas votre mot de passe."},
    ),
    "my_data, quiet": inside("my_data", entries=[], session=SESSION, other_sessions=[], password_needed=False),
    "my_data_file": inside("my_data_file", password_needed=False),
    "my_data_file, locked": inside(
        "my_data_file", password_needed=True, username="dupont", refusal="Ce formulaire est bloqué."
    ),
    "email_confirmation": inside("email_confirmation", email="nouvelle@example.org", token="j1"),
    "email_confirmation, worthless": inside("email_confirmation", email=None, token=""),
    "undo_email_change": outside("undo_email_change", username="dupont", token="dupont~1781254800~s1"),
    "undo_email_change, worthless": outside("undo_email_change", username="", token=""),
    "paper_return": outside("paper_return", paper=PAPER_LINK, done=False),
    "paper_return, done": outside("paper_return", paper=PAPER_LINK, done=True),
    "paper_return, worthless": outside("paper_return", paper=None, done=False),
}
PAYMENT = {
    "payment_recap": inside(
        "payment_recap",
        action="/factures/169165/paiement",
        invoices=[PART_PAID],
        values={"courriel_recu": "dupont@example.org"},
        mobile_required=True,
        under_way=["ABCDEF-GHIJKL-MNOPQR-STUVWX"],
    ),
    "payment_recap, wrong": inside(
        "payment_recap",
        action="/factures/169165/paiement",
        invoices=[DUE],
        errors={"courriel_recu": "Saisissez une adresse."},
        mobile_required=False,
        under_way=[],
    ),
    "payment_link": outside(
        "payment_link", invoice=DUE.summary, token=f"169165.{'m' * 22}", mobile_required=False, under_way=[]
    ),
    "payment_link, wrong": outside(
        "payment_link",
        invoice=PART_PAID.summary,
        token=f"169870.{'m' * 22}",
        errors={"courriel_recu": "Saisissez une adresse.", "telephone_mobile": "Indiquez un numéro."},
        mobile_required=True,
        under_way=["ABCDEF-GHIJKL-MNOPQR-STUVWX"],
    ),
    "payment_link_ended": outside("payment_link_ended", cancelled=False),
    "payment_link_ended, cancelled": outside("payment_link_ended", cancelled=True),
    "payment_recap, several": inside(
        "payment_recap",
        action="/paiement",
        invoices=summaries(DUE, PART_PAID),
        values={"courriel_recu": "dupont@example.org"},
        mobile_required=False,
        under_way=[],
        later=3,
    ),
    "payment_recap, several changed": inside(
        "payment_recap",
        action="/paiement",
        invoices=summaries(DUE, PART_PAID),
        mobile_required=False,
        under_way=["ABCDEF-GHIJKL-MNOPQR-STUVWX"],
        changes=[left_out("169170", "NOTHING_DUE"), BALANCE_CHANGED],
        later=1,
    ),
    "nothing_payable": inside("nothing_payable", changes=[]),
    "nothing_payable, changed": inside("nothing_payable", changes=[left_out("169165", "DIRECT_DEBIT")]),
    "payment_outcome, several": inside(
        "payment_outcome",
        state=AttemptState.PAID,
        payment=OF_SEVERAL.model_copy(update={"state": AttemptState.PAID, "paid_at": NOW}),
    ),
    "payment_outcome, several refused": inside("payment_outcome", state=AttemptState.REFUSED, payment=OF_SEVERAL),
    "payment_jump": inside(
        "payment_jump",
        action="https://paybox.example.org/cgi/FramepagepaiementRWD.cgi",
        fields=[("PBX_SITE", "1999888"), ("PBX_BILLING", '<?xml version="1.0"?><Billing/>'), ("PBX_HMAC", "AB" * 64)],
    ),
    **{f"payment_outcome, {state}": outcome(state) for state in AttemptState},
    **{f"payment_outcome, {state}, signed out": outcome(state, signed_in=False) for state in AttemptState},
}
CONTEXTS = READING | ACCOUNT | PAYMENT
