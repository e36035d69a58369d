"""One fault at each AWS call of what opens, closes or hands over an account: the family loses nothing by it."""

import pytest

from chalicelib.domain.account import DeliveryMode
from chalicelib.errors import Unavailable
from chalicelib.services.authentication.access_letters import renew_access
from chalicelib.services.authentication.sessions import close_other_sessions
from tests.flows.test_contact_details import NEW as NEW_EMAIL
from tests.flows.test_contact_details import ask_new_email
from tests.flows.test_faults_everywhere import Flow, account, answered, disturbed, prepared, signed_in
from tests.support.browsing import Browser
from tests.support.choosing_passwords import NEW, change, choose, mailed_link
from tests.support.letterbox import link_paths, mails
from tests.support.one_fault import kinds_of, one_fault
from tests.support.people import PASSWORD


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr("chalicelib.store.retry.time.sleep", lambda seconds: None)


def two_browsers(portal):
    return signed_in(portal), signed_in(portal)


def change_from_the_first(portal, browsers):
    """A try that failed may have signed the family out: it signs in, and changes its password again."""
    mine, _ = browsers
    if mine.get("/").status == 303:
        answered(mine.sign_in())
    answered(mine.get("/mot-de-passe"))
    typed = {"ancien_mot_de_passe": PASSWORD, "nouveau_mot_de_passe": NEW, "confirmation": NEW}
    answered(mine.post("/mot-de-passe", **typed))


def told(portal, earlier=0):
    portal.tasks.run()
    return [(mail.to, mail.subject) for mail in mails()[earlier:]]


def taken_back(portal, elsewhere):
    """Which passwords sign in, whether the other browser still does, and who was told."""
    signs_in = [Browser().sign_in(password=password).status for password in (PASSWORD, NEW)]
    return signs_in, elsewhere.get("/factures").status, told(portal)


def a_link_and_a_browser(portal):
    return mailed_link(portal), signed_in(portal)


def choose_by_link(portal, start):
    path, _ = start
    browser = Browser()
    answered(browser.get(path))
    answered(choose(path, browser=browser))


def confirm(portal, path):
    browser = Browser()
    answered(browser.get(path))
    answered(browser.post("/coordonnees/confirmation"))


def in_use(portal, path):
    """A link that could not be removed changes nothing more."""
    said, held = told(portal), account(portal)
    if Browser().get(path).status == 200:
        confirm(portal, path)
    assert account(portal) == held
    return held.email, held.email_pending, said


def close_others(portal, browsers):
    """Told that it could not be done, the family looks again, and closes what is still listed."""
    mine, _ = browsers
    page = mine.get("/mes-donnees")
    answered(page)
    if "/mes-donnees/sessions" in page.outline.forms:
        answered(mine.post("/mes-donnees/sessions"))


def renew(portal, browsers):
    renew_access(account(portal), portal.clock().date(), stores=portal.stores)


def choose_paper(portal, browser):
    answered(browser.get("/mode-de-reception"))
    answered(browser.post("/mode-de-reception", mode="courrier"))


def a_taken_address(portal):
    """The link of « Ce n'est pas moi », and the browser that took the account."""
    browser = signed_in(portal)
    confirm(portal, ask_new_email(portal, browser))
    portal.tasks.run()
    links = [path for mail in mails() if mail.to == "dupont@example.org" for path in link_paths(mail)]
    return links[-1], browser


def undo(portal, start):
    path, _ = start
    browser = Browser()
    answered(browser.get(path))
    answered(browser.post("/ce-n-est-pas-moi"))


FLOWS = {
    "a password changed": Flow(
        two_browsers, change_from_the_first, lambda portal, browsers: taken_back(portal, browsers[1])
    ),
    "a password chosen by a link": Flow(
        a_link_and_a_browser,
        choose_by_link,
        lambda portal, start: (taken_back(portal, start[1]), Browser().get(start[0]).status),
    ),
    "an e-mail address confirmed": Flow(
        lambda portal: ask_new_email(portal, signed_in(portal)),
        confirm,
        in_use,
    ),
    "the other sessions closed": Flow(
        two_browsers, close_others, lambda portal, browsers: [one.get("/factures").status for one in browsers]
    ),
    "an access renewed by letter": Flow(
        two_browsers, renew, lambda portal, browsers: [one.get("/factures").status for one in browsers]
    ),
    "a change of address undone": Flow(
        a_taken_address,
        undo,
        lambda portal, start: (
            account(portal).email,
            start[1].get("/factures").status,
            {to for to, subject in told(portal) if "annulé" in subject},
            choose(link_paths(mails()[-1])[0]).status,
        ),
    ),
    "paper chosen": Flow(
        signed_in, choose_paper, lambda portal, browser: (account(portal).delivery_mode, told(portal))
    ),
}
WANTED = {
    "a password changed": ([401, 303], 303, [("dupont@example.org", "Votre mot de passe a été changé")]),
    "an e-mail address confirmed": (
        NEW_EMAIL,
        None,
        [
            (NEW_EMAIL, "Confirmez votre adresse"),
            ("dupont@example.org", "Un changement d’adresse mail a été demandé"),
            ("dupont@example.org", "Votre adresse mail a été changée"),
            (NEW_EMAIL, "Votre adresse mail a été changée"),
        ],
    ),
    "a password chosen by a link": (
        (
            [401, 303],
            303,
            [("dupont@example.org", "Vos identifiants"), ("dupont@example.org", "Votre mot de passe a été changé")],
        ),
        410,
    ),
    "the other sessions closed": [200, 303],
    "an access renewed by letter": [303, 303],
    "a change of address undone": ("dupont@example.org", 303, {"dupont@example.org"}, 303),
    "paper chosen": (DeliveryMode.PAPER, [("dupont@example.org", "Votre mode de réception de factures")]),
}


