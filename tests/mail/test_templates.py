"""What every mail keeps to, whatever it says: read from all the mails that are kept as text and as HTML."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

KEPT = Path(__file__).parent.parent / "data" / "mail"
TEMPLATES = Path(__file__).parent.parent.parent / "chalicelib" / "templates" / "mail"
PAGES = sorted(KEPT.glob("*.html"))
TEXTS = sorted(KEPT.glob("*.txt"))
SUBJECTS = sorted(TEMPLATES.glob("*/subject.txt"))
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


@pytest.mark.parametrize("path", SUBJECTS, ids=lambda path: path.parent.name)
def test_every_message_has_its_three_templates(path):
    assert (path.parent / "body.txt").exists()
    assert (path.parent / "body.html").exists()
