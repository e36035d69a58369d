"""The libraries of a Lambda: prebuilt wheels for its Linux alone, each checked against the hash that we wrote down."""

import shutil
import subprocess
import sys
from pathlib import Path

OLDEST_GLIBC = 17
"""manylinux2014: what every wheel of ours is built against, or older."""

NEWEST_GLIBC = 26 if sys.version_info < (3, 12) else 34
"""AWS's python3.11 stands on Amazon Linux 2, the later ones on Amazon Linux 2023. A wheel for a newer glibc installs
here, loads in an emulator, and fails on the first visit of a parent."""

NEVER_RUN = ("bin", "**/tests", "**/*.c", "**/*.h", "**/*.pyx", "**/*.pyi", "**/__pycache__")
"""Scripts, the libraries' own tests, sources of what is compiled already, and type stubs."""

SERVICES = {"dynamodb", "lambda", "s3", "sesv2", "ssm", "stepfunctions"}
"""What `chalicelib/clients.py` talks to; botocore describes four hundred, a quarter of all that is installed."""


class WheelsRefused(Exception):
    """pip installed nothing: a hash differs, a wheel is missing for this Linux, or no index answers."""


def install_wheels(requirements: Path, folder: Path, *, architecture: str) -> None:
    """Fill `folder` with the wheels of a requirements file with hashes, then take out what a Lambda never runs.

    `architecture` is `x86_64` or `arm64`, as Lambda says it. Nothing is built here: a library without a wheel is a
    refusal. Raises WheelsRefused with pip's own words.
    """
    options = [part for platform in platforms(architecture) for part in ("--platform", platform)]
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    options += ["--python-version", version, "--implementation", "cp", "--only-binary", ":all:", "--require-hashes"]
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    command = [*pip, *options, "--no-deps", "--target", str(folder), "--requirement", str(requirements)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise WheelsRefused(done.stderr.strip())
    lighten(folder)


def platforms(architecture: str) -> list[str]:
    """The tags of the wheels that Lambda's Linux loads, the newest glibc first."""
    machine = {"x86_64": "x86_64", "arm64": "aarch64"}[architecture]
    newer = [f"manylinux_2_{minor}_{machine}" for minor in range(NEWEST_GLIBC, OLDEST_GLIBC - 1, -1)]
    return [*newer, f"manylinux2014_{machine}"]


def lighten(folder: Path) -> None:
    """Take out what never runs, and the descriptions of the AWS services that are not ours."""
    for pattern in NEVER_RUN:
        for path in list(folder.glob(pattern)):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    for described in (folder / "botocore" / "data").iterdir():
        if described.is_dir() and described.name not in SERVICES:
            shutil.rmtree(described)
