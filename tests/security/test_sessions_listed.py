"""« Mes sessions »: what the family reads of its open browsers, and how it closes one."""

import re

from tests.support.browsing import Browser
from tests.support.people import PASSWORD

PATH = "/mes-donnees"
FIREFOX = "Mozilla/5.0 (Android 15; Mobile; rv:143.0) Gecko/143.0 Firefox/143.0"
EDGE = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36 "
    "Edg/141.0.0.0"
)


def signed_in(agent=FIREFOX, username="dupont"):
    browser = Browser()
    browser.get("/connexion")
    typed = {"identifiant": username, "mot_de_passe": PASSWORD}
    assert browser.post("/connexion", {"User-Agent": agent}, **typed).status == 303
    return browser


def ids(page):
    return sorted(set(re.findall(r"/mes-donnees/sessions/([0-9a-f]+)", page.text)))


def close(browser, identifier):
    """With the page's own token, whichever session its form names first."""
    (csrf,) = {form["csrf"] for form in browser.page.outline.forms.values() if "csrf" in form}
    return browser.post(f"{PATH}/sessions/{identifier}", csrf=csrf)


def test_each_session_says_since_when_when_last_and_in_which_browser(dupont, clock):
    signed_in(FIREFOX)
    clock.advance(minutes=3)
    other = signed_in(EDGE)
    clock.advance(minutes=6)
    other.get("/factures")
    page = dupont.get(PATH)
    assert page.says("Ce navigateur")
    assert page.says("Votre compte est ouvert dans 2 autres navigateurs.")
    edge = "Edge sur Windows ouverte le 10 juin 2026 à 11 h 03, vue le 10 juin 2026 à 11 h 09"
    firefox = "Firefox sur Android ouverte le 10 juin 2026 à 11 h 00, vue le 10 juin 2026 à 11 h 00"
    assert page.words.index(edge.casefold()) < page.words.index(firefox.casefold()), "last seen first"


def test_whole_user_agent_is_kept_nowhere(portal, dupont):
    signed_in("Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0 MonAppareil/7")
    rows = portal.clients.dynamodb.scan(TableName=portal.settings.table("sessions"))["Items"]
    assert "Firefox sur Linux" in [row.get("browser", {}).get("S") for row in rows]
    for written in ("Mozilla", "143", "MonAppareil", "x86_64"):
        assert written not in repr(rows)


def test_one_is_closed_and_the_others_stay_open(dupont):
    phone, tablet = signed_in(FIREFOX), signed_in(EDGE)
    page = dupont.get(PATH)
    first, second = ids(page)
    form = re.search(rf'formaction="{PATH}/sessions/([0-9a-f]+)" aria-label="[^"]*Firefox sur Android', page.text)
    assert form[1] in (first, second)
    assert close(dupont, form[1]).location == f"{PATH}?fait=session"
    assert dupont.follow().says("Cette session est fermée.")
    assert [one.get("/factures").status for one in (phone, tablet, dupont)] == [303, 200, 200]
    assert dupont.get(PATH).says("Fermeture d’une autre session")


def test_button_of_the_only_other_session_is_its_form_s_own(dupont):
    signed_in()
    (identifier,) = ids(dupont.get(PATH))
    assert dupont.post(f"{PATH}/sessions/{identifier}").status == 303
    assert dupont.get(PATH).says("Votre compte n’est ouvert que dans ce navigateur.")


def test_closed_twice_is_closed(dupont):
    signed_in()
    (identifier,) = ids(dupont.get(PATH))
    assert [close(dupont, identifier).status, (dupont.get(PATH), close(dupont, identifier))[1].status] == [303, 303]


def test_unknown_or_somebody_else_s_session_is_the_page_that_does_not_exist(portal, dupont):
    martin, phone = signed_in(username="martin"), signed_in(username="martin")
    missing = []
    (others,) = ids(martin.get(PATH))
    mine = dupont.cookies["__Host-session"].partition("~")[2]
    from chalicelib.services.authentication.hashing import digest
    from chalicelib.services.authentication.sessions import session_id

    own = session_id(digest(mine), portal.secrets.csrf[0])
    for identifier in ("0" * 16, others, own, digest(mine), "x"):
        dupont.get(PATH)
        page = close(dupont, identifier)
        missing.append((page.status, page.body))
    assert {status for status, _ in missing} == {404}
    assert len({body for _, body in missing}) == 1
    assert [one.get("/factures").status for one in (martin, phone, dupont)] == [200, 200, 200]


def test_neither_token_nor_its_hash_is_shown(portal, dupont):
    signed_in()
    page = dupont.get(PATH)
    for token_hash in portal.stores.accounts.find("dupont").sessions:
        assert token_hash[:16] not in page.text
    assert dupont.cookies["__Host-session"].partition("~")[2] not in page.text


def test_unchanged_page_is_the_same_bytes(dupont):
    signed_in()
    assert dupont.get(PATH).body == dupont.get(PATH).body


def test_browser_that_says_nothing_is_unknown(dupont):
    signed_in("curl/8.5.0")
    assert dupont.get(PATH).says("Navigateur inconnu")
