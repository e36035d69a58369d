"""A form that is sent twice (two taps, a double click, a refresh, a retry) is done once.

The first submission claims a ticket under the form's own key, does the work and leaves its outcome there; the others
wait for that outcome and are led to the same page.
"""

import logging
import time
from collections.abc import Callable

from chalicelib.clock import Clock
from chalicelib.domain.ticket import CONTENT, OUTCOME, SUBMISSION, SUBMISSION_LEASE, SUBMISSION_LIFETIME, Ticket
from chalicelib.errors import Unavailable
from chalicelib.store.retry import Wait, retry
from chalicelib.store.tickets import TicketStore

logger = logging.getLogger(__name__)

MOST_LOOKS = 16
"""Looks for the first one's outcome, 0.8 s apart at most: five seconds or so, longer than any form takes."""


def submit_once(
    key_hash: str,
    content_hash: str,
    submit: Callable[[], str],
    *,
    holder: str,
    tickets: TicketStore,
    clock: Clock,
    wait: Wait = time.sleep,
) -> str:
    """Returns the outcome of `submit`, called once for this key and content; "" is not remembered.

    Other content under the same key is another submission: the Back button showed the form again.

    When it raises or returns "", nothing was done: the same form may be sent again. Raises what `submit` raises, and
    Unavailable while another submission of the same form does not end.
    """

    def look() -> str | None:
        now = clock()
        claim = Ticket(kind=SUBMISSION, holder=holder, payload={CONTENT: content_hash}, ends_at=now + SUBMISSION_LEASE)
        first = tickets.claim(key_hash, claim, now)
        if first is None:
            return _submit(key_hash, claim, submit, tickets=tickets, clock=clock)
        return first.payload.get(OUTCOME) if first.payload[CONTENT] == content_hash else None

    found = look()
    return found if found is not None else retry(look, what="forms: still at work", wait=wait, most=MOST_LOOKS)


def _submit(key_hash: str, claim: Ticket, submit: Callable[[], str], *, tickets: TicketStore, clock: Clock) -> str:
    outcome = ""
    try:
        outcome = submit()
    finally:
        if not outcome:
            _quietly(lambda: tickets.drop(key_hash))
    if outcome:
        payload = claim.payload | {OUTCOME: outcome}
        done = claim.model_copy(update={"payload": payload, "ends_at": clock() + SUBMISSION_LIFETIME})
        _quietly(lambda: tickets.put(key_hash, done))
    return outcome


def _quietly(write: Callable[[], None]) -> None:
    """The work is done or refused already, and its page must be shown; an unmarked claim ends by itself."""
    try:
        write()
    except Unavailable:
        logger.exception("submission not marked")
