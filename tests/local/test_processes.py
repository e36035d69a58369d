"""No program of the desk outlives whoever started it."""

import os
import signal
import subprocess
import sys
import threading

import pytest

from local.ports import LocalStackError
from local.processes import Processes
from tests.support.free_ports import ROOT, free_port, gone, listening, wait_for

STARTER = """
import sys, time
from local.processes import Processes
with Processes() as programs:
    programs.start("boîte", "local.mailbox", "--port", sys.argv[1])
    programs.wait_until_listening("boîte", int(sys.argv[1]))
    time.sleep(600)
"""


def test_leaving_stops_every_program():
    port = free_port()
    with Processes() as programs:
        programs.start("boîte", "local.mailbox", "--port", str(port))
        programs.wait_until_listening("boîte", port)
    assert not listening(port)


def test_a_killed_starter_takes_its_programs_along():
    port = free_port()
    starter = subprocess.Popen([sys.executable, "-c", STARTER, str(port)], cwd=ROOT)
    wait_for(port, starter)
    os.kill(starter.pid, signal.SIGKILL)
    starter.wait()
    assert gone(port)


def test_a_program_that_does_not_start_is_named():
    with Processes() as programs:
        programs.start("boîte", "local.mailbox", "--port", "aucun")
        with pytest.raises(LocalStackError, match="« boîte » n’a pas démarré"):
            programs.wait_until_listening("boîte", free_port())


def test_a_program_that_ends_by_itself_is_told():
    told, port = threading.Event(), free_port()
    with Processes() as programs:
        programs.start("boîte", "local.mailbox", "--port", str(port))
        programs.wait_until_listening("boîte", port)
        programs.watch(lambda name: told.set())
        programs.running["boîte"].terminate()
        assert told.wait(10)
        assert programs.ended == "boîte"
