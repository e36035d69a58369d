"""The desk's defaults, and the variables that are kept."""

import pytest

from local.environment import clock_seconds, local_environment, uses_own_aws
from local.ports import LocalStackError, Ports


def test_everything_points_to_the_desk_by_default():
    environ = local_environment({}, Ports(9000))
    assert environ["AWS_ENDPOINT_URL"] == "http://127.0.0.1:9001"
    assert environ["PORTAIL_PUBLIC_URL"] == "http://127.0.0.1:9000"
    assert environ["PORTAIL_PAYBOX_URL"].startswith("http://127.0.0.1:9002/")
    assert environ["PORTAIL_STAGE"] == "local"


def test_variables_already_set_are_kept_and_empty_ones_are_not_set():
    kept = {
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "PORTAIL_STAGE": "test",
        "HOME": "/root",
        "PORTAIL_PUBLIC_URL": "",
    }
    environ = local_environment({**kept, "PORTAIL_PUBLIC_URL": ""}, Ports(8000))
    assert (environ["AWS_ENDPOINT_URL"], environ["PORTAIL_STAGE"]) == ("http://127.0.0.1:4566", "test")
    assert (environ["HOME"], environ["PORTAIL_PUBLIC_URL"]) == ("/root", "http://127.0.0.1:8000")


def test_an_aws_that_was_named_is_used():
    assert not uses_own_aws({"AWS_ENDPOINT_URL": "http://127.0.0.1:4566"})
    assert uses_own_aws({})
    assert uses_own_aws({"AWS_ENDPOINT_URL": ""})


def test_the_desk_talks_to_itself_past_a_proxy():
    environ = local_environment(
        {"http_proxy": "http://proxy.example.org:3128", "no_proxy": ".example.org"}, Ports(8000)
    )
    assert environ["no_proxy"] == environ["NO_PROXY"] == ".example.org,127.0.0.1,localhost"
    assert "no_proxy" not in local_environment({}, Ports(8000))


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, 60),
        ({"PORTAIL_CLOCK_EVERY": "5"}, 5),
        ({"PORTAIL_CLOCK_EVERY": "0"}, 0),
        ({"PORTAIL_CLOCK_EVERY": ""}, 60),
        ({"PORTAIL_DESK_TICK_SECONDS": "7"}, 7),
        ({"PORTAIL_CLOCK_EVERY": "5", "PORTAIL_DESK_TICK_SECONDS": "7"}, 5),
    ],
)
def test_the_clock_rings_every_minute_unless_told_otherwise(environ, seconds):
    assert clock_seconds(environ) == seconds


@pytest.mark.parametrize("typed", ["une minute", "-1", "nan", "1e9"])
def test_what_is_no_number_of_seconds_is_told(typed):
    with pytest.raises(LocalStackError, match="PORTAIL_CLOCK_EVERY : un nombre de secondes"):
        clock_seconds({"PORTAIL_CLOCK_EVERY": typed})
