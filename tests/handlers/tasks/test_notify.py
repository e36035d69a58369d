"""The task that writes to families: run twice, throttled, refused, late."""

import pytest
from botocore.exceptions import ClientError

from chalicelib.errors import MailThrottled, Unavailable
from chalicelib.services.authentication.remind_credentials import ask_for_credentials
from tests.support.choosing_passwords import choose
from tests.support.letterbox import link_paths, mails


@pytest.fixture
def event(portal):
    """What the web function hands over for Mme Dupont's address."""
    ask_for_credentials("dupont@example.org", tasks=portal.tasks, clock=portal.clock)
    ((_, event),) = portal.tasks.started
    return event


def notify(portal, event):
    return portal.tasks.call("notify", event)


def failing(portal, monkeypatch, code, status):
    """SES answers this to every mail, until the patch is undone."""
    told = {"Error": {"Code": code, "Message": code}, "ResponseMetadata": {"HTTPStatusCode": status}}

    def fail(**_):
        raise ClientError(told, "SendEmail")

    monkeypatch.setattr(portal.mailer, "_client", type("Ses", (), {"send_email": staticmethod(fail)}))


def test_task_run_twice_mails_the_same_link_twice_and_it_works_once(portal, event):
    assert [notify(portal, event), notify(portal, event)] == [{"sent": 1}, {"sent": 1}]
    (first,), (second,) = map(link_paths, mails())
    assert first == second
    assert choose(first).status == 303
    assert choose(second).status == 410


def test_throttled_mail_does_not_count_and_leaves_later(portal, event, monkeypatch):
    with monkeypatch.context() as patch:
        failing(portal, patch, "TooManyRequestsException", 429)
        for _ in range(4):
            with pytest.raises(MailThrottled):
                notify(portal, event)
    assert notify(portal, event) == {"sent": 1}
    assert choose(link_paths(mails()[0])[0]).status == 303


def test_mail_that_may_have_left_counts(portal, event, monkeypatch):
    with monkeypatch.context() as patch:
        failing(portal, patch, "InternalFailure", 500)
        for _ in range(3):
            with pytest.raises(Unavailable):
                notify(portal, event)
    assert notify(portal, event) == {"sent": 0}


def test_mail_refused_for_good_is_given_up_and_logged_without_its_address(portal, event, monkeypatch, caplog):
    failing(portal, monkeypatch, "MessageRejected", 400)
    assert notify(portal, event) == {"sent": 0}
    assert "mail refused" in caplog.text
    assert "dupont@example.org" not in caplog.text


def test_request_that_waited_longer_than_its_links_live_is_dropped(portal, event, clock):
    clock.advance(minutes=30)
    assert notify(portal, event) == {"sent": 0}
    assert not mails()


def test_event_holds_no_link_and_no_password(portal, event):
    notify(portal, event)
    secret = link_paths(mails()[0])[0].rpartition("~")[2]
    assert secret not in repr(event)
    assert sorted(event) == ["at", "email", "mail", "request"]
