"""Beside an AWS that runs none of our code, tasks run in the portal's own process."""

import threading

import pytest

from chalicelib.errors import Unavailable
from local import tasks
from local.tasks import DirectTasks


def test_a_task_is_run_and_answers(portal):
    assert DirectTasks().call("draw_documents", {"invoices": []}) == {"drawn": 0}


@pytest.mark.parametrize("name", ["draw_documents", "nothing"])
def test_a_task_that_fails_or_does_not_exist_is_unavailable(portal, name, capfd):
    with pytest.raises(Unavailable):
        DirectTasks().call(name, {})


def test_what_is_started_runs_later_one_after_the_other(monkeypatch):
    done, last = [], threading.Event()

    def run(name, payload):
        done.append((name, payload, threading.current_thread()))
        if name == "second":
            last.set()

    monkeypatch.setattr(tasks, "run", run)
    direct = DirectTasks()
    direct.start("first", {"a": 1})
    direct.start("second", {})
    assert last.wait(10)
    assert [(name, payload) for name, payload, _ in done] == [("first", b'{"a": 1}'), ("second", b"{}")]
    assert len({thread for _, _, thread in done} | {threading.current_thread()}) == 2
