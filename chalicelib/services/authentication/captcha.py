"""The captcha: shown once, answered once, by the visitor it was drawn for."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from chalicelib.clock import Clock
from chalicelib.domain.ticket import CAPTCHA, CAPTCHA_LASTS, Ticket
from chalicelib.errors import NotFound
from chalicelib.services.authentication.hashing import digest, new_token
from chalicelib.store.tickets import TicketStore


class Captcha(Protocol):
    """The adapter that makes challenges, draws them, speaks them and judges answers."""

    def new(self) -> dict[str, str]: ...
    def accepts(self, challenge: Mapping[str, str], answer: str) -> bool: ...
    def picture(self, challenge: Mapping[str, str]) -> bytes: ...
    def sound(self, challenge: Mapping[str, str]) -> bytes: ...


@dataclass(frozen=True)
class CaptchaAnswer:
    """What was typed under a challenge; `visitor` is the browser that it was drawn for."""

    identifier: str
    typed: str
    visitor: str


def new_challenge(visitor: str, *, captcha: Captcha, tickets: TicketStore, clock: Clock) -> str:
    """Draw a challenge for a visitor; answers its identifier, good once and for ten minutes."""
    identifier = new_token()
    ticket = Ticket(kind=CAPTCHA, holder=digest(visitor), payload=captcha.new(), ends_at=clock() + CAPTCHA_LASTS)
    tickets.put(digest(identifier), ticket)
    return identifier


def is_answer(answer: CaptchaAnswer, *, captcha: Captcha, tickets: TicketStore, clock: Clock) -> bool | None:
    """Spend the challenge, then judge: a wrong answer uses it up as well. Returns None when nothing was typed."""
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
    """The challenge as a picture or a sound, for its own visitor. Raises NotFound."""
    ticket = tickets.find(digest(identifier), clock())
    if ticket is None or ticket.kind != CAPTCHA or ticket.holder != digest(visitor):
        raise NotFound
    return render(ticket.payload)
