"""The bundle: what `chalice package` makes of our code and wheels in a folder apart, with bytecode, to the byte.

Chalice, left alone, builds on this machine the libraries that it judges incompatible, re-downloads them without their
hashes, and ships no bytecode. So it is given a staging folder: `app.py`, `chalicelib/`, its configuration, the wheels
already checked in `vendor/`, and an empty requirements file. What it makes is unpacked, compiled, and packed again.
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
from deployment.archive import pack
from deployment.wheels import install_wheels
from infrastructure.template import CHALICE, TOWN, render

ROOT = CHALICE.parent
ON_LAMBDA = "/var/task"
REGION = "eu-west-3"
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Order:
    """What to build: for which stage and town, which processor (`x86_64` or `arm64`), and into which folder.

    `prefix` is what the names of the stage begin with; empty, it is `portail-famille-<stage>`.
    """

    stage: str
    out: Path
    architecture: str = "x86_64"
    prefix: str = ""
    town: str = TOWN


@dataclass(frozen=True)
class Package:
    """What was built: the code, and the template that names it `./deployment.zip`."""

    bundle: Path
    template: Path

    @classmethod
    def at(cls, folder: Path) -> "Package":
        return cls(folder / "deployment.zip", folder / "template.json")


class ChaliceRefused(Exception):
    """`chalice package` made nothing; its own words."""


def build(order: Order, *, say: Progress) -> Package:
    """Make the package of a stage. Raises WheelsRefused or ChaliceRefused; what was there before is kept until then."""
    with tempfile.TemporaryDirectory() as temporary:
        work = Path(temporary)
        staged, made, code = work / "staging", work / "made", work / "code"
        say("Wheels, checked against their hashes")
        stage_wheels(staged, order.architecture)
        say("Our code, with its templates compiled")
        stage_code(staged, order)
        say("chalice package")
        run_chalice(staged, made, order)
        say("Bytecode, and the zip")
        shutil.unpack_archive(made / "deployment.zip", code)
        add_bytecode(code)
        order.out.mkdir(parents=True, exist_ok=True)
        package = Package.at(order.out)
        pack(code, package.bundle)
        shutil.copyfile(made / "sam.json", package.template)
    return package


def stage_wheels(staged: Path, architecture: str) -> None:
    vendor = staged / "vendor"
    vendor.mkdir(parents=True)
    install_wheels(ROOT / "requirements-lambda.txt", vendor, architecture=architecture)
    (staged / "requirements.txt").touch()


def stage_code(staged: Path, order: Order) -> None:
    """Our own files. Templates go as the Python that Jinja makes of them, and not twice."""
    no_cache = shutil.ignore_patterns("__pycache__")
    shutil.copyfile(ROOT / "app.py", staged / "app.py")
    shutil.copytree(ROOT / "chalicelib", staged / "chalicelib", ignore=no_cache)
    shutil.copytree(CHALICE, staged / ".chalice", ignore=shutil.ignore_patterns("deploy*"))
    precompile(staged / "chalicelib" / PRECOMPILED)
    shutil.rmtree(staged / "chalicelib" / "templates")
    configuration = staged / ".chalice" / "config.json"
    chosen = json.loads(configuration.read_text("utf-8")) | {"lambda_architecture": order.architecture}
    configuration.write_text(json.dumps(chosen, indent=1), "utf-8")


def run_chalice(staged: Path, made: Path, order: Order) -> None:
    """`chalice package` over the staging folder. Raises ChaliceRefused."""
    ours = staged / "template.json"
    rendered = render(stage=order.stage, prefix=order.prefix, town=order.town)
    ours.write_text(json.dumps(rendered, ensure_ascii=False), "utf-8")
    chalice = [sys.executable, "-c", "from chalice.cli import main; main()", "--project-dir", str(staged)]
    command = [*chalice, "package", "--stage", order.stage, "--merge-template", str(ours), str(made)]
    environ = {"AWS_DEFAULT_REGION": REGION, "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ.get("PATH", "")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=staged, env=environ)
    if done.returncode:
        raise ChaliceRefused(done.stdout + done.stderr)


def add_bytecode(code: Path) -> None:
    """Compile every module as it will lie on Lambda; its hash is trusted there, and no date is looked at.

    In a process of its own with a fixed hash seed: what two builds write must be the same to the byte.
    """
    compiling = [sys.executable, "-m", "compileall", "-q", "-f", "--invalidation-mode", "unchecked-hash"]
    command = [*compiling, "-s", str(code), "-p", ON_LAMBDA, str(code)]
    subprocess.run(command, check=True, env=os.environ | {"PYTHONHASHSEED": "0"})
