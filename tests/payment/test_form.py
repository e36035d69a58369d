"""The form that goes out: one list, posted and signed; every row of the manual's table of fields."""

import random
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from chalicelib.payment.form import archive_reference, payment_form
from chalicelib.payment.signature import sign
from tests.support.payments.paybox_vectors import HMAC_KEY

RETURNS = ("PBX_EFFECTUE", "PBX_REFUSE", "PBX_ANNULE", "PBX_ATTENTE")


def test_every_field_of_the_manual_is_there_once_and_the_hmac_closes_the_list(merchant, payment_of_57_euros):
    names = [name for name, _ in payment_form(payment_of_57_euros, merchant)]
    assert names[-1] == "PBX_HMAC"
    assert sorted(names) == sorted(set(names))
    assert set(names) == set(
        "PBX_SITE PBX_RANG PBX_IDENTIFIANT PBX_TOTAL PBX_DEVISE PBX_CMD PBX_PORTEUR PBX_RETOUR PBX_EFFECTUE PBX_REFUSE "
        "PBX_ANNULE PBX_ATTENTE PBX_REPONDRE_A PBX_RUF1 PBX_SHOPPINGCART PBX_BILLING PBX_SOURCE PBX_LANGUE "
        "PBX_TYPEPAIEMENT PBX_TYPECARTE PBX_DISPLAY PBX_ARCHIVAGE PBX_HASH PBX_TIME PBX_HMAC".split()
    )


def test_the_hmac_is_that_of_the_very_fields_before_it(merchant, payment_of_57_euros):
    *fields, (_, hmac) = payment_form(payment_of_57_euros, merchant)
    assert hmac == sign(fields, HMAC_KEY)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PBX_SITE", "1999888"),
        ("PBX_RANG", "32"),
        ("PBX_IDENTIFIANT", "107904482"),
        ("PBX_TOTAL", "5700"),
        ("PBX_DEVISE", "978"),
        ("PBX_CMD", "ABCDEF-GHIJKL-MNOPQR-STUVWX"),
        ("PBX_PORTEUR", "camille.dupont@example.org"),
        ("PBX_RETOUR", "Mt:M;Ref:R;Appel:T;Trans:S;Auto:A;Erreur:E;Date:W;Pays:Y;Fin:J;Sign:K"),
        ("PBX_REPONDRE_A", "https://famille.example.org/paybox/notification"),
        ("PBX_RUF1", "POST"),
        ("PBX_SOURCE", "RWD"),
        ("PBX_LANGUE", "FRA"),
        ("PBX_TYPEPAIEMENT", "CARTE"),
        ("PBX_TYPECARTE", "CB"),
        ("PBX_DISPLAY", "900"),
        ("PBX_ARCHIVAGE", "ABCDEFGHIJKL"),
        ("PBX_HASH", "SHA512"),
        ("PBX_TIME", "2026-06-24T09:05:09+02:00"),
        *((name, "https://famille.example.org/paiements/ABCDEF-GHIJKL-MNOPQR-STUVWX") for name in RETURNS),
    ],
)
def test_field_by_field(merchant, payment_of_57_euros, name, value):
    assert dict(payment_form(payment_of_57_euros, merchant))[name] == value


def test_ten_thousand_random_amounts_are_exact_to_the_cent(merchant, payment_of_57_euros):
    dice = random.Random(169165)  # noqa: S311 - amounts to try, not secrets
    for cents in [1, 25, 99, 100, *(dice.randint(1, 10**7) for _ in range(10_000))]:
        total = dict(payment_form(replace(payment_of_57_euros, amount_cents=cents), merchant))["PBX_TOTAL"]
        assert int(total) == cents
        assert total == str(cents).zfill(3)


@pytest.mark.parametrize("day", ["2026-03-29T00:59:59+00:00", "2026-03-29T01:00:00+00:00", "2026-10-25T00:30:00+00:00"])
def test_the_hour_is_that_of_paris_with_its_offset_also_when_clocks_change(merchant, payment_of_57_euros, day):
    at = datetime.fromisoformat(day)
    written = dict(payment_form(replace(payment_of_57_euros, at=at), merchant))["PBX_TIME"]
    assert datetime.fromisoformat(written).astimezone(UTC) == at
    assert written[-6:] in {"+01:00", "+02:00"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"amount_cents": 0}, "PBX_TOTAL"),
        ({"amount_cents": -100}, "PBX_TOTAL"),
        ({"reference": "a b"}, "PBX_CMD"),
        ({"reference": "A" * 41}, "PBX_CMD"),
        ({"receipt_email": "a@b.f"}, "PBX_PORTEUR"),
        ({"receipt_email": "a" * 110 + "@example.org"}, "PBX_PORTEUR"),
        ({"receipt_email": "camille@example.org\nbcc@example.org"}, "PBX_PORTEUR"),
        ({"return_url": "https://example.org/" + "p" * 131}, "PBX_EFFECTUE"),
        ({"notice_url": "/paybox/notification"}, "PBX_REPONDRE_A"),
    ],
)
def test_what_paybox_would_refuse_is_refused_here_by_name_without_its_value(
    merchant, payment_of_57_euros, change, field
):
    with pytest.raises(ValueError, match=field) as refusal:
        payment_form(replace(payment_of_57_euros, **change), merchant)
    assert "example.org" not in str(refusal.value)


@pytest.mark.parametrize(
    ("setting", "value"), [("site", "199988"), ("rang", "1"), ("rang", "0032"), ("identifiant", "1234567890")]
)
def test_a_contract_that_is_not_as_the_bank_writes_it_is_named(merchant, payment_of_57_euros, setting, value):
    with pytest.raises(ValueError, match=f"PBX_{setting.upper()}"):
        payment_form(payment_of_57_euros, replace(merchant, **{setting: value}))


def test_bounds_are_accepted(merchant, payment_of_57_euros):
    email = "a" * 108 + "@example.org"
    edges = replace(payment_of_57_euros, receipt_email=email, return_url="https://example.org/" + "p" * 130)
    fields = dict(payment_form(edges, replace(merchant, rang="001")))
    assert (len(fields["PBX_PORTEUR"]), len(fields["PBX_EFFECTUE"]), fields["PBX_RANG"]) == (120, 150, "001")


def test_money_is_never_a_float(merchant, payment_of_57_euros):
    with pytest.raises(ValueError, match="format code"):
        payment_form(replace(payment_of_57_euros, amount_cents=57.0), merchant)


def test_the_key_is_not_shown_by_what_may_be_logged(merchant, payment_of_57_euros):
    assert HMAC_KEY not in f"{merchant!r} {payment_of_57_euros!r} {payment_form(payment_of_57_euros, merchant)!r}"


def test_the_banks_files_carry_the_beginning_of_our_reference():
    assert archive_reference("ABCDEF-GHIJKL-MNOPQR-STUVWX") == "ABCDEFGHIJKL"
