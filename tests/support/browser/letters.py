"""What an address gets, read in the desk's mailbox as a program reads it."""

import json
import re
import time
import urllib.request
from typing import Any

from tests.support.local_portal import Desk

SECONDS_TO_COME = 30
"""Mails are sent behind the page, by a task of their own."""


Mail = dict[str, Any]
"""A mail as the desk's mailbox gives it in JSON."""


class Letters:
    """The mails that `address` gets from now on."""

    def __init__(self, desk: Desk, address: str) -> None:
        self.desk = desk
        self.address = address
        self.known = {mail["id"] for mail in self._all()}

    def _all(self) -> list[Mail]:
        with urllib.request.urlopen(f"{self.desk.mailbox_url}/messages.json", timeout=10) as answer:  # noqa: S310 - our own desk
            return [mail for mail in json.load(answer) if mail["to"] == [self.address]]

    def wait_for(self, subject: str) -> Mail:
        """The newest mail of this subject, once it has come."""
        end = time.monotonic() + SECONDS_TO_COME
        while time.monotonic() < end:
            come = [mail for mail in self._all() if mail["id"] not in self.known and mail["subject"] == subject]
            if come:
                return come[-1]
            time.sleep(0.1)
        raise AssertionError(f"no mail « {subject} » came to {self.address}")


def link_to(page: str, mail: Mail) -> str:
    """The address of that page of the portal in the mail's text."""
    link = re.search(rf"http://\S+{page}\S*", mail["text"])
    assert link, mail["text"]
    return link[0]
