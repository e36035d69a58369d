"""The mailbox shows every mail that SES accepted, to people and to programs."""

import base64
import json
import urllib.request
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from http import HTTPStatus
from urllib.error import HTTPError

import pytest

from infrastructure.provisioning import verify_sender
from local.mailbox.answers import Mailbox
from local.mailbox.postbox import Postbox

SENDER = "portail-famille@saint-aubin-les-pins.example.org"
PDF = b"%PDF-1.7 \xff\x00"


@pytest.fixture(scope="module")
def sesv2(cloud):
    verify_sender(cloud.client("sesv2"), SENDER)
    return cloud.client("sesv2")


def get(cloud, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{cloud.mailbox_port}{path}") as answer:
        return answer, answer.read()


def listed(cloud, mail_id):
    mails = json.loads(get(cloud, "/messages.json")[1])
    return next(mail for mail in mails if mail["id"] == mail_id)


def invoice_mail():
    mail = EmailMessage()
    mail["From"], mail["To"] = f"Portail Famille <{SENDER}>", "Élodie Dupont <dupont@example.org>"
    mail["Subject"] = "Facture n° 169165 : 57,00 € à payer avant le 24 juin 2026"
    mail.set_content("Bonjour,\n57,00 €\n")
    mail.add_alternative("<html><head></head><body><p>57,00&nbsp;€</p></body></html>", subtype="html")
    mail.add_attachment(PDF, maintype="application", subtype="pdf", filename="facture-169165.pdf")
    return mail.as_bytes()


@pytest.fixture(scope="module")
def invoice(sesv2):
    return sesv2.send_email(Content={"Raw": {"Data": invoice_mail()}})["MessageId"]


def test_a_raw_mail_is_listed_with_its_texts_and_its_file(cloud, invoice):
    mail = listed(cloud, invoice)
    assert mail["to"] == ["dupont@example.org"]
    assert mail["from"] == SENDER
    assert mail["subject"] == "Facture n° 169165 : 57,00 € à payer avant le 24 juin 2026"
    assert mail["text"] == "Bonjour,\n57,00 €\n"
    assert "<p>57,00&nbsp;€</p>" in mail["html"]
    assert mail["attachments"] == [
        {
            "filename": "facture-169165.pdf",
            "content_type": "application/pdf",
            "size": len(PDF),
            "content_base64": base64.b64encode(PDF).decode(),
        }
    ]


def test_the_instant_of_sending_is_in_utc(cloud, invoice):
    sent_at = datetime.fromisoformat(listed(cloud, invoice)["sent_at"])
    assert sent_at.utcoffset() == timedelta(0)
    assert datetime.now(UTC) - sent_at < timedelta(minutes=10)


def test_the_envelope_says_who_gets_a_raw_mail(cloud, sesv2):
    destination = {"ToAddresses": ["martin@example.org"], "BccAddresses": ["regie@example.org"]}
    content = {"Raw": {"Data": invoice_mail()}}
    sent = sesv2.send_email(FromEmailAddress=SENDER, Destination=destination, Content=content)
    assert listed(cloud, sent["MessageId"])["to"] == ["martin@example.org", "regie@example.org"]


def test_a_simple_mail_keeps_both_bodies_and_its_file(cloud, sesv2):
    simple = {
        "Subject": {"Data": "Vos identifiants"},
        "Body": {"Text": {"Data": "Bonjour"}, "Html": {"Data": "<p>Bonjour</p>"}},
        "Attachments": [{"FileName": "é.txt", "ContentType": "text/plain", "RawContent": b"abc"}],
    }
    destination = {"ToAddresses": ["dupont@example.org"]}
    sent = sesv2.send_email(FromEmailAddress=SENDER, Destination=destination, Content={"Simple": simple})
    mail = listed(cloud, sent["MessageId"])
    assert (mail["subject"], mail["text"].strip(), mail["html"].strip()) == (
        "Vos identifiants",
        "Bonjour",
        "<p>Bonjour</p>",
    )
    assert [(file["filename"], file["size"]) for file in mail["attachments"]] == [("é.txt", 3)]


def test_the_first_version_of_the_api_is_heard_too(cloud, sesv2):
    ses = cloud.client("ses")
    message = {"Subject": {"Data": "Rappel"}, "Body": {"Text": {"Data": "Échéance demain"}}}
    to = {"ToAddresses": ["dupont@example.org"]}
    simple = ses.send_email(Source=SENDER, Destination=to, Message=message)["MessageId"]
    raw = ses.send_raw_email(RawMessage={"Data": invoice_mail()}, Destinations=["a@example.org"])["MessageId"]
    assert listed(cloud, simple)["text"].strip() == "Échéance demain"
    assert listed(cloud, raw)["to"] == ["a@example.org"]


def test_a_refused_mail_is_not_kept(cloud, sesv2):
    before = len(json.loads(get(cloud, "/messages.json")[1]))
    simple = {"Subject": {"Data": "x"}, "Body": {"Text": {"Data": "x"}}}
    with pytest.raises(sesv2.exceptions.ClientError):
        sesv2.send_email(
            FromEmailAddress="nobody@elsewhere.example.org",
            Destination={"ToAddresses": ["dupont@example.org"]},
            Content={"Simple": simple},
        )
    assert len(json.loads(get(cloud, "/messages.json")[1])) == before


def test_mails_are_listed_oldest_first_for_programs_and_latest_first_for_people(cloud, sesv2):
    for _ in range(2):
        sesv2.send_email(Content={"Raw": {"Data": invoice_mail()}})
    mails = json.loads(get(cloud, "/messages.json")[1])
    assert [mail["sent_at"] for mail in mails] == sorted(mail["sent_at"] for mail in mails)
    page = get(cloud, "/")[1].decode()
    places = [page.index(mail["id"]) for mail in mails]
    assert places == sorted(places, reverse=True)


def test_a_mail_is_a_page_with_its_html_shut_in_a_frame(cloud, invoice):
    answer, body = get(cloud, f"/messages/{invoice}")
    assert f'<iframe src="/messages/{invoice}/html"'.encode() in body
    assert b'sandbox="allow-popups' in body
    assert "script-src" not in answer.headers["Content-Security-Policy"]
    framed, mail = get(cloud, f"/messages/{invoice}/html")
    assert "sandbox" in framed.headers["Content-Security-Policy"]
    assert b'<head><base target="_blank">' in mail


def test_a_file_is_downloaded_as_it_was_sent(cloud, invoice):
    answer, body = get(cloud, f"/messages/{invoice}/pieces/0")
    assert body == PDF
    assert answer.headers["Content-Disposition"] == "attachment; filename*=UTF-8''facture-169165.pdf"


@pytest.mark.parametrize("path", ["/messages/none", "/messages", "/messages/none/html", "/elsewhere"])
def test_what_does_not_exist_is_a_french_page(cloud, path):
    with pytest.raises(HTTPError) as refusal:
        get(cloud, path)
    assert refusal.value.code == HTTPStatus.NOT_FOUND
    assert "n’existe pas" in refusal.value.read().decode()


def test_markup_in_a_subject_is_shown_as_text(cloud, sesv2):
    simple = {"Subject": {"Data": "<script>alert(1)</script>"}, "Body": {"Text": {"Data": "<b>x</b>"}}}
    destination = {"ToAddresses": ["dupont@example.org"]}
    sent = sesv2.send_email(FromEmailAddress=SENDER, Destination=destination, Content={"Simple": simple})
    page = get(cloud, f"/messages/{sent['MessageId']}")[1].decode()
    assert "&lt;script&gt;" in page
    assert "<script>" not in page
    assert "&lt;b&gt;x" in page


def test_an_empty_mailbox_says_so():
    assert "Aucun courriel pour l’instant" in Mailbox(Postbox()).get("/").body.decode()
    assert json.loads(Mailbox(Postbox()).get("/messages.json").body) == []


def test_beside_another_aws_the_mailbox_says_that_mails_go_elsewhere():
    assert "AWS_ENDPOINT_URL" in Mailbox(None).get("/").body.decode()
