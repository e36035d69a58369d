"""`make run` as its user meets it: what it says, what answers, and how it stops."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import urllib.request

import pytest

from tests.support.free_ports import ROOT, gone, listening, wait_for
from tests.support.local_portal import four_free_ports


def fetch(port, path):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=20) as answer:
        return answer.status, answer.read().decode()


@contextlib.contextmanager
def second_portal(desk, tmp_path):
    """Another `run`, on the AWS of the first: its port and its process, once it is ready."""
    port, log = four_free_ports(), tmp_path / "log"
    environ = {
        **os.environ,
        "PORT": str(port),
        "PORTAIL_CLOCK_EVERY": "0",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{desk.port + 1}",
    }
    with log.open("wb") as out:
        process = subprocess.Popen([sys.executable, "-m", "local", "run"], cwd=ROOT, env=environ, stdout=out)
    try:
        wait_for(port, process)
        yield port, process
    finally:
        process.kill()
        process.wait()


def test_it_says_where_to_go_and_as_whom(desk):
    for port in (desk.port, desk.port + 1, desk.port + 2, desk.port + 3):
        assert f"http://127.0.0.1:{port}" in desk.announced
    for account in ("100001", "100002", "100003", "100004", "100005", "Portail-Demo-2026"):
        assert account in desk.announced


def test_health_the_mailbox_and_the_bank_answer(desk):
    assert fetch(desk.port, "/sante")[0] == 200
    assert isinstance(json.loads(fetch(desk.port + 3, "/messages.json")[1]), list)
    assert listening(desk.port + 2)


def test_a_taken_port_is_one_sentence_and_nothing_is_started(desk):
    environ = {**os.environ, "PORT": str(desk.port)}
    command = [sys.executable, "-m", "local", "run"]
    refused = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith(f"Le port {desk.port} (portail) est déjà pris")
    assert refused.stderr.count("\n") == 1


def test_beside_an_aws_that_was_named_only_the_rest_is_started_and_ctrl_c_stops_it(desk, tmp_path):
    with second_portal(desk, tmp_path) as (port, process):
        assert fetch(port, "/sante")[0] == 200
        assert not listening(port + 1)
        assert "AWS_ENDPOINT_URL" in fetch(port + 3, "/")[1]
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 0
        assert all(gone(one) for one in (port, port + 2, port + 3))
    assert listening(desk.port + 1)


@pytest.mark.parametrize("words", [[], ["start"]])
def test_a_misused_command_says_how_to_use_it(words):
    refused = subprocess.run([sys.executable, "-m", "local", *words], cwd=ROOT, capture_output=True, text=True)
    assert (refused.returncode, "run,cloud" in refused.stderr) == (2, True)
