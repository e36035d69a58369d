"""Exports of the simulator's back office: payments as JSON and as Paybox's CSV journal."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from chalicelib.formats import in_paris
from local.paybox.payment import Payment, Try

COLUMNS = (
    *("RemittancePaybox", "Bank", "Site", "Rank", "ShopName", "IdPaybox", "Date", "TransactionId", "IdAppel"),
    *("DateOfIssue", "HourOfIssue", "DateOfExpiry", "Reference", "Origin", "Type", "Canal", "NumberOfAuthorization"),
    *("Amount", "Currency", "Entity", "Operator", "Country", "CountryIP", "Payment", "ThreeDSecureStatus"),
    *("ThreeDSecureInscription", "ThreeDSecureWarranted", "RefArchive", "Status", "PAN", "IP", "ErrorCode"),
)
"""Columns of the CSV journal of Paybox's back office: semicolons, Windows-1252, days 24/06/2026, cents."""


def listing(payments: Iterable[Payment]) -> list[dict[str, Any]]:
    """Returns every payment, oldest first, with its tries and the portal's response to each notice."""
    return [
        {
            "reference": one.reference,
            "site": one.fields["PBX_SITE"],
            "amount_cents": one.amount_cents,
            "opened_at": one.opened_at.isoformat(),
            "accepted": one.accepted is not None,
            "tries": [attempt.model_dump(mode="json") for attempt in one.tries],
            "notices": [sending.model_dump(mode="json") for sending in one.sendings],
        }
        for one in payments
    ]


def journal(payments: Iterable[Payment]) -> bytes:
    """Returns the accepted payments as the bank's CSV, one line each; columns without data are empty."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, restval="", delimiter=";", lineterminator="\r\n")
    writer.writeheader()
    writer.writerows(_line(one, one.accepted) for one in payments if one.accepted)
    return text.getvalue().encode("cp1252")


def _line(payment: Payment, accepted: Try) -> dict[str, str]:
    decided = in_paris(accepted.decided_at)
    return {
        "Site": payment.fields["PBX_SITE"],
        "Rank": payment.fields["PBX_RANG"],
        "IdPaybox": payment.fields["PBX_IDENTIFIANT"],
        "Date": f"{decided:%d/%m/%Y}",
        "TransactionId": accepted.transaction,
        "IdAppel": accepted.call,
        "DateOfIssue": f"{decided:%d/%m/%Y}",
        "HourOfIssue": f"{decided:%H:%M:%S}",
        "Reference": payment.reference,
        "Type": "DEB",
        "Canal": "Paybox System",
        "NumberOfAuthorization": accepted.authorisation,
        "Amount": str(payment.amount_cents),
        "Currency": payment.fields["PBX_DEVISE"],
        "Country": "FRA",
        "Payment": "CB",
        "RefArchive": payment.fields.get("PBX_ARCHIVAGE", ""),
        "Status": "Télécollecté",
    }
