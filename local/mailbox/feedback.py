"""What SES would say of a mail to `retour@`, `plainte@` or `absent@` of a demo domain: a bounce, a complaint, a reply.

Every other mail is delivered, as the mailbox shows, and nothing is said of it. The shapes are those of SES's event
publishing (« Contents of event data that Amazon SES publishes to Amazon SNS »).
"""

from collections.abc import Iterator
from typing import Any

from local.mailbox.postbox import Mail

DEMO_DOMAIN = "example.org"
BOUNCED, COMPLAINED, ABSENT = "retour", "plainte", "absent"


def events_of(mail: Mail, tags: dict[str, list[str]]) -> Iterator[dict[str, Any]]:
    """Yields SES's events about a mail, in their order; none unless it went to one of the three addresses.

    `tags`: name → values, as the sender gave them.
    """
    for to in mail.to:
        kind = kind_of(to)
        if kind is None:
            continue
        about = {"messageId": mail.id, "source": mail.sender, "destination": [to], "tags": tags}
        yield {"eventType": "Send", "mail": about, "send": {}}
        if kind != BOUNCED:
            yield {"eventType": "Delivery", "mail": about, "delivery": {"recipients": [to]}}
        yield {"mail": about, **final_event(kind, to)}


def kind_of(address: str) -> str | None:
    """Returns which of the three an address is, whatever follows a « + »; None for any other."""
    local, _, domain = address.lower().rpartition("@")
    demo = domain == DEMO_DOMAIN or domain.endswith(f".{DEMO_DOMAIN}")
    name = local.partition("+")[0]
    return name if demo and name in {BOUNCED, COMPLAINED, ABSENT} else None


def final_event(kind: str, to: str) -> dict[str, Any]:
    recipients = [{"emailAddress": to}]
    if kind == COMPLAINED:
        complaint = {"complainedRecipients": recipients, "complaintFeedbackType": "abuse"}
        return {"eventType": "Complaint", "complaint": complaint}
    permanent = kind == BOUNCED
    bounce = {
        "bounceType": "Permanent" if permanent else "Transient",
        "bounceSubType": "General",
        "bouncedRecipients": recipients,
    }
    return {"eventType": "Bounce", "bounce": bounce}
