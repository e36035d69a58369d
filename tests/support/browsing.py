"""A browser with opinions: keeps cookies, posts a form's hidden fields back, and checks every page it is shown."""

from collections.abc import Mapping
from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

from tests.support.gateway import Answer, Call, send

PASSWORD = "soleil levant 42"
FORM = "application/x-www-form-urlencoded"
BOUNDARY = "----formBoundary7MA4YWxkTrZu0gW"
MULTIPART = f"multipart/form-data; boundary={BOUNDARY}"
HEADERS = {
    "strict-transport-security": "max-age=63072000; includeSubDomains",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
}
Fields = dict[str, str]
"""The values of a form's fields, or of an element's attributes, by their names."""

Files = Mapping[str, tuple[str, bytes]]
"""Name and bytes of each file of a form, by its field."""

VOID = {"input", "img", "br", "meta", "link", "hr", "source", "path", "use"}


class Outline(HTMLParser):
    """What the browser needs of a page: its forms' fields, its ids, its headings, and what must not be there."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.forms: dict[str, Fields] = {}
        self.ids: list[str] = []
        self.links: list[str] = []
        self.labels: set[str | None] = set()
        self.inputs: list[Fields] = []
        self.h1: list[str] = []
        self.title = ""
        self.lang: str | None = None
        self.inline: list[str] = []
        self._form: Fields | None = None
        self._select = ""
        self._inside: str | None = None
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if "id" in given:
            self.ids.append(given["id"])
        if "style" in given or any(name.startswith("on") for name in given):
            self.inline.append(tag)
        if tag in ("h1", "title"):
            self._inside = tag
            if tag == "h1":
                self.h1.append("")
        getattr(self, f"_see_{tag}", lambda given: None)(given)

    def _see_html(self, given: Fields) -> None:
        self.lang = given.get("lang")

    def _see_form(self, given: Fields) -> None:
        self._form = self.forms.setdefault(given.get("action", ""), {})

    def _see_input(self, given: Fields) -> None:
        kind = given.get("type", "text")
        if kind not in ("hidden", "submit", "button") and "hidden" not in given:
            self.inputs.append(given)
        if self._form is not None and given.get("name") and (kind not in ("radio", "checkbox") or "checked" in given):
            self._form[given["name"]] = given.get("value", "")

    def _see_select(self, given: Fields) -> None:
        self.inputs.append(given)
        self._select = given.get("name", "")

    def _see_option(self, given: Fields) -> None:
        if self._form is not None and ("selected" in given or self._select not in self._form):
            self._form[self._select] = given.get("value", "")

    def _see_a(self, given: Fields) -> None:
        self.links.append(given.get("href", ""))

    def _see_label(self, given: Fields) -> None:
        self.labels.add(given.get("for"))

    def _see_script(self, given: Fields) -> None:
        if "src" not in given:
            self.inline.append("script")

    def _see_style(self, given: Fields) -> None:
        self.inline.append("style")

    def handle_data(self, data: str) -> None:
        if self._inside == "h1":
            self.h1[-1] += data
        elif self._inside == "title":
            self.title += data

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = None
        if tag == "form":
            self._form = None


class Page:
    """An answer, with its outline when it is HTML."""

    def __init__(self, answer: Answer) -> None:
        self.status, self.headers, self.body = answer.status, answer.headers, answer.body
        self.header, self.location = answer.header, answer.location
        self.is_html = (answer.header("content-type") or "").startswith("text/html")
        self.outline = Outline(self.text) if self.is_html and self.body else None

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def words(self) -> str:
        """The page as it is compared with the guide: folded apostrophes, spaces and case, without tags."""
        return fold(strip_tags(self.text))

    def says(self, sentence: str) -> bool:
        return fold(sentence) in self.words


class Stripper(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []

    def handle_data(self, data: str) -> None:
        self.parts.append(data)


def strip_tags(text: str) -> str:
    stripper = Stripper()
    stripper.feed(text)
    return " ".join(stripper.parts)


def fold(text: str) -> str:
    """Apostrophes, quotation marks, spaces and case folded; no space before punctuation."""
    text = text.replace("’", "'").replace("«", '"').replace("»", '"').casefold()
    words = " ".join(text.split())
    for mark in ':;!?.,"':
        words = words.replace(f" {mark}", mark).replace('" ', '"')
    return words


class Browser:
    """A visitor of the portal; another one is another Browser."""

    def __init__(self, source_ip: str = "203.0.113.7", origin: str = "https://portail.example.org") -> None:
        self.cookies: dict[str, str] = {}
        self.source_ip = source_ip
        self.origin = origin
        self.page: Page | None = None

    def get(self, url: str, **headers: str) -> Page:
        return self._go("GET", url, None, headers)

    def post(self, path: str, _headers: Mapping[str, str] | None = None, **fields: str) -> Page:
        """Post a form of the page last seen, hidden fields included; `fields` are what the visitor types."""
        known = self.page.outline.forms.get(path, {}) if self.page and self.page.outline else {}
        body = urlencode({**known, **fields}).encode()
        headers = {"Content-Type": FORM, "Origin": self.origin, **(_headers or {})}
        return self._go("POST", path, body, headers)

    def post_multipart(
        self, path: str, files: Files | None = None, _headers: Mapping[str, str] | None = None, **fields: str
    ) -> Page:
        """The same for a form with files: field → (name, bytes)."""
        known = self.page.outline.forms.get(path, {}) if self.page and self.page.outline else {}
        texts = {name: value for name, value in {**known, **fields}.items() if name not in (files or {})}
        body = multipart_body(texts, files or {})
        headers = {"Content-Type": MULTIPART, "Origin": self.origin, **(_headers or {})}
        return self._go("POST", path, body, headers)

    def follow(self, page: Page | None = None) -> Page:
        """Go where a 303 leads."""
        page = page or self.page
        assert page, "no page was seen yet"
        assert page.status == 303, page.status
        assert page.location, "redirects lead somewhere"
        parts = urlsplit(page.location)
        assert not parts.netloc, "redirects are relative"
        return self.get(page.location)

    def sign_in(self, username: str = "dupont", password: str = PASSWORD, **more: str) -> Page:
        self.get("/connexion")
        return self.post("/connexion", None, identifiant=username, mot_de_passe=password, **more)

    def send(self, call: Call) -> Answer:
        """A request as given, with this browser's cookies, unchecked: for those who attack."""
        headers = {"Cookie": self._cookie_header(), **call.headers} if self.cookies else call.headers
        return send(Call(call.method, call.url, headers, call.body, self.source_ip))

    def _go(self, method: str, url: str, body: bytes | None, headers: Mapping[str, str]) -> Page:
        sent = {"Accept": "text/html,*/*", "User-Agent": "Mozilla/5.0", **headers}
        answer = self.send(Call(method, url, sent, body))
        self._keep_cookies(answer)
        page = Page(answer)
        check(page)
        if page.is_html and page.body:
            self.page = page
        elif page.status == 303:
            self.page = page
        return page

    def _cookie_header(self) -> str:
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def _keep_cookies(self, answer: Answer) -> None:
        for cookie in answer.headers.get("set-cookie", []):
            pair, *attributes = (part.strip() for part in cookie.split(";"))
            name, _, value = pair.partition("=")
            assert name.startswith("__Host-")
            assert {"HttpOnly", "Path=/", "SameSite=Lax", "Secure"} <= set(attributes), cookie
            if "Max-Age=0" in attributes:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


def multipart_body(fields: Mapping[str, str], files: Files) -> bytes:
    """What browsers send for a form with files."""
    parts = [(f'name="{name}"', value.encode()) for name, value in fields.items()]
    parts += [(f'name="{name}"; filename="{file}"', content) for name, (file, content) in files.items()]
    lines = [
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + content + b"\r\n"
        for head, content in parts
    ]
    return b"".join(lines) + f"--{BOUNDARY}--\r\n".encode()


def check(page: Page) -> None:
    """What every answer of the portal must hold."""
    for name, value in HEADERS.items():
        assert page.header(name) == value, name
    policy = page.header("content-security-policy")
    assert policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert page.header("cache-control") in ("no-store", "public, max-age=31536000, immutable")
    if page.outline:
        check_outline(page.outline)


def check_outline(outline: Outline) -> None:
    assert outline.lang == "fr"
    assert len(outline.h1) == 1, outline.h1
    assert outline.title.strip(), "a page needs a title"
    assert len(outline.ids) == len(set(outline.ids)), "an id is there twice"
    assert not outline.inline, outline.inline
    for field in outline.inputs:
        assert field.get("id") in outline.labels or "aria-label" in field, field
