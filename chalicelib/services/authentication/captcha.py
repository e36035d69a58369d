"""Captcha challenges: single-use, bound to the visitor they were created for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from chalicelib.clock import Clock
from chalicelib.domain.ticket import CAPTCHA, CAPTCHA_LIFETIME, Ticket
from chalicelib.errors import NotFound
from chalicelib.services.authentication.hashing import digest, new_token
from chalicelib.store.tickets import TicketStore


class Captcha(Protocol):
    """The adapter that creates challenges, renders them as image or sound, and checks answers."""

    def new(self) -> dict[str, str]: ...
    def accepts(self, challenge: Mapping[str, str], answer: str) -> bool: ...
    def picture(self, challenge: Mapping[str, str]) -> bytes: ...
    def sound(self, challenge: Mapping[str, str]) -> bytes: ...


@dataclass(frozen=True)
class CaptchaAnswer:
    """What was typed for a challenge; `visitor` identifies the browser that the challenge was created for."""

    identifier: str
    typed: str
    visitor: str


def new_challenge(visitor: str, *, captcha: Captcha, tickets: TicketStore, clock: Clock) -> str:
    """Create a challenge for a visitor. Returns its identifier, valid once and for ten minutes."""
    identifier = new_token()
    ticket = Ticket(kind=CAPTCHA, holder=digest(visitor), payload=captcha.new(), ends_at=clock() + CAPTCHA_LIFETIME)
    tickets.put(digest(identifier), ticket)
    return identifier


def check_answer(answer: CaptchaAnswer, *, captcha: Captcha, tickets: TicketStore, clock: Clock) -> bool | None:
    """Returns whether the answer is right, None when nothing was typed. A wrong answer uses the challenge up too."""
    if not answer.typed:
        return None
    spent = tickets.spend(digest(answer.identifier), kind=CAPTCHA, holder=digest(answer.visitor), now=clock())
    return spent is not None and captcha.accepts(spent.payload, answer.typed)


def render_challenge(
    identifier: str,
    *,
    visitor: str,
    render: Callable[[Mapping[str, str]], bytes],
    tickets: TicketStore,
    clock: Clock,
) -> bytes:
    """Returns the challenge as an image or a sound (bytes), for its own visitor only. Raises NotFound."""
    ticket = tickets.find(digest(identifier), clock())
    if ticket is None or ticket.kind != CAPTCHA or ticket.holder != digest(visitor):
        raise NotFound
    return render(ticket.payload)
