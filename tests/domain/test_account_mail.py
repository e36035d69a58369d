"""A mail about an account is parsed in the task that sends it only if the union names it."""

from typing import get_args

from chalicelib.domain.account_mail import AccountMail, AccountMailBase


def test_every_account_mail_is_in_the_union_that_the_task_parses():
    union, _ = get_args(AccountMail)
    missing = {kind.__name__ for kind in AccountMailBase.__subclasses__()} - {kind.__name__ for kind in get_args(union)}
    assert missing == set(), f"chalicelib/domain/account_mail.py, AccountMail: {missing} is not in the union"
