"""What families read about their password, compared with what was read over and kept."""

from datetime import UTC, datetime

import pytest

from chalicelib.domain.account_mail import AccountOpened, PasswordChanged
from chalicelib.mail.messages import account_mail, your_credentials
from chalicelib.stage_settings import load_town
from tests.support.golden import check_golden
from tests.support.people import DUPONT, MARTIN

TOWN = load_town("saint-aubin-les-pins")
NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
OPENED = DUPONT.model_copy(update={"password_hash": "kept"})


def link(path):
    return f"https://portail.example.org{path}"


def reminder(*accounts):
    links = [(account, f"/nouveau-mot-de-passe?jeton={account.username}~secret") for account in accounts]
    return your_credentials("dupont@example.org", town=TOWN, link=link, links=links, ends_at=NOON)


def announced(kind):
    told = kind(to="dupont@example.org", username="dupont", at=NOON)
    return account_mail(told, town=TOWN, link=link)


MAILS = {
    "your_credentials": lambda: reminder(OPENED),
    "your_credentials_of_two_accounts": lambda: reminder(OPENED, MARTIN),
    "password_changed": lambda: announced(PasswordChanged),
    "account_opened": lambda: announced(AccountOpened),
}
SUBJECTS = {
    "your_credentials": "Vos identifiants",
    "your_credentials_of_two_accounts": "Vos identifiants",
    "password_changed": "Votre mot de passe a été changé",
    "account_opened": "Votre compte famille est ouvert",
}


@pytest.mark.parametrize("name", MAILS)
def test_mail_reads_as_it_was_kept(name):
    mail = MAILS[name]()
    assert mail.subject == SUBJECTS[name]
    check_golden(f"mail/{name}.txt", mail.text)
    check_golden(f"mail/{name}.html", mail.html)


@pytest.mark.parametrize("name", MAILS)
def test_security_mails_carry_no_file(name):
    assert MAILS[name]().attachments == ()


def test_markup_in_a_name_is_shown_as_text():
    marked = OPENED.holder.model_copy(update={"last_name": "<b>{{ 7*7 }}</b>"})
    mail = reminder(OPENED.model_copy(update={"holder": marked}))
    assert "<b>{{ 7*7 }}</b>" in mail.text
    assert "&lt;b&gt;{{ 7*7 }}&lt;/b&gt;" in mail.html
