"""What an account is found by, and the entries that lead to it."""

from chalicelib.domain.account import Account, Address, Holder
from chalicelib.domain.family import Child, Family
from chalicelib.domain.search.account_words import (
    MOST_WORD_BYTES,
    Kind,
    entries_of,
    facets_of,
    family_entry,
    letters_of,
)

ACCOUNT = Account(
    username="100001",
    family="F1",
    holder=Holder(civility="Mme", last_name="Lefèvre", first_name="Éloïse"),
    address=Address(line_1="12 allée des Mûriers", postcode="06990", town="Saint-Aubin-les-Pins"),
    email="eloise.lefevre@example.org",
    mobile="0612345678",
)
FAMILY = Family(family="F1", children=(Child(last_name="Diallo", first_name="Zoé"),))


def test_an_account_is_found_by_its_people_its_numbers_and_where_it_can_be_reached():
    found = {facet.kind: (facet.shown, facet.words) for facet in facets_of(ACCOUNT, FAMILY)}
    assert found == {
        Kind.HOLDER: ("Mme Éloïse Lefèvre", ("lefevre", "eloise")),
        Kind.CHILD: ("Zoé Diallo", ("zoe", "diallo")),
        Kind.FAMILY: ("F1", ("f1",)),
        Kind.USERNAME: ("100001", ("100001",)),
        Kind.PHONE: ("0612345678", ("612345678",)),
        Kind.EMAIL: ("eloise.lefevre@example.org", ("eloise.lefevre@example.org", "eloise.lefevre")),
        Kind.TOWN: ("Saint-Aubin-les-Pins", ("saint", "aubin", "les", "pins", "saintaubinlespins", "06990")),
        Kind.STREET: ("12 allée des Mûriers", ("12", "allee", "des", "muriers")),
    }


def test_entries_lead_from_names_their_sounds_and_numbers_and_not_from_a_street_or_a_town():
    stored = entries_of(ACCOUNT, FAMILY)
    assert stored.entries == {
        "lefevre#100001", "eloise#100001", "zoe#100001", "diallo#100001", "f1#100001", "100001#100001",
        "612345678#100001", "eloise.lefevre@example.org#100001", "eloise.lefevre#100001",
        "~lefevr#100001", "~eloi#100001", "~soe#100001", "~dialo#100001", "#F1#100001",
    }  # fmt: skip
    assert stored.family == "F1"


def test_every_entry_carries_all_the_words_the_holder_first():
    words = entries_of(ACCOUNT, FAMILY).words.split()
    assert words[:2] == ["lefevre", "eloise"]
    assert {"zoe", "saint", "muriers", "06990", "612345678"} <= set(words)


def test_an_account_without_children_or_telephone_has_fewer():
    alone = ACCOUNT.model_copy(update={"mobile": None, "email": None})
    assert {facet.kind for facet in facets_of(alone, None)} == {
        Kind.HOLDER, Kind.FAMILY, Kind.USERNAME, Kind.TOWN, Kind.STREET
    }  # fmt: skip


def test_the_words_of_a_large_family_stop_at_whole_words_within_their_room():
    many = Family(family="F1", children=tuple(Child(last_name="Dié", first_name=f"Ève{n:03}") for n in range(200)))
    words = entries_of(ACCOUNT, many).words
    assert MOST_WORD_BYTES - 10 < len(words.encode()) <= MOST_WORD_BYTES
    assert words.endswith("eve060") or words.split()[-1].startswith("eve")
    assert "eve199#100001" in entries_of(ACCOUNT, many).entries, "which is found by its own entry"


def test_an_address_to_come_is_found_as_well():
    moving = ACCOUNT.model_copy(update={"next_address": Address(line_1="3 quai Nord", postcode="06991", town="Port")})
    assert {"port", "quai", "aubin"} <= set(entries_of(moving, None).words.split())


def test_an_entry_lies_with_those_of_its_first_letters():
    assert letters_of("dupont#100001") == "du"
    assert letters_of("~dupon#100001") == "~du"
    assert letters_of("7#100001") == "7#"
    assert letters_of(family_entry("F1", "100001")) == "#F1"
    assert letters_of("œuf#1"[:3]) == "œu"
