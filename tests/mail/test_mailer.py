"""The way out: what SES is asked, and what each of its failures says of the mail."""

from datetime import UTC, datetime
from email import message_from_bytes

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, ReadTimeoutError

from chalicelib.clients import NO_RETRY
from chalicelib.errors import MailRefused, MailThrottled, Unavailable
from chalicelib.mail.mailer import Mailer
from chalicelib.mail.message import Message

MAIL = Message("dupont@example.org", "Vos identifiants", "Bonjour", "<p>Bonjour</p>")


class Ses:
    """Takes mails, or fails as it is told."""

    def __init__(self, failure=None):
        self.failure = failure
        self.asked = []

    def send_email(self, **request):
        self.asked.append(request)
        if self.failure:
            raise self.failure
        return {"MessageId": "0107-1"}


def mailer(ses, configuration_set=""):
    return Mailer(
        ses,
        sender="Portail <portail@example.org>",
        reply_to="Guichet <guichet@example.org>",
        configuration_set=configuration_set,
        clock=lambda: datetime(2026, 6, 10, tzinfo=UTC),
    )


def refused(code, status, message=""):
    told = {"Error": {"Code": code, "Message": message or code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(told, "SendEmail")


def test_mail_leaves_to_one_address_and_answers_its_identifier():
    ses = Ses()
    assert mailer(ses).send(MAIL) == "0107-1"
    (request,) = ses.asked
    assert request["Destination"] == {"ToAddresses": ["dupont@example.org"]}
    assert message_from_bytes(request["Content"]["Raw"]["Data"])["To"] == "dupont@example.org"
    assert set(request) == {"Destination", "Content"}


def test_tag_and_configuration_set_let_events_come_back():
    ses = Ses()
    mailer(ses, "saint-aubin").send(MAIL, tag="2026-06_169165")
    assert ses.asked[0]["ConfigurationSetName"] == "saint-aubin"
    assert ses.asked[0]["EmailTags"] == [{"Name": "reference", "Value": "2026-06_169165"}]


@pytest.mark.parametrize(
    ("failure", "raised"),
    [
        (refused("MessageRejected", 400), MailRefused),
        (refused("MessageRejected", 400, "Email address is not verified. The following…"), MailThrottled),
        (refused("BadRequestException", 400), MailRefused),
        (refused("TooManyRequestsException", 429), MailThrottled),
        (refused("LimitExceededException", 400), MailThrottled),
        (refused("SendingPausedException", 400), MailThrottled),
        (refused("MailFromDomainNotVerifiedException", 400), MailThrottled),
        (refused("AccessDeniedException", 403), MailThrottled),
        (refused("InternalFailure", 500), Unavailable),
        (refused("ServiceUnavailable", 503), Unavailable),
        (ReadTimeoutError(endpoint_url="https://ses"), Unavailable),
        (ConnectTimeoutError(endpoint_url="https://ses"), MailThrottled),
        (EndpointConnectionError(endpoint_url="https://ses"), MailThrottled),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_each_failure_says_what_may_have_become_of_the_mail(failure, raised):
    with pytest.raises(Unavailable) as caught:
        mailer(Ses(failure)).send(MAIL)
    assert type(caught.value) is raised
    assert caught.value.__cause__ is failure


def test_client_of_ses_never_sends_twice_by_itself():
    assert NO_RETRY.retries["total_max_attempts"] == 1  # botocore adds its mode to this mapping at a client’s creation


def test_unfit_address_never_reaches_ses():
    ses = Ses()
    with pytest.raises(MailRefused):
        mailer(ses).send(Message("a@example.org,b@example.org", "s", "t", "h"))
    assert not ses.asked
