"""*Déclarer ma nouvelle adresse*: /adresse, with proof of address; list and withdrawal of past requests."""

import hashlib
from collections.abc import Mapping
from typing import Any

from chalice.app import Response

from chalicelib.contact.postal_address import Place, read_country, read_place
from chalicelib.domain.account import Address
from chalicelib.domain.account_mail import AddressDeclared
from chalicelib.domain.country import FRANCE, countries
from chalicelib.domain.request import ID, Request, RequestKind
from chalicelib.errors import AlreadyDecided, FormRefused, NotFound, ValueRefused
from chalicelib.handlers.http.date_input import read_day
from chalicelib.handlers.http.form_key import once
from chalicelib.handlers.http.forms import MULTIPART, File, MultipartForm, parse_multipart, text_field
from chalicelib.handlers.http.responses import file, page, see_other
from chalicelib.handlers.http.routing import Pages
from chalicelib.handlers.http.side_effects import account_mail, announce, error_messages, journal_entry, quota_exceeded
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

FIELDS = ("ligne_1", "ligne_2", "code_postal", "commune", "pays", "date_effet", "justificatif_au_guichet")
MAX_LINE_LENGTH = 60
"""Characters: NF Z10-011 advises 38 per line; the window of our envelopes takes 60 in smaller type."""


@pages.get("/adresse", reads=("account",))
def show_address(visit: Visit) -> Response:
    return address_page(visit, {})


@pages.post("/adresse", reads=("account",), form=MULTIPART)
def submit_address(visit: Visit) -> Response:
    posted = parse_multipart(visit)
    files = {name: hashlib.sha256(one.content).hexdigest() for name, one in posted.files.items()}
    return once(visit, posted.fields | files, lambda: declare_and_tell(visit, posted))


def declare_and_tell(visit: Visit, posted: MultipartForm) -> Response:
    try:
        request = declare(visit, posted)
    except FormRefused as refusal:
        return address_page(visit, posted.fields, status=422, errors=error_messages(visit, refusal.reasons))
    announce(visit, request.username, "address_declared", detail=request.id)
    send_acknowledgement(visit, request)
    return see_other(visit, "/adresse?fait=adresse")


@pages.get("/adresse/{id}/retrait")
def show_withdrawal(visit: Visit, id: str) -> Response:
    """Asks first: a withdrawn request cannot be put back."""
    request = own_request(visit, id)
    if not request.pending:
        return see_other(visit, "/adresse?fait=adresse-deja-traitee")
    return page(visit, "address_withdrawal", request=request)


@pages.post("/adresse/{id}/retrait")
def submit_withdrawal(visit: Visit, id: str) -> Response:
    portal = visit.portal
    request = own_request(visit, id)
    try:
        withdraw_request(request, stores=portal.stores, clock=portal.clock)
    except AlreadyDecided:
        return see_other(visit, "/adresse?fait=adresse-deja-traitee")
    journal_entry(visit, "address_withdrawn", request.id)
    return see_other(visit, "/adresse?fait=adresse-retiree")


@pages.get("/adresse/{id}/justificatif")
def download_proof(visit: Visit, id: str) -> Response:
    """The file that the family sent, as an attachment, never inline: its content is not trusted."""
    request = own_request(visit, id)
    content = read_proof(request, uploads=visit.portal.stores.uploads)
    extension = request.proof.extension if request.proof else ""
    name = f"justificatif-{request.id}.{extension}"
    return file(content, content_type="application/octet-stream", filename=name, inline=False)


def own_request(visit: Visit, reference: str) -> Request:
    """Returns this family's address request. Raises NotFound, also for another family's."""
    found = visit.portal.stores.requests.find(visit.username, reference) if ID.fullmatch(reference) else None
    if found is None or found.kind is not RequestKind.ADDRESS:
        raise NotFound
    return found


def declare(visit: Visit, posted: MultipartForm) -> Request:
    """Check, then count in the daily quota: a refused form uses none of it. Returns the request. Raises FormRefused."""
    portal, declaration = visit.portal, read_declaration(posted)
    check_declaration(visit.account, declaration, requests=portal.stores.requests, clock=portal.clock)
    if quota_exceeded(visit, "address", DECLARATIONS_A_DAY):
        raise FormRefused({"ligne_1": "too_many_today"})
    return declare_address(visit.account, declaration, stores=portal.stores, clock=portal.clock)


