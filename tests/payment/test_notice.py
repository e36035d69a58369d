"""The notice that comes in: believed when every raw byte is the bank's, refused in one way whatever else it is."""

import base64
import hashlib
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.domain.payment import Notice
from chalicelib.errors import NoticeRejected, NoticeTooLarge
from chalicelib.payment.notice import MAX_BYTES, fingerprint, read_notice, signed_part
from tests.support.payments.paybox_vectors import ACCEPTED, PAYBOX_KEY, REFUSED, VECTORS


@pytest.fixture
def read(bank_pem):
    return lambda raw, tests_accepted=True: read_notice(raw, [PAYBOX_KEY, bank_pem], tests_accepted=tests_accepted)


def test_every_variable_of_an_accepted_payment_is_read(read, signed):
    assert read(signed(ACCEPTED)) == Notice(
        reference="AAAAAA-BBBBBB",
        amount_cents=5700,
        code="00000",
        call="71",
        transaction="83",
        authorisation="XXXXXX",
        card_ending="44",
        country="FRA",
        paid_on=date(2026, 6, 24),
    )


def test_a_refusal_comes_without_authorisation_card_or_date(read, signed):
    notice = read(signed(REFUSED))
    assert (notice.code, notice.accepted, notice.authorisation, notice.paid_on) == ("00105", False, "", None)


def test_genuine_messages_of_paybox_are_read_as_published(read):
    ours = [vector for vector in VECTORS["rsa"] if vector["id"] in {"rsa-lexik-ok", "rsa-lexik-refused-noauth"}]
    notices = [read(vector["raw"].encode()) for vector in ours]
    assert [(notice.reference, notice.amount_cents, notice.code) for notice in notices] == [
        ("CMD1349338388", 1000, "00000"),
        ("COM000000117T1402932051", 8160, "00004"),
    ]


def test_raw_and_escaped_characters_are_both_read_as_they_were_signed(read, signed):
    raw = signed(b"Mt=025&Ref=a,b/c@d%20e+f%C3%A9&Erreur=00000&Autre=%2C,")
    assert (read(raw).reference, read(raw).amount_cents) == ("a,b/c@d e+fé", 25)


def test_the_test_platform_is_believed_on_the_desk_and_never_in_production(read, signed):
    assert read(signed(ACCEPTED)).test
    with pytest.raises(NoticeRejected, match="test platform"):
        read(signed(ACCEPTED), tests_accepted=False)
    assert not read(signed(ACCEPTED.replace(b"XXXXXX", b"A1B2C3")), tests_accepted=False).test


def breakages(raw):
    """Each way a message may fail to be the bank's, from a good one."""
    message, mark, signature = raw.rpartition(b"&Sign=")
    return {
        "empty": b"",
        "signature alone": mark + signature,
        "unsigned": message,
        "nothing after Sign": message + mark,
        "bad base64": message + mark + b"%%%not-base64%%%",
        "percent cut short": message + mark + signature[:-1],
        "129 bytes": message + mark + base64.b64encode(b"x" * 129),
        "one byte missing": message + mark + base64.b64encode(b"x" * 127),
        "amount altered": raw.replace(b"Mt=5700", b"Mt=5701"),
        "reference altered": raw.replace(b"AAAAAA", b"AAAAAB"),
        "field added": raw.replace(b"&Sign=", b"&Autre=1&Sign="),
        "field after the signature": raw + b"&Autre=1",
        "signature repeated": raw + mark + signature,
        "another name for the signature": raw.replace(b"&Sign=", b"&sign="),
        "re-encoded": raw.replace(b"-", b"%2D"),
        "line ending": raw + b"\n",
        "not UTF-8": b"\xff\xfe" + raw,
    }


@pytest.mark.parametrize("case", breakages(b""))
def test_each_breakage_is_refused_with_403(read, signed, case):
    with pytest.raises(NoticeRejected) as refusal:
        read(breakages(signed(ACCEPTED))[case])
    assert (refusal.value.suggested_status, refusal.value.unreadable) == (403, False)


def test_a_message_signed_by_another_key_is_refused(signed):
    with pytest.raises(NoticeRejected, match="not authentic"):
        read_notice(signed(ACCEPTED), [PAYBOX_KEY], tests_accepted=True)


