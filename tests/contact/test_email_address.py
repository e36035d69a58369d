"""E-mail addresses as people type them, in a form or in a file."""

from time import perf_counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.contact.email_address import DELIVERABLE, find_email, read_email
from chalicelib.errors import ValueRefused

READ = (
    ("camille@example.org", "camille@example.org"),
    (" Camille.Dupont@Example.ORG ", "camille.dupont@example.org"),
    ("camille @ example.org", "camille@example.org"),
    ("mailto:camille@example.org", "camille@example.org"),
    ("camille+cantine@example.org", "camille+cantine@example.org"),
    ("camille@exâmple.org", "camille@xn--exmple-xta.org"),
    ("camille@xn--exmple-xta.org", "camille@xn--exmple-xta.org"),
    ("CAMILLE@BÜCHER.EXAMPLE.ORG", "camille@xn--bcher-kva.example.org"),
    ("camille＠example.org", "camille@example.org"),
    ("camille@example.org. ", "camille@example.org"),
    ("ca\u200bmille\u00a0@example.org\r\n", "camille@example.org"),
)
WRONG = (
    "", "@", "dupont", "dupont@", "@b.fr", "a@b", "a@localhost", "<a@b.fr>", "élo@example.org", '"a b"@example.org',
    ".a@x", ".a@b.fr", "a.@b.fr", "a..b@b.fr", "a@b..fr", "a@b.fr..", "a@.b.fr", "a@-b.fr", "a@b.fr-", "a@127.0.0.1",
    "camille dupont@example.org", "camille@example .org", "camille@example. org", f"{'a' * 65}@b.fr",
)  # fmt: skip
SEVERAL = ("a@b.fr, c@d.fr", "a@b.fr;c@d.fr", "a@b.fr c@d.fr", "a@b.fr ou c@d.fr", "a@b@c.fr")
BROKEN = (
    "a@b.fr\r\nBcc: c@d.fr", "a@b.fr\r\nc", "a@b.fr\nc", "a@b.fr\tc", "a@b.fr\x85c", "a@b.fr\u2028c", "a@b.fr\u2029c",
    "a@b.fr\0c",
)  # fmt: skip


@pytest.mark.parametrize(("typed", "read"), READ)
def test_address_is_understood(typed, read):
    assert read_email(typed) == read


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        *((typed, "email_wrong") for typed in WRONG),
        *((typed, "email_several") for typed in SEVERAL),
        *((typed, "email_control") for typed in BROKEN),
    ],
)
def test_anything_but_one_address_is_refused_with_its_reason(typed, reason):
    with pytest.raises(ValueRefused) as refusal:
        read_email(typed)
    assert refusal.value.reason == reason
    assert find_email(typed) is None


ADDRESSES = st.emails() | st.from_regex(r"[a-z.']{1,8} ?@ ?[a-zé.-]{1,12}\.(fr|org)\.?", fullmatch=True)


@settings(deadline=None, max_examples=400)
@given(ADDRESSES | st.text(max_size=80))
def test_what_was_read_is_read_back_the_same_and_can_be_sent_to(typed):
    found = find_email(typed)
    if found:
        assert read_email(found) == found
        assert DELIVERABLE.fullmatch(found)
        assert found.isascii()


@pytest.mark.parametrize("sign", ["a", "@", ".", " ", "a@", "a.", "é", "-", "xn--", "\u200b"])
def test_a_long_text_is_refused_at_once(sign):
    began = perf_counter()
    for size in (254, 1000, 1001, 200_000):
        assert find_email((sign * size)[:size]) is None
        assert find_email("a@" + (sign * size)[:size] + ".fr") is None
    assert perf_counter() - began < 2
