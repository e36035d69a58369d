"""A run's folder in S3: a file, its findings line by line, its amounts; and what the inbox holds."""

import io

import pytest

from chalicelib.errors import NotFound


def test_values_and_lines_come_back_as_they_were_put(portal):
    key = portal.run_files.put("2026-06-x", "controle.jsonl", io.BytesIO('{"line": 2}\n{"reason": "é"}\n'.encode()))
    assert key == "campagnes/2026-06-x/controle.jsonl"
    assert list(portal.run_files.lines("2026-06-x", "controle.jsonl")) == [{"line": 2}, {"reason": "é"}]
    portal.run_files.put_json("2026-06-x", "montants.json", {"dupont": -12})
    portal.run_files.put_json("2026-06-x", "montants.json", {"dupont": 5700})
    assert portal.run_files.read_json("2026-06-x", "montants.json") == {"dupont": 5700}


def test_what_is_not_there_is_not_found(portal):
    with pytest.raises(NotFound):
        portal.run_files.read_json("2026-06-x", "montants.json")
    with pytest.raises(NotFound):
        portal.inbox.copy("absent.csv", io.BytesIO())


def test_the_inbox_gives_the_version_that_was_deposited(portal):
    bucket = portal.settings.bucket("inbox")
    versions = [portal.clients.s3.put_object(Bucket=bucket, Key="a.csv", Body=body) for body in (b"one", b"two")]
    for version, content in zip(versions, (b"one", b"two"), strict=True):
        out = io.BytesIO()
        portal.inbox.copy("a.csv", out, version=version["VersionId"])
        assert out.getvalue() == content
