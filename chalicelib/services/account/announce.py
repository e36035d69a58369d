"""Telling a family by mail what happened to its account: handed over at once, written and sent by a task."""

from typing import Any

from chalicelib.domain.announcement import ANNOUNCEMENT, Announcement
from chalicelib.domain.town_settings import Town
from chalicelib.mail.message import Message
from chalicelib.mail.messages import Link, write_announcement
from chalicelib.tasks import Tasks

MAIL = "announcement"


def announce(announcement: Announcement, *, tasks: Tasks) -> None:
    """Have the mail sent soon, at least once; who asks does not wait for it. Raises Unavailable."""
    tasks.start("notify", {"mail": MAIL, "announcement": announcement.model_dump(mode="json")})


def announced(event: dict[str, Any], *, town: Town, link: Link) -> Message:
    """The mail of what `announce` handed over."""
    return write_announcement(ANNOUNCEMENT.validate_python(event["announcement"]), town=town, link=link)
