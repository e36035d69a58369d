"""Callers of the desk over real HTTP, for races."""

import http.client
import re
from collections.abc import Mapping
from urllib.parse import urlencode

from tests.support.local_portal import Desk


class Caller:
    """A bare HTTP client of the desk: one connection a request, as a crowd has."""

    def __init__(self, desk: Desk) -> None:
        self.port = desk.port
        self.cookie = ""

    def ask(self, method: str, path: str, fields: Mapping[str, str] | None = None) -> tuple[int, str, str | None]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        try:
            connection.request(method, path, urlencode(fields) if fields else None, headers)
            answer = connection.getresponse()
            return answer.status, answer.read().decode(), answer.getheader("Set-Cookie")
        finally:
            connection.close()

    def open_form(self, path: str = "/connexion") -> dict[str, str]:
        """Look at a page with a form. Returns the hidden fields of its last one, and keeps the visitor's cookie."""
        status, text, cookie = self.ask("GET", path)
        self.cookie = cookie.partition(";")[0] if cookie else self.cookie
        assert status == 200, text
        assert self.cookie
        hidden = dict(re.findall(r'<input type="hidden" name="(csrf|cle)" value="([^"]+)"', text))
        assert "csrf" in hidden
        return hidden
