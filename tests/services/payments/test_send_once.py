"""A claimed mail and its result: what each failure of the provider leads to, and what is left alone."""

import pytest

from chalicelib.errors import MailRefused, MailThrottled, Unavailable
from chalicelib.services.payments.send_once import send_once


class Claim:
    """Records what is written about a claimed mail; `broken`: the store then fails."""

    def __init__(self, *, broken=False):
        self.written, self.broken = [], broken

    def write(self, *result):
        self.written.append(result)
        if self.broken:
            raise Unavailable("store")
        return self.written[-1]


def sent(claim, failure=None):
    def send():
        if failure:
            raise failure
        return "message-1"

    return send_once(
        send,
        sent=lambda message_id: claim.write("sent", message_id),
        refused=lambda: claim.write("refused"),
        needs_review=lambda: claim.write("needs review"),
        give_back=lambda: claim.write("given back"),
    )


@pytest.mark.parametrize(
    ("failure", "result"),
    [
        (None, ("sent", "message-1")),
        (MailRefused("address"), ("refused",)),
        (Unavailable("SES 500"), ("needs review",)),
    ],
)
def test_result_is_written_once_and_returned(failure, result):
    claim = Claim()
    assert sent(claim, failure) == result
    assert claim.written == [result]


def test_throttled_mail_gives_its_claim_back_and_says_so():
    claim = Claim()
    with pytest.raises(MailThrottled):
        sent(claim, MailThrottled("rate"))
    assert claim.written == [("given back",)]


def test_mail_that_was_accepted_is_never_written_as_doubtful_because_the_store_failed():
    claim = Claim(broken=True)
    with pytest.raises(Unavailable, match="store"):
        sent(claim)
    assert claim.written == [("sent", "message-1")]


def test_any_other_error_leaves_the_claim_as_it_is():
    claim = Claim()
    with pytest.raises(KeyError):
        sent(claim, KeyError("bug"))
    assert claim.written == []
