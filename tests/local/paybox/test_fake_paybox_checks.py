"""The simulated bank is strict: everything Paybox would refuse is refused, and named."""

from urllib.parse import urlencode

import pytest

from local.paybox.checks import faults_of, is_on_this_machine
from local.paybox.contract import Contract
from local.paybox.delivery import deliver
from local.paybox.posted import parse
from local.paybox.server import MAX_BYTES
from tests.support.payments.paybox_merchant import CONTRACT, form_of, signed_again, with_field

FAULTS = {
    "PBX_TOTAL": ["57", "57,00", "000", "57.00", "-5700"],
    "PBX_DEVISE": ["840"],
    "PBX_CMD": ["réf 1", ""],
    "PBX_PORTEUR": ["a@b.f", "a" * 110 + "@example.org", "personne"],
    "PBX_RETOUR": ["Sign:K;Mt:M", "Mt", "Mt:M;Ref:R", "Mt:1;Sign:K"],
    "PBX_EFFECTUE": ["https://example.org/" + "p" * 131, "javascript:alert(1)"],
    "PBX_REPONDRE_A": ["https://paiement.example.org/avis", "http://192.0.2.1/avis", "http://[/"],
    "PBX_RUF1": ["GET"],
    "PBX_SOURCE": ["HTML"],
    "PBX_DISPLAY": ["15 min"],
    "PBX_ARCHIVAGE": ["1234567890123"],
    "PBX_HASH": ["MD5"],
    "PBX_TIME": ["2026-06-24T09:05:00", "hier"],
    "PBX_SITE": ["1999889"],
    "PBX_RANG": ["33"],
    "PBX_IDENTIFIANT": ["1"],
    "PBX_SHOPPINGCART": ["", "<shoppingcart/>", "<!DOCTYPE x><shoppingcart/>", "pas du XML"],
    "PBX_BILLING": ["", "<Billing/>", "<Billing><Address><FirstName>Zoë</FirstName></Address></Billing>"],
}


@pytest.mark.parametrize(("name", "value"), [(name, value) for name, values in FAULTS.items() for value in values])
def test_each_fault_is_named_even_when_the_form_is_well_signed(name, value):
    fields = with_field(form_of("http://127.0.0.1:8000"), name, value)
    checks = {fault.check for fault in faults_of(parse(urlencode(fields).encode()), CONTRACT)}
    assert checks == {name}


def test_a_form_without_fault_is_known_by_its_silence():
    assert faults_of(parse(urlencode(form_of("http://localhost:8000")).encode()), CONTRACT) == []


def test_a_faulty_form_opens_nothing_and_says_what_failed(portal, visitor):
    status, _, text = visitor.open(with_field(form_of(portal.address), "PBX_TOTAL", "57"))
    assert status == 400
    assert "<h2>1 vérification en échec</h2>" in text
    assert "<dt>PBX_TOTAL</dt><dd>le montant est en centimes" in text
    assert visitor.ask("GET", "/payments.json")[2] == "[]"


def test_each_missing_field_is_named(portal, visitor):
    fields = form_of(portal.address)
    for missing in ("PBX_CMD", "PBX_BILLING", "PBX_REPONDRE_A", "PBX_TIME"):
        text = visitor.open(signed_again([field for field in fields if field[0] != missing]))[2]
        assert f"<dt>{missing}</dt><dd>champ obligatoire absent</dd>" in text
    assert visitor.open([])[2].count("champ obligatoire absent") == 20


@pytest.mark.parametrize(
    "spoil",
    [
        lambda fields: [*fields[:-1], ("csrf", "x"), fields[-1]],
        lambda fields: [*fields, ("bouton", "Payer")],
        lambda fields: [fields[1], fields[0], *fields[2:]],
        lambda fields: [("PBX_TOTAL", "5701") if name == "PBX_TOTAL" else (name, value) for name, value in fields],
        lambda fields: [*fields[:-1], ("PBX_HMAC", fields[-1][1].lower())],
        lambda fields: [*fields[:-1], ("PBX_HMAC", "é")],
        lambda fields: [*fields, fields[-1]],
    ],
    ids=["extra field", "named button", "order", "amount", "lower case", "not hexadecimal", "twice"],
)
def test_anything_that_changes_the_message_fails_the_hmac(portal, visitor, spoil):
    status, _, text = visitor.open(spoil(form_of(portal.address)))
    assert status == 400
    assert "<dt>PBX_HMAC</dt>" in text


def test_another_key_fails_and_no_key_is_shown(portal):
    contract = Contract(hmac_key="FEDCBA9876543210" * 8)
    body = "&".join(f"{name}={value}" for name, value in form_of(portal.address) if name != "PBX_BILLING")
    faults = faults_of(parse(body.encode()), contract)
    assert "PBX_HMAC" in {fault.check for fault in faults}
    assert contract.hmac_key not in f"{contract} {faults}"


def test_a_body_that_is_not_utf8_or_too_long_is_refused_without_falling(visitor):
    assert "Encodage" in visitor.ask("POST", "/cgi/FramepagepaiementRWD.cgi", b"PBX_CMD=\xff&PBX_HMAC=%FE")[2]
    assert visitor.ask("POST", "/cgi/FramepagepaiementRWD.cgi", b"x" * (MAX_BYTES + 1))[0] == 413


def test_a_reference_serves_once_even_after_a_restart(portal, visitor, start):
    assert visitor.open(form_of(portal.address))[0] == 200
    for again in (visitor, start()):
        status, _, text = again.open(form_of(portal.address))
        assert (status, "a déjà servi" in text) == (400, True)


@pytest.mark.parametrize(
    ("address", "here"),
    [
        ("http://127.0.0.1:8000/x", True),
        ("http://127.8.9.1/x", True),
        ("http://localhost:8000/x", True),
        ("http://abc.execute-api.localhost:4566/x", True),
        ("http://[::1]:8000/x", True),
        ("http://localhost.example.org/x", False),
        ("http://192.0.2.1/x", False),
        ("http://127.0.0.1.example.org/x", False),
        ("http://127.0.0.1@example.org/x", False),
        ("/x", False),
    ],
)
def test_a_notice_never_leaves_this_machine(address, here):
    assert is_on_this_machine(address) is here
    if not here:
        with pytest.raises(ValueError, match="this machine"):
            deliver(address, b"")
