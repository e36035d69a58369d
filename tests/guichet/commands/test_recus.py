"""`guichet recus imprimer`: the receipt that the family downloads, drawn and numbered now if it was not."""

import io

import pytest
from pypdf import PdfReader

from tests.support.payments.bank import signing_bank
from tests.support.payments.card_payments import REFERENCE, paid, started
from tests.support.payments.paying import say

OTHER = "BCDEFG-HIJKLM-NOPQRS-TUVWXY"


@pytest.fixture
def out(tmp_path):
    return tmp_path / "recu.pdf"


@pytest.mark.parametrize("typed", [REFERENCE, REFERENCE.lower(), REFERENCE.replace("-", ""), f" {REFERENCE} "])
def test_the_receipt_is_that_of_the_family_byte_for_byte(guichet, portal, dupont, out, typed):
    paid(portal)
    ran = guichet("recus", "imprimer", typed, "--sortie", out)
    assert (ran.code, ran.err, ran.out) == (0, "", f"1 reçu : {out}\n")
    assert out.read_bytes() == dupont.get(f"/paiements/{REFERENCE}/recu").body


def test_a_receipt_that_was_never_made_is_numbered_and_drawn_once(guichet, portal, out, tmp_path):
    started(portal)
    assert say(signing_bank().notice(REFERENCE)).status == 200
    assert portal.stores.payments.find(REFERENCE).receipt_number is None
    assert guichet("recus", "imprimer", REFERENCE, "--sortie", out).code == 0
    assert portal.stores.payments.find(REFERENCE).receipt_number == 1
    again = tmp_path / "encore.pdf"
    assert guichet("recus", "imprimer", REFERENCE, "--sortie", again).code == 0
    assert (again.read_bytes(), portal.stores.money.last_receipt()) == (out.read_bytes(), 1)


def test_several_are_joined_and_each_refused_reference_is_told(guichet, portal, out):
    paid(portal)
    started(portal, OTHER)
    unknown = "ZZZZZZ-ZZZZZZ-ZZZZZZ-ZZZZZZ"
    ran = guichet("recus", "imprimer", OTHER, unknown.lower(), REFERENCE, REFERENCE.lower(), "--sortie", out)
    assert (ran.code, ran.out) == (3, f"1 reçu : {out}\n")
    unpaid, nobody_s = ran.err.splitlines()
    assert unpaid.startswith(f"{OTHER} : ce paiement n’a pas abouti, il n’a pas de reçu. ")
    assert nobody_s.startswith(f"{unknown} : aucun paiement par carte n’a cette référence. ")
    assert say(signing_bank().notice(OTHER, transaction="84")).status == 200
    out.unlink()
    assert guichet("recus", "imprimer", REFERENCE, OTHER, "--sortie", out).code == 0
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(out.read_bytes()), strict=True).pages]
    assert [reference in page for reference, page in zip((REFERENCE, OTHER), pages, strict=True)] == [True, True]


def test_no_number_is_taken_when_the_file_cannot_be_written(guichet, portal, tmp_path):
    started(portal)
    assert say(signing_bank().notice(REFERENCE)).status == 200
    ran = guichet("recus", "imprimer", REFERENCE, "--sortie", tmp_path / "nulle-part" / "recu.pdf")
    assert (ran.code, portal.stores.payments.find(REFERENCE).receipt_number) == (1, None)
    ran = guichet("recus", "imprimer", "x", "--sortie", tmp_path / "recu.pdf")
    assert (ran.code, list(tmp_path.iterdir())) == (1, [])
