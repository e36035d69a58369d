"""One JSON line an event: what happened, never a password, a token, a cookie or a card."""

import json
import logging
import sys
from typing import Any

OURS = "chalicelib"
STANDARD = set(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}


class JsonLines(logging.Formatter):
    """A record and its `extra` fields as one line of ASCII: JSON escapes every new line, and what looks like one."""

    def format(self, record: logging.LogRecord) -> str:
        said: dict[str, Any] = {"level": record.levelname, "logger": record.name, "event": record.getMessage()}
        said |= {name: value for name, value in vars(record).items() if name not in STANDARD}
        if record.exc_info:
            said["trace"] = self.formatException(record.exc_info)
        return json.dumps(said, default=str)


def log_to_json() -> None:
    """Send our loggers to the standard error, once."""
    logger = logging.getLogger(OURS)
    if logger.handlers:
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logger.addHandler(handler)
    logger.setLevel(logging.INFO)
    logger.propagate = False
