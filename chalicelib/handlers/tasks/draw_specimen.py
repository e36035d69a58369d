"""Lambda task that draws a specimen invoice, to show or to mail; the web function does not load fpdf2."""

import base64
from typing import Any

from chalicelib import portal as portals
from chalicelib.errors import NotFound
from chalicelib.formats import day_in_paris
from chalicelib.services.account.sample_invoice import mail_specimen, specimen_invoice


def draw(event: dict[str, Any]) -> dict[str, Any]:
    """`{"username", "mail": token}` → `{"sent"}`, mailed once per token; without "mail" → `{"pdf"}`, in base64.

    Raises NotFound when the account no longer exists, Unavailable when the mail must be retried.
    """
    portal = portals.current()
    account = portal.stores.accounts.find(event["username"])
    if account is None:
        raise NotFound
    if "mail" in event:
        sent = mail_specimen(
            account,
            event["mail"],
            draw=portal.draw_specimen,
            deliver=lambda to, document: portal.mail_specimen(to, account.username, document),
            tickets=portal.stores.tickets,
            clock=portal.clock,
        )
        return {"sent": int(sent)}
    drawn = portal.draw_specimen(specimen_invoice(account.username, day_in_paris(portal.clock())), account)
    return {"pdf": base64.b64encode(drawn).decode("ascii")}
