"""Routes of the mailbox: HTML pages for people, `/messages.json` for programs."""

import base64
import json
import re
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from chalicelib.formats import in_paris
from local.mailbox.postbox import Attachment, Mail, Postbox
from local.pages import Answer, page_templates

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; frame-src 'self'; img-src data:; form-action 'none'; base-uri 'none'"
)
MAIL_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups allow-popups-to-escape-sandbox"
)
HEAD = re.compile(r"<head[^>]*>", re.IGNORECASE)

PAGES = Path(__file__).parent / "pages"

pages = page_templates(PAGES)


def page(name: str, status: int = 200, **context: Any) -> Answer:
    body = pages.get_template(name).render(context).encode()
    return Answer(status, body, headers={"Content-Security-Policy": PAGE_POLICY})


class Mailbox:
    """Routes of the mailbox. `postbox` is None with an AWS that is not the local stack's own."""

    def __init__(self, postbox: Postbox | None) -> None:
        self._postbox = postbox

    def get(self, path: str) -> Answer:
        """Returns the answer to a GET; 404 for an unknown path."""
        parts = [part for part in path.split("/") if part]
        if parts == ["style.css"]:
            return Answer(200, (PAGES / "style.css").read_bytes(), "text/css; charset=utf-8")
        if parts == ["messages.json"]:
            return self._listing()
        if not parts:
            return page(
                "mailbox.html", mails=self._mails()[::-1], elsewhere=self._postbox is None, paris_time=paris_time
            )
        return self._one(parts[1:]) if parts[0] == "messages" else not_found()

    def _mails(self) -> list[Mail]:
        return self._postbox.all() if self._postbox else []

    def _listing(self) -> Answer:
        listing = [mail_json(mail) for mail in self._mails()]
        return Answer(200, json.dumps(listing, ensure_ascii=False).encode(), "application/json")

    def _one(self, parts: list[str]) -> Answer:
        mail = self._postbox.find(parts[0]) if self._postbox and parts else None
        match parts[1:]:
            case _ if mail is None:
                return not_found()
            case []:
                return page("mail.html", mail=mail, paris_time=paris_time)
            case ["html"]:
                headers = {"Content-Security-Policy": MAIL_POLICY}
                return Answer(200, with_blank_target(mail.html), headers=headers)
            case ["pieces", number] if number.isascii() and number.isdigit() and int(number) < len(mail.attachments):
                return download(mail.attachments[int(number)])
        return not_found()


def not_found() -> Answer:
    return page("missing.html", 404)


def download(file: Attachment) -> Answer:
    disposition = f"attachment; filename*=UTF-8''{quote(file.filename)}"
    return Answer(200, file.content, "application/octet-stream", {"Content-Disposition": disposition})


def with_blank_target(document: str) -> bytes:
    """Returns the mail's HTML with `<base target=_blank>`: links open in a new tab, not in the frame."""
    base = '<base target="_blank">'
    found = HEAD.search(document)
    cut = found.end() if found else 0
    return (document[:cut] + base + document[cut:]).encode()


def mail_json(mail: Mail) -> dict[str, Any]:
    """Returns one mail of `/messages.json`."""
    files = [
        {
            "filename": file.filename,
            "content_type": file.content_type,
            "size": len(file.content),
            "content_base64": base64.b64encode(file.content).decode(),
        }
        for file in mail.attachments
    ]
    return {
        "id": mail.id,
        "to": list(mail.to),
        "from": mail.sender,
        "subject": mail.subject,
        "sent_at": mail.sent_at.isoformat(),
        "text": mail.text,
        "html": mail.html,
        "attachments": files,
    }


def paris_time(instant: datetime) -> str:
    """Returns a UTC instant as « 23/11/2026 à 18:04:31 », in Paris time."""
    return in_paris(instant).strftime("%d/%m/%Y à %H:%M:%S")
