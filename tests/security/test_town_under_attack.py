"""Many addresses on many accounts, one address on many: both slow down, are told, and families still come in."""

import json
import logging

import pytest

from chalicelib.handlers.http.json_logs import JsonLines
from tests.flows.test_sign_in import ASK, fail
from tests.infrastructure.test_alarms import alarms, filters
from tests.support.browsing import Browser
from tests.support.counting import counted_calls
from tests.support.log_patterns import takes
from tests.support.people import PASSWORD


@pytest.fixture
def settings(settings, request):
    return settings.model_copy(update=getattr(request, "param", {}))


@pytest.fixture
def lines():
    """The log's lines, as our own formatter writes them, each with its second."""
    written = []
    handler = logging.Handler()
    handler.emit = lambda record: written.append(JsonLines().format(record))
    logger = logging.getLogger("chalicelib")
    before = logger.level
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    yield written
    logger.removeHandler(handler)
    logger.setLevel(before)


def from_address(n):
    return Browser(source_ip=f"198.51.{n // 250}.{n % 250 + 1}")


def one_try(n, browser=None, **typed):
    return fail(browser or from_address(n), 1, f"famille{n}", **{"captcha": "", **typed})[0]


def sign_out(browser):
    browser.get("/factures")
    browser.post("/deconnexion")


def known_browser(**where):
    browser = Browser(**where)
    assert browser.sign_in().status == 303
    sign_out(browser)
    return browser


def ringing(lines):
    """The alarms of sign-ins that ring, were these lines written within one period."""
    sums = {}
    for one in filters().values():
        if one["LogGroupName"] == {"Ref": "ApiHandlerLogGroup"}:
            (change,) = one["MetricTransformations"]
            taken = sum(takes(one["FilterPattern"], line) for line in lines)
            sums[change["MetricName"]] = sums.get(change["MetricName"], 0) + taken
    found = {alarm["AlarmName"].removeprefix("portail-famille-prod-"): alarm for alarm in alarms().values()}
    return {name for name, one in found.items() if 0 < one["Threshold"] <= sums.get(one["MetricName"], 0)}


def test_two_hundred_and_forty_addresses_on_as_many_accounts_are_told_and_slowed(portal, lines):
    statuses = [one_try(n).status for n in range(240)]
    assert statuses == [401] * 200 + [422] * 40
    assert ringing(lines) == {"sign-ins-failed", "identifiers-unknown", "town-under-attack"}


@pytest.mark.parametrize("settings", [{"town_failures": 0}], indirect=True)
def test_the_same_rings_where_the_town_is_not_counted(portal, lines):
    for n in range(240):
        one_try(n)
    assert ringing(lines) == {"sign-ins-failed", "identifiers-unknown"}


OFF = {"source_captcha": 0, "source_pause": 0, "town_failures": 0}


@pytest.mark.parametrize("settings", [OFF], indirect=True)
def test_one_address_that_locks_twenty_eight_accounts_in_45_seconds_rings(portal, lines, clock):
    for n in range(28):
        assert [page.status for page in fail(Browser(), 7, f"famille{n}")][-1] == 429
        clock.advance(seconds=45 / 28)
    assert ringing(lines) == {"sign-ins-failed", "identifiers-unknown", "accounts-locked"}
    locked = [line for line in map(json.loads, lines) if line.get("outcome") == "AccountLocked"]
    assert len(locked) == 28


def test_with_its_limits_the_same_address_is_paused_after_eight_and_told(portal, lines):
    statuses = [page.status for n in range(28) for page in fail(Browser(), 8, f"famille{n}")]
    assert set(statuses[-19 * 8 :]) == {429}, "eight accounts are locked, the ninth is not: the address waits"
    locked = [one for one in map(json.loads, lines) if one["outcome"] == "AccountLocked" and one["failed_on"]]
    assert len(locked) == 8
    assert ringing(lines) == {"sign-ins-failed", "identifiers-unknown", "accounts-locked", "sources-paused"}


def test_a_family_that_locks_itself_and_insists_rings_nothing(portal, lines):
    fail(Browser(), 20)
    assert ringing(lines) == set()


FEW = {"source_captcha": 0, "source_pause": 0, "town_failures": 10}


@pytest.mark.parametrize("settings", [FEW], indirect=True)
def test_under_attack_new_browsers_meet_the_captcha_at_once_and_known_ones_do_not(portal, clock):
    known = known_browser()
    assert [one_try(n).status for n in range(10)] == [401] * 10
    for name in ("dupont", "personne"):
        page = Browser().sign_in(name, PASSWORD)
        assert (page.status, page.says(ASK)) == (422, True), name
    assert known.sign_in().status == 303
    sign_out(known)
    assert Browser().sign_in("dupont", PASSWORD, captcha="MIYPP").status == 422, "of no captcha that it was shown"
    newcomer = Browser()
    newcomer.sign_in()
    assert newcomer.post("/connexion", identifiant="dupont", mot_de_passe=PASSWORD, captcha="MIYPP").status == 303
    clock.advance(minutes=5)
    assert Browser().sign_in().status == 303, "it ends by itself"


@pytest.mark.parametrize("settings", [FEW], indirect=True)
def test_a_browser_known_to_one_account_is_a_stranger_to_another(portal):
    known = known_browser()
    for n in range(10):
        one_try(n)
    assert known.sign_in("martin").status == 422


def solve(browser, n):
    """A wrong password with the captcha that the browser was shown."""
    return browser.post("/connexion", identifiant=f"famille{n}", mot_de_passe="faux", captcha="MIYPP").status


def solver():
    """A browser that was shown a captcha."""
    browser = Browser()
    fail(browser, 3, "montre", captcha="")
    assert "captcha_id" in browser.page.outline.forms["/connexion"]
    return browser


def test_a_source_is_paused_after_sixty_failures_captcha_or_not_and_known_browsers_pass(portal):
    known = known_browser()
    assert [one_try(n, Browser()).status for n in range(21)] == [401] * 20 + [422]
    solving = solver()
    assert [solve(solving, n) for n in range(100, 141)] == [401] * 40 + [429]
    assert Browser().sign_in().status == 429
    wrong = "faux"
    assert known.sign_in(password=wrong).status == 401
    assert known.sign_in().status == 303
    assert from_address(1).sign_in().status == 303, "another source goes on"


def test_the_pause_lasts_five_minutes_from_the_failure_that_began_it(portal, clock):
    assert [one_try(n, Browser()).status for n in range(20)] == [401] * 20
    clock.advance(minutes=4, seconds=50)
    solving = solver()
    assert [solve(solving, n) for n in range(40)] == [401] * 40
    paused = []
    for seconds in (0, 60, 239, 2):
        clock.advance(seconds=seconds)
        paused.append(Browser().sign_in().status)
    assert paused == [429, 429, 429, 303]


@pytest.mark.parametrize("username", ["dupont", "personne"])
def test_one_read_says_all_that_is_known_before_a_try(portal, username):
    fail(Browser(), 1, username)
    browser = Browser()
    browser.get("/connexion")
    with counted_calls(portal) as calls:
        browser.post("/connexion", identifiant=username, mot_de_passe="faux")
    assert calls["dynamodb.BatchGetItem"] == 2, "one before, and one that adds up the town's failures"
    with counted_calls(portal) as calls:
        Browser().sign_in("martin")
    assert calls["dynamodb.BatchGetItem"] == 1
