"""*Signaler une erreur*: a family reports an error in its file; the office corrects it in the town's own software."""

from chalicelib.clock import Clock
from chalicelib.domain.request import Request, RequestKind, new_reference
from chalicelib.errors import FormRefused
from chalicelib.formats import day_in_paris
from chalicelib.services.account.requests import add_request
from chalicelib.store.requests import RequestStore

SUBJECTS = ("foyer", "enfants", "quotient")
"""The sections of the family file."""

LONGEST_MESSAGE = 2000
REPORTS_A_DAY = 10


def check_report(about: str, message: str) -> None:
    """Raise FormRefused when the message is empty or over 2,000 characters, or its subject is unknown."""
    if about not in SUBJECTS:
        raise FormRefused({"message": "subject_unknown"})
    if not message:
        raise FormRefused({"message": "message_missing"})
    if len(message) > LONGEST_MESSAGE:
        raise FormRefused({"message": "message_too_long"})


def report_error(username: str, about: str, message: str, *, requests: RequestStore, clock: Clock) -> Request:
    """Store a message for the office. Returns the request. Raises FormRefused as `check_report` does."""
    check_report(about, message)
    request = Request(
        username=username,
        id=new_reference(RequestKind.ERROR, day_in_paris(clock())),
        kind=RequestKind.ERROR,
        asked_at=clock(),
        about=about,
        message=message,
    )
    return add_request(request, requests=requests)
