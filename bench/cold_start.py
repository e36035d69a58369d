"""Benchmark of the web function's cold start, from the real bundle: against no bytecode, and against FastAPI.

The peer is a « hello » of FastAPI behind Mangum, without an AWS client: it does less than ours, which imports the
application, every page and a DynamoDB client. CPU time of whole processes, alternating.
"""

import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from deployment.bundle import BuildRequest, build

TIMES = 7
OURS = (
    "import sys; sys.path.insert(0, {code!r}); import app; from chalicelib.clients import Clients; Clients().dynamodb"
)
PEER = """
from fastapi import FastAPI
from mangum import Mangum
app = FastAPI()
app.get("/")(lambda: {"hello": "world"})
handler = Mangum(app)
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        package = build(BuildRequest("test", work / "made"), progress=lambda step: None)
        code, bare = work / "code", work / "bare"
        shutil.unpack_archive(package.bundle, code)
        shutil.copytree(code, bare, ignore=shutil.ignore_patterns("__pycache__"))
        starts = {
            "ours": ["-I", "-S", "-B", "-c", OURS.format(code=str(code))],
            "without bytecode": ["-I", "-S", "-B", "-c", OURS.format(code=str(bare))],
            "FastAPI and Mangum": ["-I", "-c", PEER],
        }
        spent = medians(starts)
    ours, without, peer = spent.values()
    print(", ".join(f"{name} {milliseconds:.0f} ms" for name, milliseconds in spent.items()) + " of CPU")
    print(f"with bytecode / without: {ours / without:.2f} (≤ 0.45)")
    print(f"ours / FastAPI « hello »: {ours / peer:.2f} (≤ 1)")


def medians(starts: dict[str, list[str]]) -> dict[str, float]:
    """Returns the median CPU time of each start, in milliseconds, after one warm-up."""
    rounds = [{name: cpu_ms(arguments) for name, arguments in starts.items()} for _ in range(TIMES + 1)][1:]
    return {name: statistics.median(one[name] for one in rounds) for name in starts}


def cpu_ms(arguments: list[str]) -> float:
    """Returns the CPU time of a whole Python process, in milliseconds."""
    environ = {**os.environ, "AWS_DEFAULT_REGION": "eu-west-3"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *arguments], check=True, env=environ)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


if __name__ == "__main__":
    main()
