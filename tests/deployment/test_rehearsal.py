"""A rehearsal cannot pass by itself: no check, or one that fails, is a failure; forms and rows are read as they are."""

import io
import re
from datetime import date

import pytest
from rich.console import Console

from deployment.rehearsal.__main__ import CHECKS, title_of, town_day
from deployment.rehearsal.report import Report, require
from deployment.rehearsal.scene import choose_family
from deployment.rehearsal.visitor import Answer, Visitor

COLUMNS = "identifiant;courriel;mode_de_reception;prelevement\n"
PAGE = """<form method="post" action="/api/connexion"><input type="hidden" name="csrf" value="jeton">
<input name="identifiant"><input type="checkbox" name="oui" value="1"></form><a href="/api/">Accueil</a>"""


@pytest.fixture
def report():
    return Report(Console(file=io.StringIO(), width=150))


def test_no_check_at_all_is_no_success(report):
    assert not report.passed


def test_one_failure_among_others_fails_and_is_shown_whole(report):
    report.check("the first", lambda: "seen")
    report.check("the second", lambda: require(False, "x" * 500))
    report.check("the third", lambda: "seen as well")
    report.show()
    printed = report.console.file.getvalue()
    assert not report.passed
    assert "2 passed, 1 failed" in printed
    assert re.sub(r"\s", "", printed).count("x" * 500) == 1


def test_all_of_them_passing_is_a_success(report):
    report.check("the only one", lambda: "seen")
    assert report.passed


def test_every_check_says_what_it_looks_at_and_none_twice():
    titles = [title_of(check) for check in CHECKS]
    assert all(" " in title for title in titles)
    assert len(set(titles)) == len(titles)


def test_a_form_is_found_by_its_whole_address_with_its_hidden_fields():
    visitor = Visitor("http://127.0.0.1:1/api", page=Answer("http://127.0.0.1:1/api/x", 200, {}, PAGE.encode()))
    assert visitor.form("http://127.0.0.1:1/api/connexion") == {"csrf": "jeton", "identifiant": ""}
    with pytest.raises(LookupError):
        visitor.form("http://127.0.0.1:1/api/deconnexion")


def test_who_walks_chose_mail_and_owes_something(tmp_path):
    people = ["1;a@example.org;courrier;non", "2;b@example.org;courriel;oui", "3;c@example.org;courriel;non"]
    (tmp_path / "comptes.csv").write_text(COLUMNS + "\n".join(people))
    month = tmp_path / "factures.csv"
    rows = ["A1;1;57,00;", "A2;2;57,00;", "A3;3;57,00;57,00", "A4;3;-12,00;", "A5;3;1234,50;"]
    month.write_text("numero;identifiant;montant_total;montant_regle\n" + "\n".join(rows))
    walker = choose_family(tmp_path, month)
    assert (walker.username, walker.email, walker.number, walker.cents) == ("3", "c@example.org", "A5", 123_450)


@pytest.mark.parametrize(
    ("today", "day"),
    [
        (date(2026, 11, 30), date(2026, 11, 10)),
        (date(2026, 12, 1), date(2026, 11, 10)),
        (date(2026, 12, 2), date(2026, 12, 2)),
        (date(2027, 1, 1), date(2026, 12, 10)),
        (date(2026, 12, 24), date(2026, 12, 10)),
    ],
)
def test_the_town_s_last_month_is_billed_and_not_due_on_any_day(today, day):
    assert town_day(today) == day
