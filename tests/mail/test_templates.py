"""What every mail keeps to, whatever it says: read from all the mails that are kept as text and as HTML."""

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import get_args

import pytest

from chalicelib.domain.account_mail import AccountMail

KEPT = Path(__file__).parent.parent / "data" / "mail"
TEMPLATES = Path(__file__).parent.parent.parent / "chalicelib" / "templates" / "mail"
PAGES = sorted(KEPT.glob("*.html"))
TEXTS = sorted(KEPT.glob("*.txt"))
MAILS = {path.name for path in TEMPLATES.iterdir() if path.is_dir()}
MOST_BYTES = 30_000
UNBROKEN = re.compile(r"[ ][:;!?»](?!\S*=)|«[ ]|\w'\w")
"""A plain space where French wants one that does not break, or a typewriter's apostrophe."""

FETCHED = {"img", "link", "script", "iframe", "audio", "video", "object", "embed", "style", "form", "base"}


class Tags(HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes, self.said = set(), [], []
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        self.tags.add(tag)
        self.attributes += attributes

    def handle_data(self, data):
        self.said.append(data)


def name_of(path):
    return path.stem


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_html_is_light_and_fetches_nothing(path):
    found = Tags(path.read_text("utf-8"))
    assert path.stat().st_size <= MOST_BYTES
    assert not found.tags & FETCHED
    assert not [name for name, value in found.attributes if name in ("src", "background", "class")]
    assert "url(" not in path.read_text("utf-8")


@pytest.mark.parametrize("path", PAGES, ids=name_of)
def test_html_is_french_for_a_screen_reader_and_has_one_title(path):
    text = path.read_text("utf-8")
    assert '<html lang="fr">' in text
    assert text.count("<h1") == text.count("<title>") == 1


@pytest.mark.parametrize("path", [*PAGES, *TEXTS], ids=lambda path: path.name)
def test_french_typography(path):
    text = path.read_text("utf-8")
    said = "".join(Tags(text).said) if path.suffix == ".html" else text
    assert not UNBROKEN.findall(re.sub(r"https?://\S+", "", said))


@pytest.mark.parametrize("path", TEXTS, ids=name_of)
def test_text_is_complete_alone(path):
    """It leads wherever the HTML leads."""
    text, html = path.read_text("utf-8"), path.with_suffix(".html").read_text("utf-8")
    for address in re.findall(r'href="([^"]+)"', html):
        assert address.replace("&amp;", "&") in text


@pytest.mark.parametrize("path", [*PAGES, *TEXTS], ids=lambda path: path.name)
def test_desk_is_at_the_foot_of_every_mail(path):
    assert "Guichet unique" in path.read_text("utf-8")
    assert "04\u00a000\u00a000\u00a000\u00a010" in path.read_text("utf-8")


@pytest.mark.parametrize("name", sorted(MAILS))
def test_every_message_has_its_three_templates(name):
    for part in ("subject.txt", "body.txt", "body.html"):
        assert (TEMPLATES / name / part).exists(), TEMPLATES / name / part


def test_every_account_mail_has_its_templates():
    union, _ = get_args(AccountMail)
    lacking = {kind.model_fields["message"].default for kind in get_args(union)} - MAILS
    assert lacking == set(), f"chalicelib/templates/mail/: {lacking} has no folder"


def test_every_mail_is_kept_as_it_must_be_read():
    """A mail that reads otherwise from case to case is kept once per case: `receipt`, `receipt_above_the_balance`."""
    texts = [path.stem for path in KEPT.glob("*.txt")]  # now: UPDATE_GOLDEN may just have written them
    missing = MAILS - {max((mail for mail in MAILS if f"{one}_".startswith(f"{mail}_")), default="") for one in texts}
    assert missing == set(), (
        f"{missing}: an example in ANNOUNCED, tests/mail/test_account_messages.py (of another mail, in its own "
        "test), then UPDATE_GOLDEN=1 .venv/bin/pytest tests/mail, then read tests/data/mail/"
    )
