"""The file that comes with a new address, and the body that brings it: judged by what it holds, given back whole."""

import pytest

from chalicelib.domain.proof import MAX_BYTES
from tests.flows.test_address import MOVE, declare, requests, stored
from tests.support.browsing import BOUNDARY
from tests.support.gateway import Call
from tests.support.proofs import IMPOSTORS, PDF


def test_proof_is_judged_by_its_content(portal, dupont):
    dupont.get("/adresse")
    csrf = dupont.page.outline.forms["/adresse"]["csrf"]
    for content in IMPOSTORS.values():
        page = dupont.post_multipart("/adresse", {"justificatif": ("facture.pdf", content)}, csrf=csrf, **MOVE)
        assert (page.status, page.says("n’est pas un PDF, un JPEG ou un PNG lisible")) == (422, True)
    assert not requests(portal)
    assert not stored(portal)


def test_four_megabytes_pass_and_one_byte_more_does_not(portal, dupont):
    whole = PDF.replace(b"\nxref", b"\n" + b" " * (MAX_BYTES - len(PDF)) + b"xref")
    assert len(whole) == MAX_BYTES
    page = declare(dupont, content=whole + b"\n")
    assert (page.status, page.says("Ce fichier dépasse 4 Mo.")) == (422, True)
    assert declare(dupont, content=whole).status == 303


def test_body_beyond_what_the_gateway_takes_is_too_large(portal, dupont):
    assert declare(dupont, content=PDF + b" " * 10_000_000).status == 413
    assert not requests(portal)


def test_proof_goes_back_to_its_family_as_a_file_to_save(portal, dupont):
    declare(dupont)
    reference = requests(portal)[0].id
    page = dupont.get(f"/adresse/{reference}/justificatif")
    assert page.body == PDF
    assert page.header("content-type") == "application/octet-stream"
    assert page.header("content-disposition") == f'attachment; filename="justificatif-{reference}.pdf"'


FIELD = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=".encode()


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        ("multipart/form-data", b"x", 400),
        (f"multipart/form-data; boundary={BOUNDARY}", b"", 400),
        (f"multipart/form-data; boundary={BOUNDARY}", b"\xff\xfe" * 50, 400),
        (f"multipart/form-data; boundary={BOUNDARY}", FIELD + b'"csrf"\r\n\r\ncut short', 400),
        (
            f"multipart/form-data; boundary={BOUNDARY}",
            (FIELD + b'"a"\r\n\r\n1\r\n') * 2 + b"--" + BOUNDARY.encode() + b"--\r\n",
            400,
        ),
        (
            f"multipart/form-data; boundary={BOUNDARY}",
            FIELD + b'"a"\r\n\r\n\xff\r\n--' + BOUNDARY.encode() + b"--\r\n",
            400,
        ),
        (
            f"multipart/form-data; boundary={BOUNDARY}",
            FIELD + b'"a"\r\n\r\n1\r\n--' + BOUNDARY.encode() + b"--\r\n",
            403,
        ),
        ("application/x-www-form-urlencoded", b"ligne_1=x", 415),
        ("text/plain; */*", b"ligne_1=x", 415),
    ],
)
def test_broken_bodies_are_refused_without_a_crash(dupont, kind, body, status):
    headers = {"Content-Type": kind, "Origin": "https://portail.example.org"}
    assert dupont.send(Call("POST", "/adresse", headers, body)).status == status


def test_name_of_a_file_is_text_on_the_page_and_in_the_mail(portal, dupont):
    declare(dupont, "..\\..\\<b>{{7*7}}</b>.pdf")
    assert requests(portal)[0].proof.filename == "b>.pdf"
    declare(dupont, "<i>{{7*7}}.pdf")
    assert "&lt;i&gt;{{7*7}}.pdf" in dupont.follow().text
