"""Captcha challenges: single-use, bound to the visitor they were made for; their answers are stored nowhere.

An answer is derived from the challenge's identifier, which only the visitor holds: its digest alone is stored. Whoever
reads the store, or holds the identifier without our key, knows no answer.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from chalicelib.clock import Clock
from chalicelib.domain.ticket import CAPTCHA, CAPTCHA_LIFETIME, Ticket
from chalicelib.errors import NotFound
from chalicelib.services.authentication.hashing import digest, keyed_hash, new_token
from chalicelib.store.tickets import TicketStore


class Captcha(Protocol):
    """The adapter that renders the challenge of a secret as image or sound, and checks answers."""

    def accepts(self, secret: bytes, answer: str) -> bool: ...
    def picture(self, secret: bytes) -> bytes: ...
    def sound(self, secret: bytes) -> bytes: ...


@dataclass(frozen=True)
class CaptchaAnswer:
    """What was typed for a challenge; `visitor` identifies the browser that the challenge was created for."""

    identifier: str
    typed: str
    visitor: str


def new_challenge(visitor: str, *, tickets: TicketStore, clock: Clock) -> str:
    """Create a challenge for a visitor. Returns its identifier, valid once and for ten minutes."""
    identifier = new_token()
    ticket = Ticket(kind=CAPTCHA, holder=digest(visitor), ends_at=clock() + CAPTCHA_LIFETIME)
    tickets.put(digest(identifier), ticket)
    return identifier


def check_answer(
    answer: CaptchaAnswer, *, captcha: Captcha, keys: Sequence[bytes], tickets: TicketStore, clock: Clock
) -> bool | None:
    """Returns whether the answer is right, None when nothing was typed. A wrong answer uses the challenge up too.

    `keys`: the generations that a challenge still in a browser may have been drawn with.
    """
    if not answer.typed:
        return None
    spent = tickets.spend(digest(answer.identifier), kind=CAPTCHA, holder=digest(answer.visitor), now=clock())
    asked = [secret_of(answer.identifier, key) for key in keys]
    return spent is not None and any(captcha.accepts(secret, answer.typed) for secret in asked)


def render_challenge(
    identifier: str,
    *,
    visitor: str,
    render: Callable[[bytes], bytes],
    key: bytes,
    tickets: TicketStore,
    clock: Clock,
) -> bytes:
    """Returns the challenge as an image or a sound (bytes), for its own visitor only. Raises NotFound."""
    ticket = tickets.find(digest(identifier), clock())
    if ticket is None or ticket.kind != CAPTCHA or ticket.holder != digest(visitor):
        raise NotFound
    return render(secret_of(identifier, key))


def secret_of(identifier: str, key: bytes) -> bytes:
    """Returns the 32 bytes that a challenge is derived from."""
    return bytes.fromhex(keyed_hash(key, CAPTCHA, identifier))
