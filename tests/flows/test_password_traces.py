"""What the journal keeps of sign-ins and passwords, and what the logs never hold."""

import logging

from chalicelib.handlers.http.json_logs import JsonLines
from tests.support.browsing import Browser
from tests.support.choosing_passwords import NEW, change, choose, mailed_link
from tests.support.people import PASSWORD


def events(portal, username="dupont"):
    """Oldest first."""
    return [entry.event for entry in reversed(portal.stores.journal.latest(username, now=portal.clock()))]


def test_journal_tells_sign_ins_and_changes_in_order(portal, dupont, clock):
    clock.advance(minutes=1)
    change(dupont, PASSWORD, NEW)
    clock.advance(minutes=1)
    dupont.get("/")
    dupont.post("/deconnexion")
    assert events(portal) == ["signed_in", "password_changed", "signed_out"]


def test_journal_tells_a_link_that_was_asked_for_and_used(portal, clock):
    path = mailed_link(portal)
    clock.advance(minutes=1)
    choose(path)
    assert events(portal) == ["credentials_asked", "password_set"]


def test_failed_tries_leave_nothing_in_the_journal(portal):
    assert Browser().sign_in(password="faux").status == 401
    assert events(portal) == []


def test_logs_hold_no_link_password_or_address(portal, caplog):
    caplog.set_level(logging.DEBUG, logger="chalicelib")
    path = mailed_link(portal)
    assert [choose(path).status for _ in range(2)] == [303, 410]
    assert Browser().sign_in(password="canari girafe tornade").status == 401
    assert Browser().post(path, nouveau_mot_de_passe=NEW).status == 403
    assert "refused" in caplog.text
    for secret in (path.rpartition("~")[2], NEW, "canari", "dupont@example.org"):
        assert secret not in caplog.text


def test_log_puts_the_tries_on_one_account_together_and_names_nobody(portal, caplog):
    caplog.set_level(logging.INFO, logger="chalicelib")
    for username, password in (("dupont", "canari"), ("dupont", PASSWORD), ("personne\nfaux", "canari")):
        Browser().sign_in(username, password)
    tries = [record for record in caplog.records if record.msg == "sign_in"]
    assert [one.outcome for one in tries] == ["WrongCredentials", "proved", "WrongCredentials"]
    assert tries[0].account == tries[1].account != tries[2].account
    written = "".join(map(JsonLines().format, tries))
    assert not [word for word in ("dupont", "personne", "canari", PASSWORD) if word in written]
