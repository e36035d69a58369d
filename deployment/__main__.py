"""`python -m deployment package`: builds the bundle and the template of a stage (`make package`)."""

import argparse
import sys
from pathlib import Path

from chalicelib.stage_settings import InvalidTownFile, load_town
from deployment.archive import sha256, unpacked_bytes
from deployment.bundle import ROOT, BuildRequest, ChaliceRefused, Package, build
from deployment.wheels import PythonRefused, WheelsRefused
from infrastructure.template import TOWN

ARCHITECTURES = ("x86_64", "arm64")
MAX_UNPACKED = 250 * 1024 * 1024
"""Lambda's limit of an unpacked package, in bytes (its quotas page)."""


def main() -> int:
    chosen = parse_arguments()
    try:
        load_town(chosen.town)
        print_package(build(build_request(chosen), progress=lambda text: print(f"· {text}", flush=True)))
    except (PythonRefused, WheelsRefused, ChaliceRefused, InvalidTownFile) as refusal:
        print(refusal, file=sys.stderr)
        return 1
    return 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m deployment", description=__doc__)
    verbs = parser.add_subparsers(required=True, metavar="VERB")
    package = verbs.add_parser("package", help="build the bundle and the template of a stage")
    package.add_argument("--stage", choices=("test", "prod"), default="prod")
    package.add_argument("--town", default=TOWN, help="the town's file under chalicelib/towns, without .toml")
    package.add_argument("--prefix", default="", help="what names begin with (portail-famille-STAGE)")
    package.add_argument("--architecture", choices=ARCHITECTURES, default=ARCHITECTURES[0])
    package.add_argument("--out", type=Path, default=ROOT / "build" / "package")
    return parser.parse_args()


def build_request(chosen: argparse.Namespace) -> BuildRequest:
    out = chosen.out / f"{chosen.stage}-{chosen.architecture}"
    return BuildRequest(chosen.stage, out, chosen.architecture, chosen.prefix, chosen.town)


def print_package(package: Package) -> None:
    zipped, unpacked = package.bundle.stat().st_size, unpacked_bytes(package.bundle)
    print(f"{package.bundle}  {zipped / 1e6:.1f} MB, {unpacked / 1e6:.1f} MB unpacked (of {MAX_UNPACKED / 1e6:.0f})")
    print(f"{package.template}  {package.template.stat().st_size / 1e3:.0f} kB")
    print(f"SHA-256 of the bundle: {sha256(package.bundle)}")


if __name__ == "__main__":
    sys.exit(main())
