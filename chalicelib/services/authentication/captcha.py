"""The text of control: shown once, answered once, by the visitor it was drawn for."""

from collections.abc import Callable, Mapping
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


def new_challenge(visitor: str, *, captcha: Captcha, tickets: TicketStore, clock: Clock) -> str:
    """Draw a challenge for a visitor; answers its identifier, good once and for ten minutes."""
    identifier = new_token()
    ticket = Ticket(kind=CAPTCHA, holder=digest(visitor), payload=captcha.new(), ends_at=clock() + CAPTCHA_LASTS)
    tickets.put(digest(identifier), ticket)
    return identifier


def is_answer(
    identifier: str, answer: str, *, visitor: str, captcha: Captcha, tickets: TicketStore, clock: Clock
) -> bool:
    """Spend the challenge, then judge: a wrong answer uses it up as well."""
    spent = tickets.spend(digest(identifier), kind=CAPTCHA, holder=digest(visitor), now=clock())
    return spent is not None and captcha.accepts(spent.payload, answer)


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