def read_declaration(posted: MultipartForm) -> Declaration:
    """Returns the declaration, with spaces cleaned. Raises FormRefused with every reason."""
    fields = posted.fields
    address, wrong = read_address(fields)
    day = read_day(text_field(fields, "date_effet"))
    proof_file = posted.files.get("justificatif", File())
    wrong_day = {} if day else {"date_effet": "day_wrong"}
    refused = wrong | wrong_day | proof_reason(fields, proof_file)
    if day is None or refused:
        raise FormRefused(refused)
    proof = Upload(proof_file.filename, proof_file.content) if proof_file.content else None
    return Declaration(address=address, effective_on=day, proof=proof)


def read_address(fields: Mapping[str, str]) -> tuple[Address, dict[str, str]]:
    """Returns the address, and field → reason to refuse it, in the order of the fields."""
    line_1, line_2, town = (text_field(fields, name) for name in ("ligne_1", "ligne_2", "commune"))
    country, wrong_country = read_country_field(fields)
    place, wrong_place = read_place_field(fields, town, country)
    wrong = {
        "ligne_1": "line_missing" if not line_1 else too_long(line_1, "line_too_long"),
        "ligne_2": too_long(line_2, "line_too_long"),
        "code_postal": "" if wrong_country else wrong_place,
        "commune": "town_missing" if not town else too_long(town, "town_too_long"),
        "pays": wrong_country,
    }
    address = Address(line_1=line_1, line_2=line_2, postcode=place.postcode, town=town, country=place.country)
    return address, {field: reason for field, reason in wrong.items() if reason}


def read_country_field(fields: Mapping[str, str]) -> tuple[str, str]:
    """Returns the country, France by default, and the reason to refuse what was sent instead."""
    try:
        return read_country(text_field(fields, "pays") or FRANCE), ""
    except ValueRefused as refusal:
        return FRANCE, refusal.reason


def read_place_field(fields: Mapping[str, str], town: str, country: str) -> tuple[Place, str]:
    try:
        return read_place(text_field(fields, "code_postal"), town, country), ""
    except ValueRefused as refusal:
        return Place("", country), refusal.reason


def too_long(text: str, reason: str) -> str:
    return reason if len(text) > MAX_LINE_LENGTH else ""


def proof_reason(fields: Mapping[str, str], proof: File) -> dict[str, str]:
    """Returns the reason to refuse, if any: a readable file, or the promise to bring it, is needed."""
    if not proof.filename and not proof.content:
        promised = fields.get("justificatif_au_guichet") == "oui"
        return {} if promised else {"justificatif": "proof_missing"}
    try:
        recognise_proof(Upload(proof.filename, proof.content))
    except FormRefused as refusal:
        return refusal.reasons
    return {}


def send_acknowledgement(visit: Visit, request: Request) -> None:
    """Mail « Accusé de réception » to the current e-mail address, unless it bounces."""
    account = visit.account
    if account.email and account.email_bounced_at is None and request.address and request.effective_on:
        receipt = AddressDeclared(
            to=account.email,
            username=request.username,
            reference=request.id,
            at=request.asked_at,
            address=request.address,
            effective_on=request.effective_on,
            proof=request.proof.filename or request.proof.extension if request.proof else "",
        )
        account_mail(visit, receipt)


def address_page(visit: Visit, fields: Mapping[str, str], **context: Any) -> Response:
    """The form, with the typed values but not the file, below the requests already made."""
    requests = [one for one in visit.portal.stores.requests.of(visit.username) if one.kind is RequestKind.ADDRESS]
    values = {name: text_field(fields, name) for name in FIELDS}
    values["pays"] = values["pays"] or FRANCE
    choices = [(country.code, country.name) for country in countries().values()]
    defaults: dict[str, Any] = {
        "errors": {}, "values": values, "requests": requests, "states": STATES, "countries": choices,
    }  # fmt: skip
    return page(visit, "address", account=visit.account, today=visit.today, **(defaults | context))
