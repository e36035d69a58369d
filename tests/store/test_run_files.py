"""A run's folder in S3: a file, its findings line by line, its amounts; and what the inbox holds."""

import io

import pytest

from chalicelib.errors import NotFound


def test_values_and_lines_come_back_as_they_were_put(portal):
    key = portal.stores.run_files.put(
        "2026-06-x", "controle.jsonl", io.BytesIO('{"line": 2}\n{"reason": "é"}\n'.encode())
    )
    assert key == "campagnes/2026-06-x/controle.jsonl"
    assert list(portal.stores.run_files.lines("2026-06-x", "controle.jsonl")) == [{"line": 2}, {"reason": "é"}]
    portal.stores.run_files.put_json("2026-06-x", "montants.json", {"dupont": -12})
    portal.stores.run_files.put_json("2026-06-x", "montants.json", {"dupont": 5700})
    assert portal.stores.run_files.read_json("2026-06-x", "montants.json") == {"dupont": 5700}


def test_what_is_not_there_is_not_found(portal):
    with pytest.raises(NotFound):
        portal.stores.run_files.read_json("2026-06-x", "montants.json")
    with pytest.raises(NotFound):
        portal.stores.inbox.copy("absent.csv", io.BytesIO())


def test_the_inbox_gives_the_version_that_was_deposited(portal):
    bucket = portal.settings.bucket("inbox")
    versions = [portal.clients.s3.put_object(Bucket=bucket, Key="a.csv", Body=body) for body in (b"one", b"two")]
    for version, content in zip(versions, (b"one", b"two"), strict=True):
        out = io.BytesIO()
        portal.stores.inbox.copy("a.csv", out, version=version["VersionId"])
        assert out.getvalue() == content
