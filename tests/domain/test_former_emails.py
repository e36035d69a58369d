"""Which addresses an account left a moment ago: they are warned, and may come back."""

from datetime import UTC, datetime, timedelta

from tests.support.people import DUPONT, MARTIN

NOON = datetime(2026, 6, 10, 12, tzinfo=UTC)
OLD = "dupont@example.org"


def hours(count):
    return NOON + timedelta(hours=count)


def test_address_that_is_replaced_or_removed_is_a_former_one_for_seventy_two_hours():
    for email in ("nouvelle@example.org", None):
        left = DUPONT.leaving_email(email, NOON)
        assert (left.email, left.former_emails(hours(71))) == (email, {OLD: NOON})
        assert left.former_emails(hours(72)) == {}


def test_each_address_in_a_row_is_one_and_old_ones_are_forgotten_with_the_next():
    first = DUPONT.leaving_email("b@example.org", NOON)
    second = first.leaving_email("c@example.org", hours(10))
    assert second.former_emails(hours(11)) == {OLD: NOON, "b@example.org": hours(10)}
    assert second.leaving_email("d@example.org", hours(80)).left_emails == {
        "b@example.org": hours(10),
        "c@example.org": hours(80),
    }


def test_going_back_keeps_nothing_of_the_address_in_between():
    there_and_back = DUPONT.leaving_email("b@example.org", NOON).leaving_email(OLD, hours(1))
    assert (there_and_back.email, there_and_back.left_emails) == (OLD, None)


def test_same_address_or_a_first_one_leaves_none():
    assert DUPONT.leaving_email(OLD, NOON) == DUPONT
    assert MARTIN.leaving_email("martin@example.org", NOON).left_emails is None
