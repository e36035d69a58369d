"""Checks of the bundle before it is deployed: reproducible, complete, and light to import."""

import json
import subprocess
import sys
from pathlib import Path

from deployment.archive import sha256
from deployment.bundle import Package
from deployment.rehearsal.report import require

TASK_ONLY_MODULES = ("PIL", "cryptography", "fontTools", "fpdf", "segno", "zxcvbn")
"""Modules that only some tasks and pages need, imported lazily there."""

START_SCRIPT = """
import json, sys, time
sys.path.insert(0, sys.argv[1])
start = time.process_time()
import app
spent = time.process_time() - start
print(json.dumps({"milliseconds": round(1000 * spent), "modules": sorted(sys.modules), "app": app.__file__}))
"""


def two_builds(first: Package, second: Package) -> str:
    """The bundle and the template of two builds, byte for byte."""
    hashes = [(sha256(one.bundle), sha256(one.template)) for one in (first, second)]
    require(hashes[0] == hashes[1], hashes)
    return f"SHA-256 {hashes[0][0]}"


def no_wheel_of_this_machine(code: Path) -> str:
    """Every library came as a wheel for any Linux, or for Lambda's: none was built here."""
    tags = {
        line.partition(": ")[2]
        for wheel in code.glob("*.dist-info/WHEEL")
        for line in wheel.read_text().splitlines()
        if line.startswith("Tag: ")
    }
    foreign = [tag for tag in tags if not tag.endswith("-any") and "manylinux" not in tag]
    require(tags and not foreign, foreign or "no wheel at all")
    return ", ".join(sorted({tag.rpartition("-")[2] for tag in tags}))


def bytecode_of_every_module(code: Path) -> str:
    """Each module has its bytecode, compiled templates included."""
    sources = set(code.rglob("*.py"))
    version = f"cpython-{sys.version_info.major}{sys.version_info.minor}"
    bare = [str(path) for path in sources if not (path.parent / "__pycache__" / f"{path.stem}.{version}.pyc").exists()]
    require(not bare, bare[:5])
    compiled = list((code / "chalicelib").glob("templates_compiled/*.py"))
    require(compiled and not (code / "chalicelib" / "templates").exists(), compiled)
    return f"{len(sources)} modules, {len(compiled)} of them templates"


def start_of_the_web_function(code: Path) -> str:
    """The web function starts from the bundle alone, without what only tasks need."""
    command = [sys.executable, "-I", "-S", "-B", "-c", START_SCRIPT, str(code)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=code)
    require(done.returncode == 0, done.stderr)
    report = json.loads(done.stdout)
    require(Path(report["app"]).parent == code, report["app"])
    heavy = [name for name in TASK_ONLY_MODULES if name in report["modules"]]
    require(not heavy, heavy)
    return f"{len(report['modules'])} modules, {report['milliseconds']} ms of CPU here"


CHECKS = (no_wheel_of_this_machine, bytecode_of_every_module, start_of_the_web_function)
