"""A mail's bytes, read back by Python's own parser."""

from datetime import UTC, datetime
from email import message_from_bytes, policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.errors import MailRefused
from chalicelib.mail.message import Attachment, Message, assemble

SENDER = "Portail Famille <portail@example.org>"
DESK = "Guichet unique <guichet@example.org>"
NOON = datetime(2026, 6, 10, 10, 0, tzinfo=UTC)
PDF = Attachment("facture-169165.pdf", "application/pdf", b"%PDF-1.7\r\n\x00\xff" * 3000)


def mail(**changes):
    said = {"to": "dupont@example.org", "subject": "Vos identifiants", "text": "Bonjour\n", "html": "<p>Bonjour</p>\n"}
    return Message(**(said | changes))


def read(message):
    raw = assemble(message, sender=SENDER, reply_to=DESK, sent_at=NOON)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return message_from_bytes(raw, policy=policy.default)


def test_headers_say_who_writes_to_whom_and_that_nobody_waits_for_an_answer():
    made = read(mail())
    assert {name: made[name] for name in ("From", "To", "Reply-To", "Auto-Submitted", "Subject")} == {
        "From": SENDER,
        "To": "dupont@example.org",
        "Reply-To": DESK,
        "Auto-Submitted": "auto-generated",
        "Subject": "Vos identifiants",
    }
    assert made["Date"].datetime == NOON
    assert made["Message-ID"] is None


def test_text_comes_before_html_and_files_come_last():
    made = read(mail(attachments=(PDF,)))
    kinds = [part.get_content_type() for part in made.walk()]
    assert kinds == ["multipart/mixed", "multipart/alternative", "text/plain", "text/html", "application/pdf"]
    (file,) = made.iter_attachments()
    assert (file.get_filename(), file.get_content()) == (PDF.filename, PDF.content)


def test_mail_without_file_is_only_its_text_and_its_html():
    assert read(mail()).get_content_type() == "multipart/alternative"


@settings(max_examples=60, deadline=None)
@given(
    subject=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=120),
    text=st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=2000),
)
def test_any_words_come_through(subject, text):
    made = read(mail(subject=subject, text=text))
    assert made["Subject"].split() == subject.split()
    assert made.get_body(("plain",)).get_content() == text + "\r\n"


@pytest.mark.parametrize(
    "to",
    [
        "",
        "dupont",
        "dupont@localhost",
        "dupont@example.org, martin@example.org",
        "dupont@example.org;martin@example.org",
        "dupont@example.org\r\nBcc: martin@example.org",
        "dupont@example.org\n",
        "Dupont <dupont@example.org>",
        '"a b"@example.org',
        "éloïse@example.org",
        f"{'a' * 65}@example.org",
        f"a@{'b' * 250}.org",
    ],
)
def test_what_is_not_one_plain_address_is_refused(to):
    with pytest.raises(MailRefused):
        assemble(mail(to=to), sender=SENDER, reply_to=DESK, sent_at=NOON)


@pytest.mark.parametrize("subject", ["", "Facture\r\nBcc: martin@example.org", "Facture\n", "a\x00b", "a\x7fb"])
def test_subject_that_could_end_its_line_is_refused(subject):
    with pytest.raises(MailRefused):
        assemble(mail(subject=subject), sender=SENDER, reply_to=DESK, sent_at=NOON)


@pytest.mark.parametrize("filename", ['a".pdf', "a\r\nb.pdf", "été.pdf", "", "a/b.pdf"])
def test_file_name_that_is_not_ours_stops_the_mail(filename):
    with pytest.raises(ValueError, match="file name"):
        read(mail(attachments=(Attachment(filename, "application/pdf", b""),)))
