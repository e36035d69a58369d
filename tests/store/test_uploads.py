"""The shelf of proofs, in memory and over S3: one contract, and what S3 must never do with them."""

import pytest

from chalicelib.errors import NotFound
from chalicelib.store.uploads import UploadStore
from tests.support.emulated import clients

KEY = "justificatifs/abc.pdf"


def over_s3(settings):
    return UploadStore(clients(), settings.bucket("uploads"))


@pytest.fixture
def shelf(stores):
    return stores.uploads


def test_proof_is_read_byte_for_byte(shelf):
    shelf.keep(KEY, b"\x00\xff%PDF")
    assert shelf.read(KEY) == b"\x00\xff%PDF"


def test_removed_proof_is_gone_and_its_neighbour_stays(shelf):
    shelf.keep(KEY, b"mine")
    shelf.keep(f"{KEY}.other", b"neighbour")
    shelf.remove(KEY)
    with pytest.raises(NotFound):
        shelf.read(KEY)
    assert shelf.read(f"{KEY}.other") == b"neighbour"


def test_removing_what_is_not_there_is_nothing(shelf):
    shelf.remove(KEY)


def test_later_proof_under_the_same_name_replaces_the_earlier(shelf):
    shelf.keep(KEY, b"first")
    shelf.keep(KEY, b"second")
    assert shelf.read(KEY) == b"second"


def test_no_version_of_a_removed_proof_stays(aws, settings):
    shelf, bucket = over_s3(settings), settings.bucket("uploads")
    shelf.keep(KEY, b"first")
    shelf.keep(KEY, b"second")
    clients().s3.delete_object(Bucket=bucket, Key=KEY)
    shelf.remove(KEY)
    left = clients().s3.list_object_versions(Bucket=bucket)
    assert not left.get("Versions")
    assert not left.get("DeleteMarkers")


def test_no_browser_is_invited_to_open_a_proof_in_place(aws, settings):
    over_s3(settings).keep(KEY, b"<html>")
    head = clients().s3.head_object(Bucket=settings.bucket("uploads"), Key=KEY)
    assert (head["ContentType"], head["ContentDisposition"]) == ("application/octet-stream", "attachment")
