"""Minimal HTTP browser for a rehearsal: cookies, links, redirects, forms with their hidden fields."""

import http.client
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookies import SimpleCookie
from urllib.parse import urlencode, urljoin, urlsplit

FORM = "application/x-www-form-urlencoded"


class Outline(HTMLParser):
    """Parses the links of a page, and the fields of each form by its action."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.forms: dict[str, dict[str, str]] = {}
        self._form: dict[str, str] = {}
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = {name: value or "" for name, value in attrs}
        self.links += [attributes[name] for name in ("href", "src") if name in attributes]
        if tag == "form":
            self._form = self.forms.setdefault(attributes.get("action", ""), {})
        elif tag == "input" and attributes.get("name") and attributes.get("type") not in ("radio", "checkbox", "file"):
            self._form[attributes["name"]] = attributes.get("value", "")


@dataclass(frozen=True)
class Answer:
    """An HTTP response and its URL."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def words(self) -> str:
        """The page's text without tags, spaces collapsed."""
        return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", self.text))

    @property
    def outline(self) -> Outline:
        return Outline(self.text)


@dataclass
class Visitor:
    """Browses below `public`, the portal's URL; `page` is the last response."""

    public: str
    cookies: dict[str, str] = field(default_factory=dict)
    page: Answer = Answer("", 0, {}, b"")

    def get(self, path: str) -> Answer:
        """GET one of our paths, or an absolute URL, and follow redirects."""
        return self._follow("GET", path, b"", {})

    def post(self, path: str, **fields: str) -> Answer:
        """Post the form of the last page for this path, with its hidden fields and these."""
        address = self.address(path)
        filled = self.form(address) | fields
        return self._follow("POST", address, urlencode(filled).encode(), {"Content-Type": FORM})

    def upload(self, path: str, filename: str, content: bytes, **fields: str) -> Answer:
        """Post the form as multipart, with a file in the field `justificatif`."""
        address, boundary = self.address(path), secrets.token_hex(16)
        parts = [
            f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in (self.form(address) | fields).items()
        ]
        head = f'--{boundary}\r\nContent-Disposition: form-data; name="justificatif"; filename="{filename}"\r\n'
        parts += [f"{head}Content-Type: application/octet-stream\r\n\r\n".encode(), content]
        body = b"".join([*parts, f"\r\n--{boundary}--\r\n".encode()])
        return self._follow("POST", address, body, {"Content-Type": f"multipart/form-data; boundary={boundary}"})

    def form(self, address: str) -> dict[str, str]:
        """Returns the fields of the form that posts to this URL. Raises LookupError when the last page has none."""
        for action, fields in self.page.outline.forms.items():
            if urljoin(self.page.url, action) == address:
                return dict(fields)
        raise LookupError(f"no form for {address} on {self.page.url} ({self.page.status})")

    def address(self, path: str) -> str:
        return self.public + path if path.startswith("/") else path

    def _follow(self, method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        self.page = self.ask(method, self.address(path), body, headers)
        while self.page.status in (302, 303):
            self.page = self.ask("GET", urljoin(self.page.url, self.page.headers["location"]), b"", {})
        return self.page

    def ask(self, method: str, url: str, body: bytes, headers: dict[str, str]) -> Answer:
        """Send one request with Chromium's headers: `text/html` first in Accept, and Origin on a POST."""
        parts = urlsplit(url)
        ours = parts.netloc == urlsplit(self.public).netloc
        sent = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8", **headers}
        if method == "POST":
            sent |= {"Origin": "{0.scheme}://{0.netloc}".format(urlsplit(self.public))}
        if ours and self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection = http.client.HTTPConnection(parts.netloc, timeout=90)
        connection.request(method, parts._replace(scheme="", netloc="").geturl() or "/", body or None, sent)
        answered = connection.getresponse()
        lowercase = {name.lower(): value for name, value in answered.getheaders()}
        answer = Answer(url, answered.status, lowercase, answered.read())
        connection.close()
        if ours:
            self._keep_cookies(answered)
        return answer

    def _keep_cookies(self, answered: http.client.HTTPResponse) -> None:
        for line in answered.headers.get_all("Set-Cookie") or ():
            for name, morsel in SimpleCookie(line).items():
                if morsel.value and morsel["max-age"] != "0":
                    self.cookies[name] = morsel.value
                else:
                    self.cookies.pop(name, None)
