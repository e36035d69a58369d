"""An archive is known for what it is, and never unpacked beyond the limit, whatever its directory says."""

import io
import zipfile

import pytest

from chalicelib.importing import workbook_archive
from chalicelib.importing.rows import BadLine, FileRefused
from chalicelib.importing.workbook_archive import WorkbookKind, begins_like_workbook, copied, members_of, open_archive
from chalicelib.wording import importing, workbooks
from tests.support.workbooks import archive_of, ods, xlsx

OLD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600


def reason_of(content):
    with pytest.raises(FileRefused) as refusal:
        read(io.BytesIO(content))
    return refusal.value.bad_lines


def read(stream):
    if begins_like_workbook(stream):
        with open_archive(stream) as (_, archive), copied(archive, {name: name for name in archive.namelist()}):
            pass


@pytest.mark.parametrize(("content", "kind"), [(xlsx([]), WorkbookKind.XLSX), (ods([]), WorkbookKind.ODS)])
def test_a_workbook_is_known_by_its_members(content, kind):
    assert begins_like_workbook(io.BytesIO(content))
    with open_archive(io.BytesIO(content)) as (found, _):
        assert found is kind


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (OLD, workbooks.OLD_WORKBOOK),
        (archive_of({"xl/workbook.bin": b""}), workbooks.OLD_WORKBOOK),
        (archive_of({"word/document.xml": "<a/>"}), importing.NOT_TEXT),
        (
            archive_of({"content.xml": "<a/>", "mimetype": "application/vnd.oasis.opendocument.text"}),
            importing.NOT_TEXT,
        ),
        (archive_of({"content.xml": "<a/>"}), importing.NOT_TEXT),
    ],
    ids=["xls", "xlsb", "docx", "odt", "another archive"],
)
def test_another_document_is_told_with_what_to_do(content, reason):
    assert reason_of(content) == (BadLine(1, "", reason),)


def test_a_few_kilobytes_that_unpack_into_more_than_the_limit_are_refused_unread():
    content = archive_of({"xl/workbook.xml": " " * (workbook_archive.MOST_BYTES + 1)})
    assert len(content) < 100_000
    assert reason_of(content) == (BadLine(1, "", workbooks.large_workbook(workbook_archive.MOST_BYTES)),)


def test_too_many_members_are_refused(monkeypatch):
    monkeypatch.setattr(workbook_archive, "MOST_MEMBERS", 3)
    assert reason_of(xlsx([]))[0].reason == workbooks.large_workbook(workbook_archive.MOST_BYTES)


def test_a_member_larger_than_the_directory_says_is_not_read_beyond_it():
    content = bytearray(archive_of({"xl/workbook.xml": "x" * 100_000}))
    at = content.rindex(b"PK\x01\x02")
    for start in (22, at + 24):
        content[start : start + 4] = (10).to_bytes(4, "little")
    assert reason_of(bytes(content)) == (BadLine(1, "", workbooks.BROKEN_WORKBOOK),)


def test_a_protected_member_is_refused():
    content = bytearray(archive_of({"xl/workbook.xml": "<workbook/>"}))
    at = content.rindex(b"PK\x01\x02")
    content[6] |= 1
    content[at + 8] |= 1
    assert reason_of(bytes(content))[0].reason == workbooks.BROKEN_WORKBOOK


def test_the_copy_holds_the_named_members_alone_under_the_names_of_excel():
    content = archive_of({"XL\\Workbook.xml": "<a/>", "xl/media/photo.png": b"\x89PNG"})
    with open_archive(io.BytesIO(content)) as (kind, archive):
        assert kind is WorkbookKind.XLSX
        named = {"xl/workbook.xml": members_of(archive)["xl/workbook.xml"]}
    with open_archive(io.BytesIO(content)) as (_, archive), copied(archive, named) as copy:
        assert zipfile.ZipFile(copy).namelist() == ["xl/workbook.xml"]
