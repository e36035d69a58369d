"""JSON logging: one line per event. Never log a password, a token, a cookie or a card number."""

import json
import logging
import sys
from typing import Any

ROOT_LOGGER = "chalicelib"
STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """Formats a record and its `extra` fields as one line of ASCII: JSON escapes new lines and Unicode separators."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {"level": record.levelname, "logger": record.name, "event": record.getMessage()}
        line |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def log_to_json() -> None:
    """Send our loggers to standard error. Safe to call again."""
    logger = logging.getLogger(ROOT_LOGGER)
    if logger.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
