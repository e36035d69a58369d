"""The store of families, in memory and over moto: one contract."""

from chalicelib.domain.family import Family
from tests.support.people import CHILDREN

OTHER = Family(family="F2", children=CHILDREN.children)


def test_families_are_found_in_the_order_asked_and_the_unknown_left_out(stores):
    stores.families.put(CHILDREN)
    stores.families.put(OTHER)
    found = stores.families.find_many(["F2", "F9", "F1"])
    assert list(found.items()) == [("F2", OTHER), ("F1", CHILDREN)]
    assert stores.families.find_many([]) == {}


def test_family_put_again_is_replaced_whole(stores):
    stores.families.put(CHILDREN)
    stores.families.put(Family(family="F1", children=()))
    assert stores.families.find_many(["F1"]) == {"F1": Family(family="F1", children=())}
