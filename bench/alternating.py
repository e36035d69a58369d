"""CPU time of two works done in turn, so that a noisy neighbour troubles both alike."""

import statistics
import time
from collections.abc import Callable
from typing import Any


def cpu_medians(one: Callable[[], Any], other: Callable[[], Any], *, times: int) -> tuple[float, float]:
    """Median CPU of a call of each, in milliseconds; each is warmed up once first."""
    one(), other()
    spent = [(cpu_ms(one), cpu_ms(other)) for _ in range(times)]
    return statistics.median(first for first, _ in spent), statistics.median(second for _, second in spent)


def cpu_ms(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000
