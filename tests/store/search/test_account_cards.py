"""Several accounts with what belongs to them, of four tables, in one round trip."""

from chalicelib.services.authentication.counts import ACCOUNT_RULE, account_count
from chalicelib.services.authentication.locks import lock_counts
from tests.support.counting import counted_calls
from tests.support.people import CHILDREN, DUPONT

ASKED = [("dupont", "F1"), ("martin", ""), ("personne", "F9")]


def test_an_account_comes_with_its_children_its_invoices_and_its_failed_sign_ins(portal, clock):
    portal.stores.attempts.reserve(account_count("martin"), now=clock(), below=7, rule=ACCOUNT_RULE)
    cards = portal.stores.account_cards.find_many(ASKED, counts=lock_counts)
    assert list(cards) == ["dupont", "martin"]
    dupont, martin = cards["dupont"], cards["martin"]
    assert (dupont.account.holder, dupont.family) == (DUPONT.holder, CHILDREN)
    assert [row.number for row in dupont.rows] == ["169165", "150001"]
    assert [one.failures for one in dupont.attempts] == [0, 0, 0, 0]
    assert [one.failures for one in martin.attempts] == [1, 0, 0, 0]
    assert martin.family is None


def test_they_are_read_at_once(portal):
    with counted_calls(portal) as calls:
        portal.stores.account_cards.find_many(ASKED, counts=lock_counts)
    assert calls == {"dynamodb.BatchGetItem": 1}


def test_none_are_read_when_none_are_asked(portal):
    with counted_calls(portal) as calls:
        assert portal.stores.account_cards.find_many([], counts=lock_counts) == {}
    assert not calls
