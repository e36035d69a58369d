"""Meters AWS consumption: calls and their units, bytes in and out, Lambda requests and GB-seconds.

The app runs unchanged, over the emulated AWS in this process. The emulator's own CPU is subtracted, and the latency of
a real AWS is added, at an assumed time per call.
"""

import gzip
import json
import logging
import threading
import time
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest.mock import patch

from moto.core.botocore_stubber import BotocoreStubber

from bench.costs import capacity
from chalicelib.clients import Clients
from chalicelib.concurrency import WORKERS
from chalicelib.handlers.http.json_logs import ROOT_LOGGER, JsonLines

CHALICE = Path(__file__).parents[2] / ".chalice" / "config.json"
FULL_VCPU_MB = 1769
"""Below this memory a Lambda has only a share of a vCPU (AWS's documentation)."""

LATENCY_MS = {"dynamodb": 5, "s3": 25, "ses": 80, "lambda": 15, "stepfunctions": 30}
"""Latency of a call to each service, in the same region: rounded up from AWS's own metrics."""

S3_UNITS = {"GetObject": "s3_get", "HeadObject": "s3_get", "DeleteObject": "s3_delete"}
"""Units of S3's calls; any other is an `s3_put`."""

LOG_OVERHEAD = 400
"""Bytes of Lambda's own START, END and REPORT lines."""

HEADERS = 900
"""Bytes of a response's headers, TLS records included."""


@dataclass
class _Frame:
    """One running invocation. `waited`: milliseconds spent waiting for calls."""

    cpu: float
    waited: float = 0.0


@dataclass
class Meter:
    """Collects `usage` while work runs; its keys are units of `prices.toml`, or « calls/… » and « cpu_ms »."""

    usage: defaultdict[str, float] = field(default_factory=lambda: defaultdict(float))
    _frames: list[_Frame] = field(default_factory=list)
    _emulated: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @contextmanager
    def invocation(self, name: str) -> Iterator[None]:
        """Meter one run of a Lambda function, by its name in `.chalice/config.json`, which gives its memory."""
        self._frames.append(_Frame(self._cpu()))
        try:
            yield
        finally:
            frame = self._frames.pop()
            cpu = max(0.0, self._cpu() - frame.cpu)
            memory = memory_of(name)
            spent = cpu * max(1.0, FULL_VCPU_MB / memory) + frame.waited
            for outer in self._frames:
                outer.cpu += cpu
            if self._frames:
                self._frames[-1].waited += spent
            invoked = {"lambda_request": 1, "log_byte": LOG_OVERHEAD, "cpu_ms": cpu}
            self._count(invoked | {"lambda_gbs": spent / 1000 * memory / 1024})

    def answered(self, body: bytes, kind: str) -> None:
        """Count a response that leaves through API Gateway."""
        text = kind.startswith(("text/", "application/json")) and len(body) >= 1024
        self._count({"gateway_request": 1, "out_byte": HEADERS + len(gzip.compress(body) if text else body)})

    @contextmanager
    def watching(self, clients: Clients) -> Iterator[None]:
        """Count every call of these clients, inside the context."""
        watched = [getattr(clients, name).meta.events for name in ("dynamodb", "s3", "ses", "functions", "workflows")]
        for events in watched:
            events.register_first("before-call.*.*", self._before)
            events.register_first("after-call.*.*", self._after)
        try:
            yield
        finally:
            for events in watched:
                events.unregister("before-call.*.*", self._before)
                events.unregister("after-call.*.*", self._after)

    def _count(self, amounts: Mapping[str, float]) -> None:
        with self._lock:
            for unit, amount in amounts.items():
                self.usage[unit] += amount

    def _cpu(self) -> float:
        return (time.process_time() - self._emulated) * 1000

    def _before(self, model: Any, params: Any, context: Any, **_: Any) -> None:
        began = time.thread_time()
        service, operation = _service(model), model.name
        self._count({f"calls/{service}.{operation}": 1})
        aside = threading.current_thread() is not threading.main_thread()
        with self._lock:
            if self._frames:
                self._frames[-1].waited += LATENCY_MS[service] / (WORKERS if aside else 1)
        if service == "dynamodb":
            request = json.loads(params["body"])
            context["request"] = request
            context["places"] = [
                (place, capacity.stored_item(place)) for place in capacity.written_places(operation, request)
            ]
        elif service == "s3":
            self._count({S3_UNITS.get(operation, "s3_put"): 1})
        elif operation == "SendEmail":
            raw = json.loads(params["body"])["Content"]["Raw"]["Data"]
            self._count({"mail": 1, "mail_byte": len(raw) * 3 // 4})
        self._spent(began)

    def _after(self, model: Any, parsed: Any, context: Any, **_: Any) -> None:
        if _service(model) != "dynamodb":
            return
        began = time.thread_time()
        each = 2 if model.name == "TransactWriteItems" else 1
        units = sum(
            capacity.write_units(place, before, capacity.stored_item(place)) for place, before in context["places"]
        )
        read = capacity.read_units(model.name, context["request"], parsed) if "Error" not in parsed else 0
        self._count({"dynamodb_write": units * each, "dynamodb_read": read})
        self._spent(began)

    def _spent(self, began: float) -> None:
        """Record CPU time that is not the app's."""
        with self._lock:
            self._emulated += time.thread_time() - began


@contextmanager
def emulator_cpu_excluded(meter: Meter) -> Iterator[None]:
    """Exclude moto's own time from the app's CPU, inside the context."""
    process = BotocoreStubber.process_request

    def timed(stubber: BotocoreStubber, request: Any) -> Any:
        began = time.thread_time()
        try:
            return process(stubber, request)
        finally:
            meter._spent(began)

    with patch.object(BotocoreStubber, "process_request", timed):
        yield


@contextmanager
def log_bytes_counted(meter: Meter) -> Iterator[None]:
    """Count the bytes that our loggers would send to CloudWatch, inside the context."""
    logger, handler, lines = logging.getLogger(ROOT_LOGGER), logging.Handler(), JsonLines()

    def count(record: logging.LogRecord) -> None:
        meter.usage["log_byte"] += len(lines.format(record).encode()) + 26

    with patch.object(handler, "emit", count):
        logger.addHandler(handler)
        try:
            yield
        finally:
            logger.removeHandler(handler)


def memory_of(name: str) -> int:
    """Returns the memory of a function as deployed, in MB."""
    config = json.loads(CHALICE.read_text("utf-8"))
    return int(config["lambda_functions"].get(name, {}).get("lambda_memory_size", config["lambda_memory_size"]))


def _service(model: Any) -> str:
    name = str(model.service_model.service_name)
    return {"sesv2": "ses", "sts": "dynamodb"}.get(name, name)
