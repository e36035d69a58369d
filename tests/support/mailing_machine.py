"""Walks `.chalice/mailing.asl.json` with the tasks of app.py in this process: no waiting, every transition counted."""

import json
import re
from collections.abc import Iterable
from typing import Any

from chalicelib.portal import Portal
from infrastructure.template import render

FUNCTION = re.compile(r"portail-famille-[a-z]+-(\w+)")


State = dict[str, Any]
Step = tuple[Any, str | None]
"""The output of a state, and the name of the next one."""


def definition(stage: str = "test") -> dict[str, Any]:
    machine = render(stage=stage)["Resources"]["MailingMachine"]["Properties"]
    found: dict[str, Any] = json.loads(machine["DefinitionString"])
    return found


class Machine:
    """`transitions` counts one for each state entered, and one for each execution, child or not."""

    def __init__(self, portal: Portal) -> None:
        self.portal = portal
        self.states: dict[str, State] = definition()["States"]
        self.transitions = 0

    def run(self, given: dict[str, str]) -> Any:
        """To its end, as a name is first used; the output. A task's exception is Step Functions' failure."""
        return self._walk(self.states, definition()["StartAt"], given)

    def _walk(self, states: dict[str, State], name: str | None, data: Any) -> Any:
        self.transitions += 1
        while name:
            self.transitions += 1
            state = states[name]
            data, name = getattr(self, f"_{state['Type'].lower()}")(state, data)
        return data

    def _succeed(self, state: State, data: Any) -> Step:
        return data, None

    def _choice(self, state: State, data: Any) -> Step:
        for rule in state["Choices"]:
            wanted = rule.get("NumericEquals", rule.get("StringEquals"))
            if at(rule["Variable"], data) == wanted:
                return data, rule["Next"]
        return data, state["Default"]

    def _map(self, state: State, data: Any) -> Step:
        place = filled(state["ItemReader"]["Parameters"], data)
        manifest = self.portal.clients.s3.get_object(**place)["Body"].read()
        inner = state["ItemProcessor"]
        for item in json.loads(manifest):
            self._walk(inner["States"], inner["StartAt"], item)
        return data, state["Next"]

    def _task(self, state: State, data: Any) -> Step:
        parameters = filled(state["Parameters"], data)
        function = FUNCTION.fullmatch(parameters["FunctionName"])
        assert function, parameters["FunctionName"]
        try:
            answer = {"Payload": self._tried(function[1], parameters["Payload"], state["Retry"])}
        except Exception as failure:
            if "Catch" not in state:
                raise
            caught = state["Catch"][0]
            return {**data, "failure": {"Error": type(failure).__name__}}, caught["Next"]
        return self._output(state, data, answer), state.get("Next")

    def _tried(self, function: str, payload: Any, retriers: Iterable[dict[str, Any]]) -> Any:
        left = {error: one["MaxAttempts"] for one in retriers for error in one["ErrorEquals"]}
        while True:
            try:
                return self.portal.tasks.call(function, payload)
            except Exception as failure:
                name = type(failure).__name__
                if not left.get(name):
                    raise
                left[name] -= 1

    def _output(self, state: State, data: Any, answer: dict[str, Any]) -> Any:
        if "OutputPath" in state:
            return at(state["OutputPath"], answer)
        if state.get("ResultPath", "$") is None or "End" in state:
            return data
        return data | {state["ResultPath"].removeprefix("$."): filled(state["ResultSelector"], answer)}


def at(path: str, data: Any) -> Any:
    for name in filter(None, path.removeprefix("$").split(".")):
        data = data[name]
    return data


def filled(node: Any, data: Any) -> Any:
    if not isinstance(node, dict):
        return node
    return {key.removesuffix(".$"): at(value, data) if key.endswith(".$") else filled(value, data)
            for key, value in node.items()}  # fmt: skip
