"""One-time tokens (tickets): captcha challenges, one-time links and submitted forms, under the hash of their token."""

from datetime import datetime
from typing import Any

from chalicelib.domain.ticket import CONTENT, OUTCOME, Ticket
from chalicelib.store.table import KEY_IS_FREE, Item, Table, item_of, marshal, model_of

DONE = "attribute_exists(#payload.#outcome)"


class TicketStore:
    """The table of tickets. Spending is a conditional delete: of concurrent calls only one succeeds."""

    def __init__(self, client: Any, table: str) -> None:
        self._table = Table(client, table, "ticket_hash")

    def put(self, ticket_hash: str, ticket: Ticket) -> None:
        self._table.put(self._item(ticket_hash, ticket))

    def claim(self, ticket_hash: str, ticket: Ticket, now: datetime) -> Ticket | None:
        """Put a submitted form's ticket, unless one stands there that is at work or is done with the same content.

        Returns None when it was put, else the one that stands.
        """
        refused = self._table.put(
            self._item(ticket_hash, ticket),
            condition=f"{KEY_IS_FREE} OR expires_at <= :now OR ({DONE} AND #payload.#content <> :content)",
            values={":now": int(now.timestamp()), ":content": ticket.payload[CONTENT]},
            names={"#key": self._table.hash_key, "#payload": "payload", "#outcome": OUTCOME, "#content": CONTENT},
        )
        return model_of(Ticket, refused.item) if refused else None

    def find(self, ticket_hash: str, now: datetime) -> Ticket | None:
        """Returns the ticket if it has not expired; it is not spent."""
        item = self._table.get(ticket_hash)
        ticket = model_of(Ticket, item) if item else None
        return ticket if ticket and now < ticket.ends_at else None

    def spend(self, ticket_hash: str, *, kind: str, holder: str, now: datetime) -> Ticket | None:
        """Spend the ticket of this kind and holder; returns None when it is unknown, used, another's or expired."""
        item = self._table.delete(
            ticket_hash,
            condition="kind = :kind AND holder = :holder AND expires_at > :now",
            values={":kind": kind, ":holder": holder, ":now": int(now.timestamp())},
        )
        return model_of(Ticket, item) if item else None

    def drop(self, ticket_hash: str) -> None:
        self._table.delete(ticket_hash)

    def _item(self, ticket_hash: str, ticket: Ticket) -> Item:
        expires_at = marshal(int(ticket.ends_at.timestamp()))
        return item_of(ticket) | self._table.key(ticket_hash) | {"expires_at": expires_at}
