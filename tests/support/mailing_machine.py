"""Walks `.chalice/mailing.asl.json` with the tasks of app.py in this process: no waiting, every transition counted."""

import json
import re

from infrastructure.template import render

FUNCTION = re.compile(r"portail-famille-[a-z]+-(\w+)")


def definition(stage="test"):
    machine = render(stage=stage)["Resources"]["MailingMachine"]["Properties"]
    return json.loads(machine["DefinitionString"])


class Machine:
    """`transitions` counts one for each state entered, and one for each execution, child or not."""

    def __init__(self, portal):
        self.portal = portal
        self.states = definition()["States"]
        self.transitions = 0

    def run(self, given):
        """To its end, as a name is first used; the output. A task's exception is Step Functions' failure."""
        return self._walk(self.states, definition()["StartAt"], given)

    def _walk(self, states, name, data):
        self.transitions += 1
        while name:
            self.transitions += 1
            state = states[name]
            data, name = getattr(self, f"_{state['Type'].lower()}")(state, data)
        return data

    def _succeed(self, state, data):
        return data, None

    def _choice(self, state, data):
        for rule in state["Choices"]:
            wanted = rule.get("NumericEquals", rule.get("StringEquals"))
            if at(rule["Variable"], data) == wanted:
                return data, rule["Next"]
        return data, state["Default"]

    def _map(self, state, data):
        place = filled(state["ItemReader"]["Parameters"], data)
        manifest = self.portal.clients.s3.get_object(**place)["Body"].read()
        inner = state["ItemProcessor"]
        for item in json.loads(manifest):
            self._walk(inner["States"], inner["StartAt"], item)
        return data, state["Next"]

    def _task(self, state, data):
        parameters = filled(state["Parameters"], data)
        function = FUNCTION.fullmatch(parameters["FunctionName"])[1]
        try:
            answer = {"Payload": self._tried(function, parameters["Payload"], state["Retry"])}
        except Exception as failure:
            if "Catch" not in state:
                raise
            caught = state["Catch"][0]
            return {**data, "failure": {"Error": type(failure).__name__}}, caught["Next"]
        return self._output(state, data, answer), state.get("Next")

    def _tried(self, function, payload, retriers):
        left = {error: one["MaxAttempts"] for one in retriers for error in one["ErrorEquals"]}
        while True:
            try:
                return self.portal.tasks.call(function, payload)
            except Exception as failure:
                name = type(failure).__name__
                if not left.get(name):
                    raise
                left[name] -= 1

    def _output(self, state, data, answer):
        if "OutputPath" in state:
            return at(state["OutputPath"], answer)
        if state.get("ResultPath", "$") is None or "End" in state:
            return data
        return data | {state["ResultPath"].removeprefix("$."): filled(state["ResultSelector"], answer)}


def at(path, data):
    for name in filter(None, path.removeprefix("$").split(".")):
        data = data[name]
    return data


def filled(node, data):
    if not isinstance(node, dict):
        return node
    return {key.removesuffix(".$"): at(value, data) if key.endswith(".$") else filled(value, data)
            for key, value in node.items()}  # fmt: skip
