"""Builds the Lambda bundle: `chalice package` over a staging folder, then bytecode and a reproducible zip.

By itself, Chalice compiles on this machine the libraries that it judges incompatible, downloads them without checking
hashes, and ships no bytecode. So it runs in a staging folder: `app.py`, `chalicelib/`, its configuration, the wheels
already checked in `vendor/`, and an empty requirements file. Its output is unpacked, compiled, and zipped again.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from chalicelib.rendering import PRECOMPILED, precompile
from deployment.archive import write_zip
from deployment.wheels import install_wheels, require_lambda_python
from infrastructure.template import CHALICE, TOWN, render

ROOT = CHALICE.parent
ON_LAMBDA = "/var/task"
REGION = "eu-west-3"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class BuildRequest:
    """What to build: stage, output folder, processor (`x86_64` or `arm64`), town.

    `prefix` is that of the stage's resource names; empty, it is `portail-famille-<stage>`.
    """

    stage: str
    out: Path
    architecture: str = "x86_64"
    prefix: str = ""
    town: str = TOWN


@dataclass(frozen=True)
class Package:
    """A built package: the code, and the template that references it as `./deployment.zip`."""

    bundle: Path
    template: Path

    @classmethod
    def at(cls, folder: Path) -> "Package":
        return cls(folder / "deployment.zip", folder / "template.json")


class ChaliceRefused(Exception):
    """`chalice package` failed; its output."""


def build(request: BuildRequest, *, progress: Progress) -> Package:
    """Build the package of a stage. Leaves the previous package when it fails.

    Raises PythonRefused, WheelsRefused or ChaliceRefused.
    """
    require_lambda_python()
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        staged, output, code = work / "staging", work / "made", work / "code"
        progress("Wheels, checked against their hashes")
        stage_wheels(staged, request.architecture)
        progress("Our code, with its templates compiled")
        stage_code(staged, request)
        progress("chalice package")
        run_chalice(staged, output, request)
        progress("Bytecode, and the zip")
        shutil.unpack_archive(output / "deployment.zip", code)
        add_bytecode(code)
        request.out.mkdir(parents=True, exist_ok=True)
        package = Package.at(request.out)
        write_zip(code, package.bundle)
        shutil.copyfile(output / "sam.json", package.template)
    return package


def stage_wheels(staged: Path, architecture: str) -> None:
    vendor = staged / "vendor"
    vendor.mkdir(parents=True)
    install_wheels(ROOT / "requirements-lambda.txt", vendor, architecture=architecture)
    (staged / "requirements.txt").touch()


def stage_code(staged: Path, request: BuildRequest) -> None:
    """Copy our own files, with Jinja templates compiled to Python, without their sources."""
    no_cache = shutil.ignore_patterns("__pycache__")
    shutil.copyfile(ROOT / "app.py", staged / "app.py")
    shutil.copytree(ROOT / "chalicelib", staged / "chalicelib", ignore=no_cache)
    shutil.copytree(CHALICE, staged / ".chalice", ignore=shutil.ignore_patterns("deploy*"))
    precompile(staged / "chalicelib" / PRECOMPILED)
    shutil.rmtree(staged / "chalicelib" / "templates")
    configuration = staged / ".chalice" / "config.json"
    chosen = json.loads(configuration.read_text("utf-8")) | {"lambda_architecture": request.architecture}
    configuration.write_text(json.dumps(chosen, indent=1), "utf-8")


def run_chalice(staged: Path, output: Path, request: BuildRequest) -> None:
    """`chalice package` over the staging folder. Raises ChaliceRefused."""
    ours = staged / "template.json"
    rendered = render(stage=request.stage, prefix=request.prefix, town=request.town)
    ours.write_text(json.dumps(rendered, ensure_ascii=False), "utf-8")
    chalice = [sys.executable, "-c", "from chalice.cli import main; main()", "--project-dir", str(staged)]
    command = [*chalice, "package", "--stage", request.stage, "--merge-template", str(ours), str(output)]
    environ = {"AWS_DEFAULT_REGION": REGION, "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ.get("PATH", "")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=staged, env=environ)
    if done.returncode:
        raise ChaliceRefused(done.stdout + done.stderr)


def add_bytecode(code: Path) -> None:
    """Compile every module for its path on Lambda, as unchecked-hash bytecode: dates are not compared there.

    In a process of its own with a fixed hash seed, so that two builds are identical to the byte.
    """
    compiling = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"]
    command = [*compiling, "-s", str(code), "-p", ON_LAMBDA, str(code)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "0"})
