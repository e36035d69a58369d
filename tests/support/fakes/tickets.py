"""The store of one-time tickets in memory."""

from datetime import datetime

from chalicelib.domain.ticket import CONTENT, OUTCOME, Ticket
from tests.support.fakes.writes import Writes


class FakeTickets:
    def __init__(self, writes: Writes | None = None) -> None:
        self.writes = writes or Writes()
        self.items: dict[str, Ticket] = {}

    def put(self, ticket_hash: str, ticket: Ticket) -> None:
        self.writes.one(lambda: self.items.update({ticket_hash: ticket}))

    def claim(self, ticket_hash: str, ticket: Ticket, now: datetime) -> Ticket | None:
        live = self.find(ticket_hash, now)
        if live and (OUTCOME not in live.payload or live.payload[CONTENT] == ticket.payload[CONTENT]):
            return live
        self.put(ticket_hash, ticket)
        return None

    def find(self, ticket_hash: str, now: datetime) -> Ticket | None:
        ticket = self.items.get(ticket_hash)
        return ticket if ticket and now < ticket.ends_at else None

    def spend(self, ticket_hash: str, *, kind: str, holder: str, now: datetime) -> Ticket | None:
        return self.writes.one(lambda: self._spend(ticket_hash, (kind, holder), now))

    def _spend(self, ticket_hash: str, meant: tuple[str, str], now: datetime) -> Ticket | None:
        ticket = self.find(ticket_hash, now)
        return self.items.pop(ticket_hash) if ticket and (ticket.kind, ticket.holder) == meant else None

    def drop(self, ticket_hash: str) -> None:
        self.writes.one(lambda: self.items.pop(ticket_hash, None))