@pytest.mark.parametrize("name", FLOWS)
def test_one_fault_costs_the_family_nothing(portal, name):
    flow = FLOWS[name]
    start = prepared(portal, flow)
    with one_fault(portal.clients) as operations:
        flow.run(portal, start)
    assert flow.effect(portal, start) == WANTED[name]
    ended = {}
    for place, operation in enumerate(operations):
        for kind in kinds_of(operation):
            try:
                ended[f"{place}, {operation}, {kind}"] = disturbed(portal, flow, place, kind)
            except Exception as failure:
                ended[f"{place}, {operation}, {kind}"] = repr(failure)
    assert {where: end for where, end in ended.items() if end != WANTED[name]} == {}


def test_sessions_end_at_the_second_try_when_the_first_one_wrote_the_account_only(portal, dupont, monkeypatch):
    """What was found: the list was emptied first, so that a repetition had nothing left to end."""
    elsewhere = signed_in(portal)
    mine = dupont.cookies["__Host-session"].partition("~")[2]
    end, failing = portal.stores.sessions.end, [True]

    def fail_once(token_hash):
        if failing and failing.pop():
            raise Unavailable("sessions")
        end(token_hash)

    from chalicelib.services.authentication.hashing import digest

    monkeypatch.setattr(portal.stores.sessions, "end", fail_once)
    with pytest.raises(Unavailable):
        close_other_sessions(account(portal), digest(mine), stores=portal.stores)
    assert elsewhere.get("/factures").status == 200
    close_other_sessions(account(portal), digest(mine), stores=portal.stores)
    assert (elsewhere.get("/factures").status, dupont.get("/factures").status) == (303, 200)


def test_session_opened_while_the_others_are_closed_is_listed_or_ended(portal, dupont, monkeypatch):
    opened, replace = [], portal.stores.accounts.replace

    def signed_in_between(before, after):
        if not opened:
            opened.append(signed_in(portal))
        return replace(before, after)

    monkeypatch.setattr(portal.stores.accounts, "replace", signed_in_between)
    signed_in(portal)
    dupont.get("/mes-donnees")
    assert dupont.post("/mes-donnees/sessions").status == 303
    assert (opened[0].get("/factures").status, dupont.get("/factures").status) == (303, 200)
    rows = portal.clients.dynamodb.scan(TableName=portal.settings.table("sessions"))["Items"]
    assert {row["token_hash"]["S"] for row in rows} == set(account(portal).sessions)


def test_mail_about_a_change_leaves_although_the_journal_fails(portal, dupont, monkeypatch):
    def fail(*_, **__):
        raise Unavailable("journal")

    monkeypatch.setattr(portal.stores.journal, "note", fail)
    assert change(dupont, PASSWORD, NEW).status == 303
    assert told(portal) == [("dupont@example.org", "Votre mot de passe a été changé")]


def test_any_new_password_drops_an_address_that_waits_for_its_link(portal, dupont, today):
    def by_link(browser):
        choose(mailed_link(portal))

    def by_letter(browser):
        renew_access(account(portal), today, stores=portal.stores)

    for way in (lambda browser: change(browser, PASSWORD, NEW), by_link, by_letter):
        held = account(portal)
        again = held.model_copy(update={"password_hash": portal.hashing.hash(PASSWORD)})
        assert portal.stores.accounts.replace(held, again)
        browser = signed_in(portal)
        path = ask_new_email(portal, browser)
        assert account(portal).email_pending == NEW_EMAIL
        way(browser)
        assert account(portal).email_pending is None
        visitor = Browser()
        assert (visitor.get(path).status, account(portal).email) == (410, "dupont@example.org")


def test_first_password_drops_an_address_that_waits_too(portal, clock, today):
    from datetime import timedelta

    from chalicelib.services.authentication.activation_code import activation_code

    held = account(portal)
    waiting = {"email_pending": NEW_EMAIL, "email_pending_until": clock() + timedelta(hours=1)}
    never_opened = held.model_copy(update={"password_hash": None, "activation_printed_on": today, **waiting})
    assert portal.stores.accounts.replace(held, never_opened)
    browser = Browser()
    page = browser.sign_in(password=activation_code(never_opened, key=portal.secrets.activation[0]))
    assert choose(page.location, browser=browser).status == 303
    assert (account(portal).opened, account(portal).email_pending) == (True, None)
