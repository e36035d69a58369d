"""The portal's log: one JSON line an event, whatever is in it."""

import json
import logging
import sys

import pytest

from chalicelib.handlers.http.json_logs import JsonLines


def record(message, **extra):
    made = logging.getLogger("chalicelib.test").makeRecord("chalicelib.test", logging.INFO, "", 0, message, (), None)
    vars(made).update(extra)
    return made


@pytest.mark.parametrize("text", ["a\nb", "a\r\n{}", "a\u2028b", '"} {"level": "ERROR', "\x1b[31mrouge", "é\x00"])
def test_what_a_visitor_typed_stays_on_its_line_and_in_its_field(text):
    written = JsonLines().format(record("refused", typed=text))
    assert written.isascii()
    assert written.isprintable()
    assert json.loads(written) == {"level": "INFO", "logger": "chalicelib.test", "event": "refused", "typed": text}


def test_a_failure_brings_its_trace_on_the_same_line():
    made = record("unexpected")
    try:
        raise ValueError("une ligne\net une autre")
    except ValueError:
        made.exc_info = sys.exc_info()
    (line,) = JsonLines().format(made).splitlines()
    assert "ValueError: une ligne\net une autre" in json.loads(line)["trace"]


def test_what_json_does_not_know_is_written_as_text():
    assert json.loads(JsonLines().format(record("x", kind=ValueError)))["kind"] == str(ValueError)
