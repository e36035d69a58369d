"""What is kept of a password, what is accepted, and that a wrong pair costs the same for everyone."""

import bcrypt
import pytest

from chalicelib.services.authentication import hashing
from chalicelib.services.authentication.hashing import check_password, hash_password, needs_rehash

COST = 4
OLD, CURRENT = b"old pepper" * 4, b"current pepper" * 3
PASSWORD = "Portail-Demo-2026"


def kept(password: str = PASSWORD, *, pepper: bytes = CURRENT, cost: int = COST) -> str:
    return hash_password(password, pepper=pepper, cost=cost)


def accepted(password: str, stored: str | None, *, peppers: tuple[bytes, ...] = (CURRENT, OLD)) -> bool:
    return check_password(password, stored, peppers=peppers, cost=COST)


@pytest.fixture
def rounds(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The rounds of every bcrypt check made, in order."""
    spent: list[int] = []

    def counted(secret: bytes, hashed: bytes) -> bool:
        spent.append(2 ** int(hashed[4:6]))
        return bcrypt_check(secret, hashed)

    bcrypt_check = bcrypt.checkpw
    monkeypatch.setattr(bcrypt, "checkpw", counted)
    return spent


@pytest.mark.parametrize("password", [PASSWORD, "é" * 128, "👩‍👧‍👦" * 10, "a\0b" * 5, "", " espaces ", "\ud800" * 12])
def test_password_is_taken_exactly(password: str) -> None:
    stored = kept(password)
    assert accepted(password, stored)
    assert not accepted(password + "x", stored)


@pytest.mark.parametrize(
    "wrong", ["portail-demo-2026", " Portail-Demo-2026", "Portail-Demo-2026\n", "Portail-Demo-202", ""]
)
def test_nearly_the_password_is_not_the_password(wrong: str) -> None:
    assert not accepted(wrong, kept())


def test_what_follows_the_seventy_second_byte_counts() -> None:
    assert not accepted("é" * 127 + "e", kept("é" * 128))


def test_accent_typed_in_two_characters_is_the_accent_typed_in_one() -> None:
    assert accepted("E\u0301le\u0300ve-de-CM2", kept("\u00c9l\u00e8ve-de-CM2"))


def test_same_password_is_never_kept_twice_the_same_nor_in_clear() -> None:
    one, other = kept(), kept()
    assert one != other
    assert one.startswith("$2b$04$")
    assert PASSWORD not in one


def test_hash_is_worth_nothing_without_the_pepper() -> None:
    assert not accepted(PASSWORD, kept(pepper=b"another town" * 3))


def test_older_pepper_is_accepted_while_it_is_listed() -> None:
    stored = kept(pepper=OLD)
    assert accepted(PASSWORD, stored)
    assert not accepted(PASSWORD, stored, peppers=(CURRENT,))


@pytest.mark.parametrize(
    "stored",
    [
        None,
        "",
        "x",
        "$2b$04$short",
        "$2b$99$" + "." * 53 + ".0123abcd",
        "$2a$04$" + "." * 53,
        kept()[:-1],
        kept() + "0",
    ],
    ids=lambda stored: f"{len(stored or '')} signs" if stored is None or "$" in stored else stored,
)
def test_nothing_kept_or_something_malformed_is_refused_without_an_error(stored: str | None) -> None:
    assert not accepted(PASSWORD, stored)


@pytest.mark.parametrize(
    "stored",
    [
        pytest.param(None, id="unknown account"),
        pytest.param("malformed", id="malformed"),
        pytest.param(kept("autre"), id="known account"),
        pytest.param(kept("autre", pepper=OLD), id="older pepper"),
        pytest.param(kept("autre", pepper=b"gone" * 8), id="pepper no longer accepted"),
    ],
)
def test_wrong_pair_costs_one_bcrypt_of_the_current_cost(stored: str | None, rounds: list[int]) -> None:
    assert not accepted(PASSWORD, stored)
    assert rounds == [2**COST]


@pytest.mark.parametrize(
    "stored",
    [None, kept("autre", cost=6), kept("autre", cost=5), kept("autre", cost=4)],
    ids=["unknown account", "cost 6", "cost 5", "cost 4"],
)
def test_password_kept_at_a_lower_cost_is_refused_as_slowly_as_the_others(
    stored: str | None, rounds: list[int]
) -> None:
    assert not check_password(PASSWORD, stored, peppers=(CURRENT, OLD), cost=6)
    assert sum(rounds) == 2**6


def test_right_password_costs_one_bcrypt(rounds: list[int]) -> None:
    assert accepted(PASSWORD, kept(pepper=OLD))
    assert rounds == [2**COST]


def test_nobodys_hash_is_nobodys() -> None:
    assert not bcrypt.checkpw(hashing.password_digest(PASSWORD, CURRENT), hashing.dummy_hash(COST))


def test_hash_is_renewed_for_a_new_pepper_or_another_cost_only() -> None:
    assert not needs_rehash(kept(), pepper=CURRENT, cost=COST)
    assert needs_rehash(kept(pepper=OLD), pepper=CURRENT, cost=COST)
    assert needs_rehash(kept(), pepper=CURRENT, cost=COST + 1)
    assert needs_rehash("malformed", pepper=CURRENT, cost=COST)
