"""Scheduler: starts the application's scheduled tasks at an interval, as EventBridge does on AWS."""

import importlib
import json
import time
import uuid

from chalice.app import ScheduledEventConfig

from chalicelib.clock import system_clock
from infrastructure.template import APP_NAME
from local.aws.lambdas import LambdaInvoker


def run_schedules(bridge: LambdaInvoker, stage: str, interval: float) -> None:
    """Start every scheduled task each `interval` seconds, for ever."""
    names = scheduled_task_names()
    while True:
        time.sleep(interval)
        for name in names:
            bridge.start(f"{APP_NAME}-{stage}-{name}", scheduled_event(name))


def scheduled_task_names() -> list[str]:
    """Returns the names of the tasks that `app.py` gives a schedule."""
    app = importlib.import_module("app").app
    return [source.name for source in app.event_sources if isinstance(source, ScheduledEventConfig)]


def scheduled_event(name: str) -> bytes:
    """Returns the JSON event that EventBridge sends for a rule; only its time matters."""
    rule = {
        "version": "0",
        "id": str(uuid.uuid4()),
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "123456789012",
        "time": system_clock().strftime("%Y-%m-%dT%H:%M:%SZ"),
        "region": "eu-west-3",
        "resources": [f"arn:aws:events:eu-west-3:123456789012:rule/{name}"],
        "detail": {},
    }
    return json.dumps(rule).encode()
