"""Send a mail that was claimed, and write its result: the mechanism of every mail that is sent at most once.

A mail is claimed before, so that a crash sends nothing twice. A claim without a result may have been sent:
it is never sent again, and is listed *à vérifier* once the task that claimed it must have ended.
"""

from collections.abc import Callable
from typing import TypeVar

from chalicelib.errors import MailRefused, MailThrottled, Unavailable

Accepted = TypeVar("Accepted")
Result = TypeVar("Result")


def send_once(
    send: Callable[[], Accepted],
    *,
    sent: Callable[[Accepted], Result],
    refused: Callable[[], Result],
    needs_review: Callable[[], Result],
    give_back: Callable[[], object],
) -> Result:
    """Send a mail that the caller has claimed. Returns what the writing of its result returns.

    `sent` writes that it was accepted (it takes what `send` returned), `refused` that it can never be sent,
    `needs_review` that it may have been sent. Raises MailThrottled, the claim given back: nothing was sent. Raises
    Unavailable when the result could not be written: the claim stays.
    """
    try:
        accepted = send()
    except MailThrottled:
        give_back()
        raise
    except MailRefused:
        return refused()
    except Unavailable:
        return needs_review()
    return sent(accepted)
