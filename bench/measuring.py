"""CPU time and memory of this process; two functions are called alternately, so that noise affects both alike."""

import resource
import statistics
import time
from collections.abc import Callable
from typing import Any


def cpu_medians(one: Callable[[], Any], other: Callable[[], Any], *, times: int) -> tuple[float, float]:
    """Returns the median CPU time of a call of each, in milliseconds, after one warm-up call."""
    one(), other()
    samples = [(cpu_ms(one), cpu_ms(other)) for _ in range(times)]
    return statistics.median(first for first, _ in samples), statistics.median(second for _, second in samples)


def cpu_ms(work: Callable[[], Any]) -> float:
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def peak_kib() -> int:
    """Returns this process's peak memory in KiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
