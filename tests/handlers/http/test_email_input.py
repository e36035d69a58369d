"""The slips that people make in the domain of an e-mail address."""

import pytest

from chalicelib.handlers.http.email_input import COMMON_DOMAINS, edit_distance, suggest_domain


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
