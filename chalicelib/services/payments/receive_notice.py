"""Hear the bank: an authentic message is kept raw before anything else is done, then settled, then marked as done."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.clock import Clock
from chalicelib.domain.kept_notice import Fate, KeptNotice
from chalicelib.domain.payment import Notice
from chalicelib.errors import NoticeRejected, Unavailable
from chalicelib.payment.notice import fingerprint
from chalicelib.services.payments.settle_notice import Settled, settle
from chalicelib.services.payments.stores import Till

Read = Callable[[bytes], Notice]
"""Verifies and reads a raw message; raises NoticeRejected."""

LEFT_ALONE = timedelta(minutes=2)
"""Longer than hearing a message takes: after it, whoever heard it has died before it was settled."""


@dataclass(frozen=True)
class Heard:
    """A message as it came: its octets, the address that sent it, and whether that is one of the bank's."""

    raw: bytes
    source: str
    known_source: bool

    @property
    def digest(self) -> str:
        """What a log may say of it, and the name it is kept under."""
        return fingerprint(self.raw)


def hear(heard: Heard, *, read: Read, till: Till, clock: Clock) -> Settled:
    """Keep and settle a message.

    Raises NoticeRejected (nothing is done; one that the bank did sign and we cannot read is kept), or Unavailable: the
    message is then kept for `take_up`, or was not received at all.
    """
    try:
        notice = read(heard.raw)
    except NoticeRejected as refusal:
        if refusal.unreadable:
            till.notices.keep(_kept(heard, clock).model_copy(update={"fate": Fate.UNREADABLE}))
        raise
    kept = _kept(heard, clock).model_copy(update={"notice": notice})
    till.notices.keep(kept)
    settled = settle(notice, known_source=heard.known_source, till=till, clock=clock)
    with contextlib.suppress(Unavailable):  # the money is settled: what is not marked is only looked at once more
        till.notices.conclude(kept, settled.fate)
    return settled


def take_up(*, till: Till, clock: Clock) -> list[Settled]:
    """Settle the messages that were kept and then left alone, by a crash or a failure of the store. Safe to repeat."""
    taken_up = []
    for kept in till.notices.waiting(clock() - LEFT_ALONE):
        if kept.notice is None:
            continue
        settled = settle(kept.notice, known_source=kept.known_source, till=till, clock=clock)
        till.notices.conclude(kept, settled.fate)
        taken_up.append(settled)
    return taken_up


def _kept(heard: Heard, clock: Clock) -> KeptNotice:
    return KeptNotice(
        digest=heard.digest,
        received_at=clock(),
        source=heard.source,
        known_source=heard.known_source,
        raw=heard.raw.decode("latin-1"),
    )
