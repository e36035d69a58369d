"""Déclarer ma nouvelle adresse: /adresse, with its proof; the requests made, and how to take one back."""

import re
import unicodedata
from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib.domain.account import Address
from chalicelib.domain.account_mail import AddressDeclared
from chalicelib.domain.request import ID, Request, RequestKind
from chalicelib.errors import AlreadyDecided, FormRefused, NotFound
from chalicelib.handlers.http.date_input import read_day
from chalicelib.handlers.http.forms import MULTIPART, File, MultipartForm, line, parse_multipart
from chalicelib.handlers.http.responses import file, page, see_other
from chalicelib.handlers.http.routing import Pages
from chalicelib.handlers.http.side_effects import account_mail, asked_too_often, error_messages, journal_entry
from chalicelib.handlers.http.visit import Visit
from chalicelib.services.account.declare_address import (
    DECLARATIONS_A_DAY,
    Declaration,
    Upload,
    check_declaration,
    declare_address,
    recognise_proof,
)
from chalicelib.services.account.requests import read_proof, withdraw_request
from chalicelib.wording.account import STATES

pages = Pages(__name__)

FIELDS = ("ligne_1", "ligne_2", "code_postal", "commune", "date_effet", "justificatif_au_guichet")
POSTCODE = re.compile(r"\d{5}", re.ASCII)
LONGEST_LINE = 60
"""Characters: NF Z10-011 advises 38 a line; the window of our envelopes still takes 60 in smaller type."""


@pages.get("/adresse", reads=("account",))
def show_address(visit: Visit) -> Response:
    return address_page(visit, {})


@pages.post("/adresse", reads=("account",), form=MULTIPART)
def submit_address(visit: Visit) -> Response:
    posted = parse_multipart(visit)
    try:
        asked = declare(visit, posted)
    except FormRefused as refusal:
        return address_page(visit, posted.fields, status=422, errors=error_messages(visit, refusal.reasons))
    journal_entry(visit, "address_declared", asked.id)
    tell_receipt(visit, asked)
    return see_other(visit, "/adresse?fait=adresse")


@pages.post("/adresse/{id}/retrait")
def submit_withdrawal(visit: Visit, id: str) -> Response:
    portal = visit.portal
    asked = own_request(visit, id)
    try:
        withdraw_request(asked, stores=portal.stores, clock=portal.clock)
    except AlreadyDecided:
        return see_other(visit, "/adresse?fait=adresse-deja-traitee")
    journal_entry(visit, "address_withdrawn", asked.id)
    return see_other(visit, "/adresse?fait=adresse-retiree")


@pages.get("/adresse/{id}/justificatif")
def download_proof(visit: Visit, id: str) -> Response:
    """What the family sent, for itself: saved, never opened in place, for nobody vouches for what is in it."""
    asked = own_request(visit, id)
    content = read_proof(asked, uploads=visit.portal.stores.uploads)
    extension = asked.proof.extension if asked.proof else ""
    name = f"justificatif-{asked.id}.{extension}"
    return file(content, content_type="application/octet-stream", filename=name, inline=False)


def own_request(visit: Visit, reference: str) -> Request:
    """This family's address request. Raises NotFound, alike for somebody else's."""
    found = visit.portal.stores.requests.find(visit.username, reference) if ID.fullmatch(reference) else None
    if found is None or found.kind is not RequestKind.ADDRESS:
        raise NotFound
    return found


def declare(visit: Visit, posted: MultipartForm) -> Request:
    """Check everything, then count: a refused form uses up none of the day's declarations. Raises FormRefused."""
    portal, declaration = visit.portal, read_declaration(posted)
    check_declaration(visit.account, declaration, requests=portal.stores.requests, clock=portal.clock)
    if asked_too_often(visit, "address", DECLARATIONS_A_DAY):
        raise FormRefused({"ligne_1": "too_many_today"})
    return declare_address(visit.account, declaration, stores=portal.stores, clock=portal.clock)


def read_declaration(posted: MultipartForm) -> Declaration:
    """The declaration as typed, spaces forgiven. Raises FormRefused with every reason."""
    fields = posted.fields
    address = Address(
        line_1=line(fields, "ligne_1"),
        line_2=line(fields, "ligne_2"),
        postcode=read_postcode(line(fields, "code_postal")),
        town=line(fields, "commune"),
    )
    day = read_day(line(fields, "date_effet"))
    sent = posted.files.get("justificatif", File())
    wrong_day = {} if day else {"date_effet": "day_wrong"}
    refused = address_reasons(address) | wrong_day | proof_reason(fields, sent)
    if day is None or refused:
        raise FormRefused(refused)
    proof = Upload(sent.filename, sent.content) if sent.content else None
    return Declaration(address=address, effective_on=day, proof=proof)


def read_postcode(typed: str) -> str:
    """« 06 990 », « 06.990 », « F-06990 » or full-width digits, as 06990; the rest stays, to be refused."""
    signs = "".join(sign for sign in unicodedata.normalize("NFKC", typed) if sign not in " .-")
    return re.sub(r"^FR?(?=\d)", "", signs, flags=re.IGNORECASE)


def address_reasons(address: Address) -> dict[str, str]:
    wrong = {
        "ligne_1": "line_missing" if not address.line_1 else too_long(address.line_1, "line_too_long"),
        "ligne_2": too_long(address.line_2, "line_too_long"),
        "code_postal": "" if POSTCODE.fullmatch(address.postcode) else "postcode_wrong",
        "commune": "town_missing" if not address.town else too_long(address.town, "town_too_long"),
    }
    return {field: reason for field, reason in wrong.items() if reason}


def too_long(text: str, reason: str) -> str:
    return reason if len(text) > LONGEST_LINE else ""


def proof_reason(fields: Mapping[str, str], sent: File) -> dict[str, str]:
    """A readable file, or the promise to bring it: one of them is needed."""
    if not sent.filename and not sent.content:
        promised = fields.get("justificatif_au_guichet") == "oui"
        return {} if promised else {"justificatif": "proof_missing"}
    try:
        recognise_proof(Upload(sent.filename, sent.content))
    except FormRefused as refusal:
        return refusal.reasons
    return {}


def tell_receipt(visit: Visit, asked: Request) -> None:
    """« Accusé de réception », to the address in use, unless mails come back from it."""
    account = visit.account
    if account.email and account.email_bounced_at is None and asked.address and asked.effective_on:
        receipt = AddressDeclared(
            to=account.email,
            username=asked.username,
            reference=asked.id,
            at=asked.asked_at,
            address=asked.address,
            effective_on=asked.effective_on,
            proof=asked.proof.filename or asked.proof.extension if asked.proof else "",
        )
        account_mail(visit, receipt)


def address_page(visit: Visit, fields: Mapping[str, str], **context: Any) -> Response:
    """The form, with what was typed but the file, below the requests already made."""
    asked = [one for one in visit.portal.stores.requests.of(visit.username) if one.kind is RequestKind.ADDRESS]
    values = {name: line(fields, name) for name in FIELDS}
    defaults: dict[str, Any] = {"errors": {}, "values": values, "requests": asked, "states": STATES}
    return page(visit, "address", account=visit.account, today=visit.today, **(defaults | context))
