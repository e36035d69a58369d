"""Installs the libraries of a Lambda: prebuilt wheels for its Linux only, checked against pinned hashes."""

import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_GLIBC = 17
"""manylinux2014: all our wheels are built for it, or for an older one."""

LAMBDA_PYTHON = (3, 13)
"""AWS's runtime python3.13: wheels, bytecode and the template's `Runtime` are made by the same Python."""

NEWEST_GLIBC = 34
"""AWS's python3.13 runs on Amazon Linux 2023. A wheel for a newer glibc installs here, loads in an emulator, and fails
at the first request on AWS."""

UNUSED_FILES = ("bin", "**/tests", "**/*.c", "**/*.h", "**/*.pyx", "**/*.pyi", "**/__pycache__")
"""Scripts, the libraries' own tests, sources of compiled extensions, and type stubs."""

SERVICES = {"dynamodb", "lambda", "s3", "sesv2", "ssm", "stepfunctions"}
"""The services of `chalicelib/clients.py`; botocore's data for four hundred is a quarter of the installed size."""


class PythonRefused(Exception):
    """This Python is not Lambda's: its bytecode would be ignored, and the template would name another runtime."""


class WheelsRefused(Exception):
    """pip failed: a hash differs, a wheel is missing for this Linux, or no index answers."""


def require_lambda_python(running: tuple[int, ...] = sys.version_info[:3]) -> None:
    """Raises PythonRefused, with what to do, unless this interpreter is of Lambda's version."""
    if running[:2] != LAMBDA_PYTHON:
        wanted, found = ".".join(map(str, LAMBDA_PYTHON)), ".".join(map(str, running[:2]))
        raise PythonRefused(
            f"The bundle is made for Python {wanted}, and .venv has Python {found}. Install it (apt install "
            f"python{wanted} python{wanted}-venv, or pyenv install {wanted}), remove .venv, and try again: "
            f"make finds python{wanted} by itself, or takes PYTHON=…"
        )


def install_wheels(requirements: Path, folder: Path, *, architecture: str) -> None:
    """Install the wheels of a requirements file with hashes into `folder`, then remove what a Lambda never runs.

    `architecture` is Lambda's `x86_64` or `arm64`. Nothing is built here: a library without a wheel is refused.
    Raises WheelsRefused with pip's error output.
    """
    options = [part for platform in platforms(architecture) for part in ("--platform", platform)]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    options += ["--python-version", version, "--implementation", "cp", "--only-binary", ":all:", "--require-hashes"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command = [*pip, *options, "--no-deps", "--target", str(folder), "--requirement", str(requirements)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WheelsRefused(done.stderr.strip())
    remove_unused_files(folder)


def platforms(architecture: str) -> list[str]:
    """Returns the platform tags of wheels that Lambda's Linux loads, the newest glibc first."""
    machine = {"x86_64": "x86_64", "arm64": "aarch64"}[architecture]
    newer = [f"manylinux_2_{minor}_{machine}" for minor in range(NEWEST_GLIBC, OLDEST_GLIBC - 1, -1)]
    return [*newer, f"manylinux2014_{machine}"]


def remove_unused_files(folder: Path) -> None:
    """Remove UNUSED_FILES, and botocore's data of the AWS services that we do not use."""
    for pattern in UNUSED_FILES:
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for described in (folder / "botocore" / "data").iterdir():
        if described.is_dir() and described.name not in SERVICES:
            shutil.rmtree(described)
