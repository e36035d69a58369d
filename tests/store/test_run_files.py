"""A run's folder in S3: a file, its findings line by line, its amounts; and what the inbox holds."""

import io

import pytest

from chalicelib.errors import NotFound


def test_values_and_lines_come_back_as_they_were_put(stores):
    key = stores.run_files.put("2026-06-x", "controle.jsonl", io.BytesIO('{"line": 2}\n{"reason": "é"}\n'.encode()))
    assert key == "campagnes/2026-06-x/controle.jsonl"
    assert list(stores.run_files.lines("2026-06-x", "controle.jsonl")) == [{"line": 2}, {"reason": "é"}]
    stores.run_files.put_json("2026-06-x", "montants.json", {"dupont": -12})
    stores.run_files.put_json("2026-06-x", "montants.json", {"dupont": 5700})
    assert stores.run_files.read_json("2026-06-x", "montants.json") == {"dupont": 5700}
    assert stores.run_files.read("2026-06-x", "montants.json") in (b'{"dupont":5700}', b'{"dupont": 5700}')


def test_each_kind_of_file_of_a_run_has_its_folder(stores):
    kinds = (stores.run_files, stores.mailing_files, stores.pdf_bundles)
    assert [files.put("2026-06-x", "a", b"1") for files in kinds] == [
        "campagnes/2026-06-x/a", "campagnes/2026-06-x/envoi/a", "paquets/2026-06-x/a",
    ]  # fmt: skip


def test_an_object_is_written_from_where_its_stream_stands(stores):
    stream = io.BytesIO(b"header\n[1]\n")
    stream.readline()
    stores.run_files.put("2026-06-x", "controle.jsonl", stream)
    assert list(stores.run_files.lines("2026-06-x", "controle.jsonl")) == [[1]]
    assert stores.run_files.put("2026-06-x", "controle.jsonl", b"") == "campagnes/2026-06-x/controle.jsonl"
    assert list(stores.run_files.lines("2026-06-x", "controle.jsonl")) == []


def test_another_run_s_file_and_another_name_s_are_not_found(stores):
    stores.run_files.put_json("2026-06-x", "montants.json", {"dupont": "é"})
    assert stores.run_files.read_json("2026-06-x", "montants.json") == {"dupont": "é"}
    for run, name in (("2026-07-x", "montants.json"), ("2026-06-x", "controle.jsonl")):
        with pytest.raises(NotFound):
            stores.run_files.read_json(run, name)
        lines = stores.run_files.lines(run, name)
        with pytest.raises(NotFound):
            next(lines)


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


def test_the_first_value_under_a_name_stays_when_it_is_put_first(stores):
    assert stores.mailing_files.put_json_first("2026-06-x", "complements/001.json", [["06990", "1", "é"]])
    assert not stores.mailing_files.put_json_first("2026-06-x", "complements/001.json", [])
    assert stores.mailing_files.read_json("2026-06-x", "complements/001.json") == [["06990", "1", "é"]]


def test_the_names_of_a_folder_are_listed_in_order_without_those_of_others(stores):
    for name in ("complements/002.json", "complements/001.json", "complements-autres/1.json", "papier.json"):
        stores.mailing_files.put_json("2026-06-x", name, [])
    stores.mailing_files.put_json("2026-07-x", "complements/003.json", [])
    listed = list(stores.mailing_files.names("2026-06-x", "complements"))
    assert listed == ["complements/001.json", "complements/002.json"]
