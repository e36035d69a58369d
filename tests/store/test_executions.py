"""Executions of the mailing's machine, in memory and over moto: one contract."""

import pytest

from chalicelib.store.executions import RUNNING
from tests.support.emulated import clients

NAME = "2026-06-0123456789"


@pytest.fixture
def executions(stores):
    return stores.executions


def abort(executions, name):
    """End an execution from outside, as the console does."""
    if hasattr(executions, "items"):
        executions.items[name] = "ABORTED"
    else:
        client = clients().workflows
        (machine,) = (one for one in client.list_state_machines()["stateMachines"] if one["name"].endswith("mailing"))
        found = client.list_executions(stateMachineArn=machine["stateMachineArn"])["executions"]
        (arn,) = (one["executionArn"] for one in found if one["name"] == name)
        client.stop_execution(executionArn=arn)


def test_execution_runs_once_it_is_started(executions):
    assert executions.status(NAME) is None
    assert executions.start(NAME, {"run": NAME})
    assert executions.status(NAME) == RUNNING
    assert executions.status("another") is None


def test_name_of_a_running_execution_starts_nothing_with_another_input(executions):
    assert executions.start(NAME, {"run": NAME})
    assert not executions.start(NAME, {"run": "another"})
    assert executions.start(NAME, {"run": NAME}), "the very same call again is answered as the first was"


def test_name_of_an_execution_that_ended_starts_nothing_again(executions):
    executions.start(NAME, {"run": NAME})
    abort(executions, NAME)
    assert executions.status(NAME) == "ABORTED"
    assert not executions.start(NAME, {"run": NAME})
    assert executions.status(NAME) == "ABORTED"
