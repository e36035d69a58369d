"""The state machine, its tasks and its rights belong together: what it names exists, and every child catches."""

import json
import re

import pytest

import app as front_door
from chalicelib import errors
from chalicelib.services.mailing.send_once import LEASE
from infrastructure.template import CHALICE, render
from tests.support.mailing_machine import FUNCTION, definition

LAMBDA_ERRORS = {
    "Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException",
    "Lambda.TooManyRequestsException", "Lambda.Unknown", "Runtime.ExitError", "Sandbox.Timedout", "States.Timeout",
}  # fmt: skip
"""What Lambda and Step Functions themselves raise for a task (their documentation)."""

MACHINE = definition()
RESOURCES = render(stage="test")["Resources"]


def states(machine=MACHINE):
    """Every state with its name, those of the maps' children included."""
    for name, state in machine["States"].items():
        yield name, state
        if state["Type"] == "Map":
            yield from states(state["ItemProcessor"])


TASKS = [pytest.param(state, id=name) for name, state in states() if state["Type"] == "Task"]
MAPS = [pytest.param(state, id=name) for name, state in states() if state["Type"] == "Map"]


@pytest.mark.parametrize("task", TASKS)
def test_each_task_is_a_function_of_ours_that_the_machine_may_invoke(task):
    function = task["Parameters"]["FunctionName"]
    assert FUNCTION.fullmatch(function)[1] in {entry.name for entry in front_door.app.pure_lambda_functions}
    statements = RESOURCES["MailingMachineRole"]["Properties"]["Policies"][0]["PolicyDocument"]["Statement"]
    allowed = [one["Fn::Sub"] for one in next(one for one in statements if one["Sid"] == "Tasks")["Resource"]]
    assert any(arn.endswith(f":function:{function}") for arn in allowed)


@pytest.mark.parametrize("task", TASKS)
def test_each_retry_names_errors_that_exist_and_waits_longer_each_time(task):
    assert task["Retry"]
    for retrier in task["Retry"]:
        unknown = [name for name in retrier["ErrorEquals"] if not hasattr(errors, name) and name not in LAMBDA_ERRORS]
        assert unknown == []
        assert retrier["BackoffRate"] > 1
        assert retrier["JitterStrategy"] == "FULL"


@pytest.mark.parametrize("task", TASKS)
def test_each_task_has_its_time_and_the_machine_keeps_none_of_its_answer_but_counts(task):
    assert 0 < task["TimeoutSeconds"] <= 900
    kept = task.get("ResultPath", "$") is not None
    counts = ({}, {"closed.$": "$.Payload.closed"}, {"parts.$": "$.Payload.parts"})
    assert not kept or task.get("ResultSelector") in counts or "OutputPath" in task


@pytest.mark.parametrize("mapped", MAPS)
def test_each_child_is_standard_and_catches_everything_to_the_list_of_failures(mapped):
    child = mapped["ItemProcessor"]
    assert child["ProcessorConfig"] == {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}
    assert mapped["ItemReader"]["ReaderConfig"] == {"InputType": "JSON"}
    (caught,) = child["States"][child["StartAt"]]["Catch"]
    assert caught["ErrorEquals"] == ["States.ALL"]
    assert child["States"][caught["Next"]]["Parameters"]["FunctionName"].endswith("-mailing_fail")


def test_deliveries_side_by_side_are_as_many_as_the_provider_s_rate_feeds_and_no_other_map_is_without_a_limit():
    limits = {
        name: (state.get("MaxConcurrency"), state.get("MaxConcurrencyPath"))
        for name, state in MACHINE["States"].items()
        if state["Type"] == "Map"
    }
    assert limits == {
        "Draw": (10, None), "Release": (4, None), "Deliver": (None, "$.concurrency"), "Print": (10, None)
    }  # fmt: skip


@pytest.mark.parametrize("mapped", MAPS)
def test_what_a_map_answers_is_thrown_away(mapped):
    assert mapped["ResultPath"] is None


def test_every_state_leads_somewhere_that_exists():
    named = {name for name, _ in states()}
    leads = re.findall(r'"(?:Next|Default|StartAt)": "(\w+)"', json.dumps(MACHINE))
    assert set(leads) <= named


def test_nothing_is_used_that_the_desk_would_not_parse():
    text = json.dumps(MACHINE)
    for unparsed in ("ItemBatcher", "JSONL", "JSONata", "EXPRESS"):
        assert unparsed not in text


CONFIG = json.loads((CHALICE / "config.json").read_text())["lambda_functions"]


@pytest.mark.parametrize("task", TASKS)
def test_each_task_has_a_memory_of_its_own_and_ends_when_the_machine_stops_waiting(task):
    chosen = CONFIG[FUNCTION.fullmatch(task["Parameters"]["FunctionName"])[1]]
    assert chosen["lambda_memory_size"] >= 256
    assert chosen["lambda_timeout"] <= task["TimeoutSeconds"]
    assert chosen["lambda_timeout"] < LEASE.total_seconds() or "deliver" not in str(task["Parameters"])
