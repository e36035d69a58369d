"""Lambda task on DynamoDB streams: keeps the search true after each change of an account or of a family."""

import logging
from typing import Any

from chalicelib import portal as portals
from chalicelib.services.account.index_accounts import index_accounts

logger = logging.getLogger(__name__)


def index(event: dict[str, Any]) -> dict[str, int]:
    """Stream event → `{"indexed"}`, how many accounts' entries changed. Safe to repeat, in any order.

    The records hold keys alone: what changed is read again. Raises Unavailable: Lambda tries again, half by half.
    """
    stores = portals.current().stores
    keys = [record["dynamodb"]["Keys"] for record in event.get("Records", ())]
    usernames = [key["username"]["S"] for key in keys if "username" in key]
    for family in dict.fromkeys(key["family"]["S"] for key in keys if "family" in key):
        usernames += stores.search.usernames_of(family)
    indexed = index_accounts(usernames, stores=stores)
    if indexed:  # most records are sign-ins, which change nothing that is searched
        logger.info("families_indexed", extra={"records": len(keys), "indexed": indexed})
    return {"indexed": indexed}