def test_beyond_eight_kilobytes_nothing_is_verified(read, signature_of):
    def of_length(size_bytes):
        message = ACCEPTED + b"&Autre=" + b"x" * (size_bytes - len(ACCEPTED) - 7 - 6 - 172)
        return message + b"&Sign=" + base64.b64encode(signature_of(message))

    assert len(of_length(MAX_BYTES)) == MAX_BYTES == 8192
    assert read(of_length(MAX_BYTES)).accepted
    with pytest.raises(NoticeTooLarge) as refusal:
        read(of_length(MAX_BYTES + 1))
    assert refusal.value.suggested_status == 413


@pytest.mark.parametrize(
    "message",
    [
        b"Mt=1&Mt=2&Ref=A&Erreur=00000",
        b"Mt=1&%4Dt=2&Ref=A&Erreur=00000",
        b"Mt=1&Ref=A&Erreur=00000&Auto",
        b"Mt=1&Ref=A&Erreur=00000&&Auto=1",
        b"Mt=1&Ref=\xff&Erreur=00000",
        b"Mt=1&Ref=%FF&Erreur=00000",
        b"Mt=1&Ref=&Erreur=00000",
        b"Mt=1&Erreur=00000",
        b"Ref=A&Erreur=00000",
        b"Mt=1&Ref=A",
        b"Mt=1,5&Ref=A&Erreur=00000",
        b"Mt=-1&Ref=A&Erreur=00000",
        "Mt=٥٧&Ref=A&Erreur=00000".encode(),
        b"Mt=12345678901&Ref=A&Erreur=00000",
        b"Mt=1&Ref=A&Erreur=00000%00",
    ],
)
def test_what_the_bank_signed_but_we_cannot_read_is_refused_and_marked_as_worth_keeping(read, signed, message):
    with pytest.raises(NoticeRejected) as refusal:
        read(signed(message))
    assert refusal.value.unreadable


@pytest.mark.parametrize(
    ("said", "transaction", "call"),
    [
        (b"Trans=0083&Appel=00071", "83", "71"),
        (b"Trans=8E08&Appel=A1", "", ""),
        (b"Trans=0&Appel=71", "", "71"),
        (b"Trans=83%2C00&Appel=7%201", "", ""),
        ("Trans=٨٣&Appel=71".encode(), "", "71"),
    ],
)
def test_numbers_of_the_bank_are_their_digits_and_nothing_else_is_one(read, signed, said, transaction, call):
    notice = read(signed(b"Mt=5700&Ref=A&Erreur=00000&Auto=A1B2C3&" + said))
    assert (notice.transaction, notice.call, notice.authorisation) == (transaction, call, "A1B2C3")


@pytest.mark.parametrize("odd", [b"Date=31022026", b"Date=2026", b"Fin=444", b"Pays=???", b"Appel=a%20b", b"Auto="])
def test_an_odd_detail_never_costs_a_payment(read, signed, odd):
    notice = read(signed(b"Mt=5700&Ref=A&Erreur=00000&" + odd))
    assert notice.accepted
    assert (notice.paid_on, notice.card_ending, notice.country, notice.call, notice.authorisation) == (None, *[""] * 4)


def test_what_is_verified_is_what_came_before_the_signature(bank_pem, signed):
    assert signed_part(signed(ACCEPTED), [bank_pem]) == ACCEPTED
    assert fingerprint(ACCEPTED) == hashlib.sha256(ACCEPTED).hexdigest()


@settings(deadline=None, max_examples=300)
@given(raw=st.one_of(st.binary(max_size=400), st.binary(max_size=200).map(lambda junk: b"Mt=1&Sign=" + junk)))
def test_whatever_a_stranger_posts_ends_in_a_refusal(raw):
    with pytest.raises(NoticeRejected):
        read_notice(raw, [PAYBOX_KEY], tests_accepted=True)


@settings(deadline=None, max_examples=200)
@given(message=st.one_of(st.binary(max_size=200), st.text("MtRefErreur=&%0123456789AF", max_size=60).map(str.encode)))
def test_whatever_the_bank_signs_is_read_or_refused_and_nothing_else(bank_pem, signed, message):
    answer = outcome(signed(message), [bank_pem])
    assert isinstance(answer, Notice) or answer.unreadable


def outcome(raw, keys):
    try:
        return read_notice(raw, keys, tests_accepted=True)
    except NoticeRejected as refusal:
        return refusal
