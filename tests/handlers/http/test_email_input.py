"""E-mail addresses as people type them, and the slips they make."""

import pytest

from chalicelib.handlers.http.email_input import COMMON_DOMAINS, edit_distance, read_email, suggest_domain


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("camille@example.org", "camille@example.org"),
        (" Camille.Dupont@Example.ORG ", "camille.dupont@example.org"),
        ("camille @ example.org", "camille@example.org"),
        ("mailto:camille@example.org", "camille@example.org"),
        ("camille+cantine@example.org", "camille+cantine@example.org"),
        ("camille@exâmple.org", "camille@xn--exmple-xta.org"),
        ("camille＠example.org", "camille@example.org"),
        ("camille@example.org. ", "camille@example.org"),
        ("ca\u200bmille\u00a0@example.org\r\n", "camille@example.org"),
    ],
)
def test_address_is_understood(typed, read):
    assert read_email(typed) == read


@pytest.mark.parametrize(
    "typed",
    [
        "", "dupont", "dupont@", "@b.fr", "a@b", "a@localhost", "a@b.fr, c@d.fr", "a@b.fr;c@d.fr", "<a@b.fr>",
        "élo@example.org", '"a b"@example.org', "a@b.fr\r\nBcc: c@d.fr", "a@b..fr", "a@b.fr..", ".a@b.fr",
        "a@b.fr\r\nc", "a@b.fr\nc", "a@b.fr\tc", "a@b.fr\x85c", "a@b.fr\u2028c", "a@b.fr\u2029c", "a@b.fr\0c",
        f"{'a' * 65}@b.fr",
    ],
)  # fmt: skip
def test_anything_but_one_address_is_none(typed):
    assert read_email(typed) is None


@pytest.mark.parametrize(
    ("domain", "meant"),
    [
        ("gmial.com", "gmail.com"), ("gmail.con", "gmail.com"), ("gmail.co", "gmail.com"), ("gmail.fr", "gmail.com"),
        ("hotmial.fr", "hotmail.fr"), ("orage.fr", "orange.fr"), ("fre.fr", "free.fr"), ("yaho.fr", "yahoo.fr"),
        ("wanado.fr", "wanadoo.fr"), ("laposte.fr", "laposte.net"), ("outlok.com", "outlook.com"),
    ],
)  # fmt: skip
def test_slip_is_recognised(domain, meant):
    assert suggest_domain(f"camille@{domain}") == meant


@pytest.mark.parametrize(
    "domain", [*COMMON_DOMAINS, "example.org", "ville.fr", "mail.com", "gmx.fr", "hotmail.be", "asso-des-pins.fr"]
)
def test_real_domains_are_left_alone(domain):
    assert suggest_domain(f"camille@{domain}") is None


@pytest.mark.parametrize(
    ("one", "other", "count"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "acb", 1), ("abc", "ab", 1), ("kitten", "sitting", 3)],
)
def test_edits_are_counted_with_swapped_neighbours_as_one(one, other, count):
    assert edit_distance(one, other) == edit_distance(other, one) == count
