"""S3 objects: missing ones told apart from failures, written once, listed, and removed with every version."""

import io
from types import SimpleNamespace

import pytest
from botocore.exceptions import ClientError

from chalicelib.errors import NotFound, Unavailable
from chalicelib.store.bucket import Bucket
from tests.support.emulated import clients


@pytest.fixture
def bucket(aws, settings):
    return Bucket(clients(), settings.bucket("mailings"))


def failing(code):
    """A bucket whose S3 answers every call with this error."""

    class Client:
        def __getattr__(self, operation):
            def call(**_):
                raise ClientError({"Error": {"Code": code}}, operation)

            return call

    return Bucket(SimpleNamespace(s3=Client()), "nowhere")


def test_what_is_written_is_read_and_a_later_one_replaces_it(bucket):
    bucket.write("a/1", b"one")
    bucket.write("a/1", io.BytesIO(b"two"))
    out = io.BytesIO()
    bucket.copy("a/1", out)
    assert (bucket.content("a/1"), out.getvalue()) == (b"two", b"two")


def test_the_first_of_a_key_stays(bucket):
    assert bucket.write_first("a/1", b"one")
    assert not bucket.write_first("a/1", b"two")
    assert bucket.content("a/1") == b"one"


def test_keys_are_listed_by_how_they_begin_and_removed_one_by_one(bucket):
    for key in ("a/2", "a/1", "ab"):
        bucket.write(key, b"x")
    assert list(bucket.keys("a/")) == ["a/1", "a/2"]
    bucket.delete("a/1")
    assert list(bucket.keys("a")) == ["a/2", "ab"]


def test_a_missing_object_is_not_found_in_every_way_of_reading(bucket):
    for read in (bucket.content, bucket.body, lambda key: bucket.copy(key, io.BytesIO())):
        with pytest.raises(NotFound):
            read("nowhere")
    with pytest.raises(NotFound):
        failing("NoSuchVersion").copy("a", io.BytesIO(), version="1")


@pytest.mark.parametrize("code", ["SlowDown", "InternalError", "AccessDenied"])
def test_any_other_failure_is_unavailable(code):
    for call in (failing(code).content, failing(code).delete, lambda key: failing(code).write_first(key, b"x")):
        with pytest.raises(Unavailable):
            call("a")
