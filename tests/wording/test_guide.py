"""The fixed sentences come out in French typography, and none is missing where one is looked up."""

import re
from datetime import UTC, datetime

import pytest

from chalicelib.domain.payment import AttemptState
from chalicelib.errors import PortalError, Unavailable
from chalicelib.wording import guide


def sentences():
    fixed = [text for name, text in vars(guide).items() if name.isupper() and isinstance(text, str) and name != "NBSP"]
    told = [*guide.ERROR_MESSAGES.values(), guide.COOKIES_NEEDED, *guide.PAYMENT_OUTCOMES.values()]
    return fixed + list(guide.CONFIRMATIONS.values()) + [text for pair in told for text in pair[:2]]


def refusals(family=PortalError):
    return [family, *(deeper for refusal in family.__subclasses__() for deeper in refusals(refusal))]


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("c'est-à-dire", "c’est-à-dire"),
        ("Rappel : oui ; non ! si ?", "Rappel\u00a0: oui\u00a0; non\u00a0! si\u00a0?"),
        ("cliquez sur « payer »", "cliquez sur «\u00a0payer\u00a0»"),
        ("à 9:05, sans espace", "à 9:05, sans espace"),
    ],
)
def test_typewriter_becomes_typography(typed, printed):
    assert guide.typeset(typed) == printed


@pytest.mark.parametrize("sentence", sentences())
def test_every_sentence_is_typeset(sentence):
    assert sentence == guide.typeset(sentence)
    assert not re.search(r"\.\.$|  ", sentence)


def test_lock_says_the_guide_s_sentence_then_the_hour_it_ends_in_paris():
    told = guide.locked(datetime(2026, 6, 10, 7, 5, tzinfo=UTC))
    assert told.startswith(guide.LOCKED)
    assert told.endswith("à partir de 9\u00a0h\u00a005.")


@pytest.mark.parametrize("refusal", [*refusals(), Unavailable], ids=lambda refusal: refusal.__name__)
def test_every_refusal_has_words_of_its_own_status_or_of_its_family(refusal):
    status = refusal.suggested_status
    assert guide.error_message(status) == guide.ERROR_MESSAGES.get(status, guide.ERROR_MESSAGES[400])


def test_unknown_failure_of_the_server_is_told_as_ours():
    assert guide.error_message(507) is guide.ERROR_MESSAGES[500]
    assert guide.error_message(418) is guide.ERROR_MESSAGES[400]


def test_every_state_of_a_payment_has_its_words():
    assert set(guide.PAYMENT_OUTCOMES) == set(AttemptState)


def test_only_a_payment_that_may_still_succeed_is_waited_for():
    waiting = {state for state, told in guide.PAYMENT_OUTCOMES.items() if told.wait}
    assert waiting == {AttemptState.STARTED, AttemptState.PENDING, AttemptState.NEEDS_REVIEW}
